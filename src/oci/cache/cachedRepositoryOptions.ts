import type { ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import type { VerifiedContent } from '../spec/verifiedContent.ts';
import type { CacheKey } from './cacheKey.ts';

/**
 * When to ask the registry where a tag leads. Content is named by its digest, so it comes from the cache in any case.
 *
 *     cached    when the record has expired
 *     checked   always: what the registry says now decides
 *     offline   never, however old the record is
 */
export type CacheMode = 'cached' | 'checked' | 'offline';

/** What was looked for and where it was. */
export interface CacheLookup {
  /** `revalidated`: the registry was asked, and says that what the cache has is still right. */
  readonly outcome: 'hit' | 'revalidated' | 'miss';
  /** What was resolved; absent when content was read. */
  readonly reference?: Tag | Digest;
  /** Of what was found. */
  readonly digest: Digest;
  /** Milliseconds since the registry said where the reference leads. */
  readonly age?: number;
}

/**
 * Asked about every manifest that a reference leads to, from the registry or from the cache, before it is given to anybody;
 * what it throws refuses it. So a policy on signatures holds for hits, too: what was let in under another policy is not
 * served under this one.
 */
export type ManifestPolicy = (key: CacheKey, content: VerifiedContent<ManifestDescriptor>) => Promise<void> | void;

/** How one reader uses the cache. */
export interface CachedRepositoryOptions {
  /** Default `cached`. */
  readonly mode?: CacheMode;
  readonly onLookup?: (lookup: CacheLookup) => void;
  /** Default: everything is good. */
  readonly accept?: ManifestPolicy;
}
