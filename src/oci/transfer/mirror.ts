import type { TagLister } from '../content/store.ts';
import { isOciError, type OciError, throwIfAborted } from '../errors.ts';
import type { Tag } from '../spec/tag.ts';
import { limiter } from './limiter.ts';
import type { ScopeOptions } from './scope.ts';

/** Which tags are mirrored. */
export interface MirrorOptions extends ScopeOptions {
  /** Which tags; default all. */
  readonly filter?: (tag: Tag) => boolean;
}

/** What mirroring has come to, tag by tag. Not complete when `failed` is not empty. */
export interface MirrorResult<T> {
  /** What became of each tag that went well, in the order of the source. */
  readonly copied: readonly { readonly tag: Tag; readonly result: T }[];
  readonly failed: readonly { readonly tag: Tag; readonly error: OciError }[];
}

/** Tags on their way at a time. Each is many requests already; more only helps where artifacts are small. */
const TAGS_AT_A_TIME = 4;

/**
 * Does the same for every tag of a repository. A tag that fails is reported and keeps no other from being copied.
 * @throws OciError CANCELLED, after what is under way has ended; what listing the tags throws; errors that are not ours
 */
export async function mirror<T>(
  source: TagLister,
  copyTag: (tag: Tag) => Promise<T>,
  { filter = () => true, signal }: MirrorOptions = {},
): Promise<MirrorResult<T>> {
  const tags = (await Array.fromAsync(source.tags(signal ? { signal } : {}))).filter(filter);
  const limit = limiter(TAGS_AT_A_TIME);
  const results = await Promise.allSettled(
    tags.map((tag) =>
      limit(async () => {
        throwIfAborted(signal);
        return { tag, result: await copyTag(tag) };
      }),
    ),
  );
  throwIfAborted(signal);
  const copied: { tag: Tag; result: T }[] = [];
  const failed: { tag: Tag; error: OciError }[] = [];
  for (const [at, outcome] of results.entries()) {
    if (outcome.status === 'fulfilled') copied.push(outcome.value);
    else if (isOciError(outcome.reason)) failed.push({ tag: tags[at] as Tag, error: outcome.reason });
    else throw outcome.reason;
  }
  return { copied, failed };
}
