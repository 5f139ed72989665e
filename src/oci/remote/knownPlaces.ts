import { LRUCache } from 'lru-cache';
import type { Digest } from '../spec/digest.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';

/** Blobs remembered: more than any image has, and some 100 bytes each. */
const MAX_BLOBS = 10_000;

/**
 * Which repository of one registry was last seen to have a blob: another one can mount it from there. What it says is a
 * guess, for blobs come and go; a mount that fails costs nothing.
 */
export class KnownPlaces {
  readonly #places = new LRUCache<Digest, RepositoryName>({ max: MAX_BLOBS });

  remember(digest: Digest, repository: RepositoryName): void {
    this.#places.set(digest, repository);
  }

  /** A repository other than this one. */
  find(digest: Digest, besides: RepositoryName): RepositoryName | undefined {
    const place = this.#places.get(digest);
    return place === besides ? undefined : place;
  }

  forget(digest: Digest, repository: RepositoryName): void {
    if (this.#places.peek(digest) === repository) this.#places.delete(digest);
  }
}
