import {
  type CallOptions,
  type CopiedBlob,
  copy,
  type ManifestDescriptor,
  type ScopeOptions,
  type Tag,
  type Target,
  type TransferListener,
} from '../oci/index.ts';
import { checkTag, confirmTag, expectationFor, type Packed, writingTag } from './protectedTag.ts';
import { defaultTagPolicy, type TagPolicy } from './tagPolicy.ts';

export type { Packed } from './protectedTag.ts';

/** How something packed is pushed under a tag. */
export interface PushUnderTagOptions extends ScopeOptions {
  /** Which tags may be moved; default floe's own rule. */
  readonly tagPolicy?: TagPolicy;
  readonly onEvent?: TransferListener;
}

/** What a push under a tag has come to. */
export interface TagPush {
  /** The place and the tag, for people. */
  readonly reference: string;
  readonly descriptor: ManifestDescriptor;
  /** `unchanged`: the tag already names this very manifest, and nothing was sent. */
  readonly outcome: 'pushed' | 'unchanged';
  /** What became of config and layers, in their order; none when unchanged. */
  readonly blobs: readonly CopiedBlob[];
}

/**
 * Copies an artifact to a target under a tag, whether that is called push, copy or mirror, and never moves a protected tag to
 * another manifest: it is looked at before, once more beside the last upload, written on the condition that it names
 * nothing, and read back after. What the tag names already but the target lacks is put there again.
 * @throws OciError TAG_IMMUTABLE when the tag is another manifest's; TAG_RACE when it was ours for a moment; what `copy` throws
 */
export async function pushUnderTag(
  target: Target,
  tag: Tag,
  packed: Packed,
  options: PushUnderTagOptions = {},
): Promise<TagPush> {
  const { store, descriptor } = packed;
  const { tagPolicy = defaultTagPolicy, ...how } = options;
  const result = { reference: `${target.name}:${tag}`, descriptor };
  const change = await checkTag(target, tag, packed, tagPolicy, how);
  if (change === 'unchanged' && (await isWhole(target, descriptor, how))) {
    return { ...result, outcome: 'unchanged', blobs: [] };
  }
  const lastLook = async (call: CallOptions): Promise<void> => {
    await checkTag(target, tag, packed, tagPolicy, call);
  };
  const guard = tagPolicy.isProtected(tag) ? { ...expectationFor(tag, tagPolicy), lastLook } : {};
  const { blobs, changed } = await writingTag(target, tag, packed, how, () =>
    copy(store, descriptor, target, { ...how, ...guard, tags: [tag] }),
  );
  await confirmTag(target, tag, descriptor, tagPolicy, how);
  if (change === 'unchanged' && !changed) return { ...result, outcome: 'unchanged', blobs: [] };
  return { ...result, outcome: 'pushed', blobs };
}

/** Whether the target has all of a manifest that one of its tags names, as far as it can be known without a request. */
async function isWhole(target: Target, descriptor: ManifestDescriptor, how: CallOptions): Promise<boolean> {
  switch (target.closure) {
    case 'enforced':
      return true;
    case 'checked':
      return target.exists(descriptor, how);
    case 'unchecked':
      return false;
  }
}
