import type { CacheLookup, Tag } from '../oci/index.ts';
import { isDigest } from '../oci/index.ts';
import { ago, asItWas } from './ago.ts';

/** What a command looked for in the cache, and how it went. */
export class CacheUse {
  #lookups = 0;
  #misses = 0;
  readonly #ages = new Map<string, number>();

  /** Takes a lookup in the place of that name. */
  note(place: string, { outcome, reference, age }: CacheLookup): void {
    this.#lookups += 1;
    if (outcome === 'miss') this.#misses += 1;
    if (isTag(reference) && age !== undefined) this.#ages.set(`${place}:${reference}`, age);
  }

  /** Whether anything was looked for. */
  get isUsed(): boolean {
    return this.#lookups > 0;
  }

  /** Where the content came from: the cache, when no part of it had to be fetched. */
  get source(): 'cache' | 'registry' {
    return this.#lookups > 0 && this.#misses === 0 ? 'cache' : 'registry';
  }

  /** Milliseconds since a registry was last asked about the tag that was not asked about for longest. */
  get oldest(): number | undefined {
    return this.#ages.size === 0 ? undefined : Math.max(...this.#ages.values());
  }

  /** That age as a sentence; what a digest leads to has none. */
  get ageText(): string | undefined {
    const { oldest } = this;
    if (oldest === undefined) return undefined;
    const [name, another] = this.#ages.keys();
    return another === undefined
      ? asItWas(`${name}`, oldest)
      : `${this.#ages.size} tags are as they were ${ago(oldest)} or later`;
  }
}

function isTag(reference: CacheLookup['reference']): reference is Tag {
  return reference !== undefined && !isDigest(reference);
}
