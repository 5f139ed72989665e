import type { ReadableStore, ReferrerLister, TagLister } from '../content/store.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import type { ScopeOptions } from './scope.ts';
import { tagsOfManifest } from './tagsOfManifest.ts';

/** What the removal of a manifest means; nothing has been removed yet. */
export interface ManifestRemoval {
  readonly descriptor: ManifestDescriptor;
  /** All tags that name it, and go with it. */
  readonly tags: readonly Tag[];
  /** What refers to it, and stays. */
  readonly referrers: readonly ManifestDescriptor[];
}

/**
 * Finds out what goes when a manifest is removed, and what then refers to nothing, so that it can be said before.
 * @throws OciError NOT_FOUND, and what the store throws
 */
export async function planRemoval(
  store: ReadableStore & TagLister & ReferrerLister,
  reference: Tag | Digest,
  options: ScopeOptions = {},
): Promise<ManifestRemoval> {
  const { signal } = options;
  const call = signal ? { signal } : {};
  const descriptor = await store.resolve(reference, call);
  const tags = await tagsOfManifest(store, descriptor.digest, options);
  const referrers = await Array.fromAsync(store.referrers(descriptor.digest, call));
  return { descriptor, tags, referrers };
}
