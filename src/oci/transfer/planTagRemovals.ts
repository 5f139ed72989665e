import type { ReadableStore, ReferrerLister, TagLister } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import type { Tag } from '../spec/tag.ts';
import type { ManifestRemoval } from './planRemoval.ts';
import { inScope, type ScopeOptions } from './scope.ts';

/** The removal of a manifest because its tags are to go. */
export interface TagsRemoval extends ManifestRemoval {
  /** Those of its tags that nobody wants to go. */
  readonly others: readonly Tag[];
}

/**
 * Finds out which manifests go when tags can only go together with what they name, and what else would go with these:
 * every tag of the store is resolved once. Tags that are gone meanwhile are left out.
 * @throws OciError CANCELLED, and what the store throws
 */
export function planTagRemovals(
  store: ReadableStore & TagLister & ReferrerLister,
  wanted: readonly Tag[],
  options: ScopeOptions = {},
): Promise<readonly TagsRemoval[]> {
  return inScope(options, async ({ signal, run, all }) => {
    const tags = new Set([...(await run(() => Array.fromAsync(store.tags({ signal })))), ...wanted]);
    const resolve = async (tag: Tag): Promise<readonly [Tag, ManifestDescriptor] | undefined> => {
      try {
        return [tag, await store.resolve(tag, { signal })];
      } catch (error) {
        if (isOciError(error, 'NOT_FOUND') || isOciError(error, 'INVALID_MANIFEST')) return undefined;
        throw error;
      }
    };
    const resolved = await all([...tags].map((tag) => run(() => resolve(tag))));
    const named = resolved.filter((entry) => entry !== undefined);
    const byDigest = [...Map.groupBy(named, ([, { digest }]) => digest).values()];
    const going = byDigest.filter((entries) => entries.some(([tag]) => wanted.includes(tag)));
    const plan = async ([first, ...rest]: typeof named): Promise<readonly TagsRemoval[]> => {
      if (first === undefined) return [];
      const [, descriptor] = first;
      const names = [first, ...rest].map(([tag]) => tag);
      const referrers = await run(() => Array.fromAsync(store.referrers(descriptor.digest, { signal })));
      return [{ descriptor, tags: names, others: names.filter((tag) => !wanted.includes(tag)), referrers }];
    };
    return (await all(going.map(plan))).flat();
  });
}
