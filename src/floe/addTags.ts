import type { ManifestDescriptor, ScopeOptions, Tag, Target } from '../oci/index.ts';
import { checkTag, confirmTag, expectationFor, type TagChange, writingTag } from './protectedTag.ts';
import { defaultTagPolicy, type TagPolicy } from './tagPolicy.ts';

/** How tags are added. */
export interface AddTagsOptions extends ScopeOptions {
  /** Which tags may be moved; default floe's own rule. */
  readonly tagPolicy?: TagPolicy;
}

/** A tag, and what has become of it. */
export interface AddedTag {
  readonly tag: Tag;
  readonly outcome: TagChange;
}

/**
 * Makes tags name a manifest that the target has. All are looked at before the first is written, so that a protected one
 * keeps the others from being moved.
 * @throws OciError TAG_IMMUTABLE, TAG_RACE, NOT_FOUND and what the target throws
 */
export async function addTags(
  target: Target,
  descriptor: ManifestDescriptor,
  tags: readonly Tag[],
  { tagPolicy = defaultTagPolicy, signal }: AddTagsOptions = {},
): Promise<readonly AddedTag[]> {
  const call = signal ? { signal } : {};
  const packed = { store: target, descriptor };
  const added: AddedTag[] = [];
  for (const tag of new Set(tags)) added.push({ tag, outcome: await checkTag(target, tag, packed, tagPolicy, call) });
  for (const { tag, outcome } of added) {
    if (outcome === 'unchanged') continue;
    const how = { ...call, ...expectationFor(tag, tagPolicy) };
    await writingTag(target, tag, packed, call, () => target.tag(descriptor, tag, how));
    await confirmTag(target, tag, descriptor, tagPolicy, call);
  }
  return added;
}
