import {
  isOciError,
  parseRegistryReference,
  parseRepositoryName,
  parseTag,
  type RegistryReference,
  type RepositoryName,
  type Tag,
} from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { describeError, explain } from '../describeError.ts';
import type { Address, Place } from '../places.ts';
import { Pager } from '../tree/pager.ts';
import { type Choice, pickOrType } from './pickOrType.ts';

/** More are found by typing. */
const LISTED = 200;

/** An address of which more than the place may be known. */
export type PartialAddress = Partial<Address> & { readonly place: Place };

/** Asks for a place, or for all at once: a typed reference names repository and tag too. */
export async function askPlace(title: string, book: AddressBook): Promise<PartialAddress | undefined> {
  const answer = await pickOrType<Place | RegistryReference | 'connect'>({
    title,
    placeholder: 'Choose where, or type a reference such as oci://ghcr.io/team/product:1.2.0',
    choices: async () => [
      ...book.places().map((place) => ({
        label: place.label,
        ...(place.kind === 'local' ? { description: 'on this machine, no server needed' } : {}),
        value: place,
      })),
      { label: '$(plug) Connect a Registry…', value: 'connect', alwaysShow: true },
    ],
    typed: meaning((text) => ({ label: text, description: 'this reference', value: parseRegistryReference(text) })),
  });
  if (answer === undefined) return undefined;
  if (answer === 'connect') return asAddress(await book.connect());
  if ('id' in answer) return asAddress(answer);
  const { registry, repository, tag, digest } = answer;
  const place = await book.placeOfRegistry(registry);
  return (
    place && { place, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
  );
}

function asAddress(place: Place | undefined): PartialAddress | undefined {
  return place && { place };
}

/** Asks for a repository; `proposed` comes first. */
export async function askRepository(
  title: string,
  place: Place,
  proposed?: RepositoryName,
): Promise<RepositoryName | undefined> {
  return await pickOrType<RepositoryName>({
    title,
    placeholder: 'Choose a repository, or type its name, such as team/product',
    choices: async () => {
      const listed = await firstOf(place.repositories()).catch(() => []);
      const names = [...new Set([...place.pinned, ...listed])].sort();
      const known = names.map((name) => ({ label: name, value: name }));
      if (proposed === undefined || names.includes(proposed)) return first(known, proposed);
      return [{ label: proposed, description: 'new', value: proposed }, ...known];
    },
    typed: meaning((text) => ({ label: text, description: 'this name', value: parseRepositoryName(text) })),
  });
}

/** Asks for a tag that exists; or, with `proposed`, for one that may be new. */
export async function askTag(
  title: string,
  place: Place,
  repository: RepositoryName,
  proposed?: Tag,
): Promise<Tag | undefined> {
  return await pickOrType<Tag>({
    title,
    placeholder: proposed === undefined ? 'Choose a tag, or type it' : 'Type a tag, or choose one that exists',
    choices: async () => {
      // A repository that is not there yet has no tags.
      const tags = await tagsOf(place, repository).catch(() => []);
      const listed = tags.map((tag) => ({ label: tag, value: tag }));
      if (proposed === undefined || listed.some(({ value }) => value === proposed)) return first(listed, proposed);
      return [{ label: proposed, description: 'new', value: proposed }, ...listed];
    },
    typed: meaning((text) => ({ label: text, description: 'this tag', value: parseTag(text) })),
  });
}

/** Asks for what is missing of an address of content that exists. */
export async function askAddress(
  title: string,
  book: AddressBook,
  known?: Partial<Address>,
): Promise<Address | undefined> {
  const start = known?.place === undefined ? await askPlace(title, book) : { ...known, place: known.place };
  if (start === undefined) return undefined;
  const repository = start.repository ?? (await askRepository(title, start.place));
  if (repository === undefined) return undefined;
  if (start.tag !== undefined || start.digest !== undefined) return { ...start, repository };
  const tag = await askTag(title, start.place, repository);
  return tag && { place: start.place, repository, tag };
}

function first<T>(choices: readonly Choice<T>[], proposed: T | undefined): readonly Choice<T>[] {
  return [...choices].sort((one, other) => Number(other.value === proposed) - Number(one.value === proposed));
}

async function tagsOf(place: Place, repository: RepositoryName): Promise<readonly Tag[]> {
  return await firstOf((await place.open(repository)).tags());
}

async function firstOf<T>(listing: AsyncIterable<T>): Promise<readonly T[]> {
  const pager = new Pager(listing);
  await pager.take(LISTED);
  return pager.items;
}

/** A parser's error becomes the reason why typed text stands for nothing. */
function meaning<T>(parse: (text: string) => Choice<T> | string): (text: string) => Choice<T> | string {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (isOciError(error)) return explain(describeError(error));
      throw error;
    }
  };
}
