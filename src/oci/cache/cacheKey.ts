import { type Digest, digestOf, encodedOf, isDigest } from '../spec/digest.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';

/** A repository of a registry, to which what is cached belongs. */
export interface CachePlace {
  /** `host[:port]`, as in a parsed reference. */
  readonly registry: string;
  readonly repository: RepositoryName;
}

/** What a record is about: one tag, or one digest, of one repository. */
export interface CacheKey extends CachePlace {
  readonly reference: Tag | Digest;
}

/**
 * The reference in one piece, as messages and `index.json` name it: `ghcr.io/acme/app:1.2.0`.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
export function nameOf({ registry, repository, reference }: CacheKey): string {
  return `${registry}/${repository}${isDigest(reference) ? '@' : ':'}${reference}`;
}

/** A file name of one length on every platform, whatever the name has in it. */
export function fileNameOf(name: string): string {
  return `${encodedOf(digestOf(name))}.json`;
}
