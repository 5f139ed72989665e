import { isOciError, isRepositoryName, isTag, type RepositoryName, type Tag } from '../../oci/index.ts';
import type { Address, Place } from '../places.ts';
import { Pager } from '../tree/pager.ts';

/** Repositories of a registry; a page of most. */
const PAGE = 100;
/** Tags of the repository whose name was typed out; more are in the tree. */
const MAX_TAGS = 20;

/** A repository that a search has found. */
export interface FoundRepository {
  readonly place: Place;
  readonly repository: RepositoryName;
}

interface Source {
  readonly place: Place;
  readonly pager: Pager<RepositoryName>;
  error?: unknown;
}

/** The repositories of several places, page by page. A place that lists none does not keep the others from being searched. */
export class RepositorySearch {
  readonly #sources: readonly Source[];
  readonly #signal: AbortSignal;

  constructor(places: readonly Place[], signal: AbortSignal) {
    this.#signal = signal;
    this.#sources = places.map((place) => ({ place, pager: new Pager(place.repositories({ signal })) }));
  }

  /** As far as they are known; those that were added by name first. */
  get found(): readonly FoundRepository[] {
    return this.#sources.flatMap(({ place, pager }) =>
      [...new Set([...place.pinned, ...pager.items])].map((repository) => ({ place, repository })),
    );
  }

  get hasMore(): boolean {
    return this.#sources.some(({ pager, error }) => error === undefined && pager.hasMore);
  }

  /** Places that do not list what they hold, and why. */
  get failed(): readonly { readonly place: Place; readonly error: unknown }[] {
    return this.#sources.flatMap(({ place, error }) => (error === undefined ? [] : [{ place, error }]));
  }

  /** Reads one more page of each place. @throws OciError CANCELLED */
  async readMore(): Promise<void> {
    await Promise.all(
      this.#sources.map(async (source) => {
        if (source.error !== undefined) return;
        try {
          await source.pager.take(PAGE);
        } catch (error) {
          if (isOciError(error, 'CANCELLED')) throw error;
          source.error = error;
        }
      }),
    );
  }

  /** The first tags of the repositories whose name was typed out, with the tag or its beginning after a colon. */
  async tagsOf(text: string): Promise<readonly (Address & { readonly tag: Tag })[]> {
    const { name, start } = parts(text);
    const exact = this.found.filter(({ repository }) => repository === name);
    const lists = exact.map(async ({ place, repository }) => {
      try {
        const reader = await place.reader(repository, { signal: this.#signal });
        return await firstTags(reader.tags({ signal: this.#signal }), start, (tag) => ({ place, repository, tag }));
      } catch {
        // Its row in the tree says why.
        return [];
      }
    });
    return (await Promise.all(lists)).flat();
  }

  /** Where a name that no list has may be: in the places that do not tell. */
  candidates(text: string): readonly (FoundRepository & { readonly tag?: Tag })[] {
    const { name, start } = parts(text);
    if (!isRepositoryName(name) || this.found.some(({ repository }) => repository === name)) return [];
    const unlisted = this.#sources.filter(({ pager, error }) => error !== undefined || pager.hasMore);
    return unlisted.map(({ place }) => ({ place, repository: name, ...(isTag(start) && { tag: start }) }));
  }
}

function parts(text: string): { readonly name: string; readonly start: string } {
  const [name = '', start = ''] = text.trim().split(':', 2);
  return { name, start };
}

async function firstTags<T>(tags: AsyncIterable<Tag>, start: string, make: (tag: Tag) => T): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const tag of tags) {
    if (tag.startsWith(start)) found.push(make(tag));
    if (found.length === MAX_TAGS) break;
  }
  return found;
}
