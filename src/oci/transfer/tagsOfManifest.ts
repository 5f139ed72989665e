import type { ReadableStore, TagLister } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import { inScope, type ScopeOptions } from './scope.ts';

/**
 * The tags that name a manifest, in the store's order, found by resolving every tag there is: no store lists them.
 * A tag that is gone meanwhile, or whose manifest cannot be read as one, names another.
 * @throws OciError CANCELLED, and what the store throws
 */
export function tagsOfManifest(
  store: ReadableStore & TagLister,
  manifest: Digest,
  options: ScopeOptions = {},
): Promise<readonly Tag[]> {
  return inScope(options, async ({ signal, run, all }) => {
    const tags = await run(() => listed(store, signal));
    const named = await all(tags.map((tag) => run(() => names(store, tag, manifest, signal))));
    return tags.filter((_, at) => named[at]);
  });
}

/** Some registries know a repository by its tags, so that one without tags is not there. */
async function listed(store: TagLister, signal: AbortSignal): Promise<readonly Tag[]> {
  try {
    return await Array.fromAsync(store.tags({ signal }));
  } catch (error) {
    if (isOciError(error, 'NOT_FOUND')) return [];
    throw error;
  }
}

async function names(store: ReadableStore, tag: Tag, manifest: Digest, signal: AbortSignal): Promise<boolean> {
  try {
    return (await store.resolve(tag, { signal })).digest === manifest;
  } catch (error) {
    if (isOciError(error, 'NOT_FOUND') || isOciError(error, 'INVALID_MANIFEST')) return false;
    throw error;
  }
}
