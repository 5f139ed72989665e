import {
  type CopiedBlob,
  copy,
  type ManifestDescriptor,
  type ScopeOptions,
  type Tag,
  type Target,
  type TransferListener,
} from '../oci/index.ts';
import { checkTag, confirmTag, type Packed } from './protectedTag.ts';
import { defaultTagPolicy, type TagPolicy } from './tagPolicy.ts';

export type { Packed } from './protectedTag.ts';

export interface PushUnderTagOptions extends ScopeOptions {
  /** Which tags may be moved; default floe's own rule. */
  readonly tagPolicy?: TagPolicy;
  readonly onEvent?: TransferListener;
}

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
 * another manifest: it is looked at before, and read back after.
 * @throws OciError TAG_IMMUTABLE, TAG_RACE, and what `copy` throws
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
  if (change === 'unchanged') return { ...result, outcome: 'unchanged', blobs: [] };
  const { blobs } = await copy(store, descriptor.digest, target, { ...how, tags: [tag] });
  await confirmTag(target, tag, descriptor, tagPolicy, how);
  return { ...result, outcome: 'pushed', blobs };
}
