import {
  type CopiedBlob,
  type CopiedReferrer,
  copy,
  copyReferrers,
  type ManifestDescriptor,
  type ReadableStore,
  type ReferrerLister,
  type Tag,
  type Target,
} from '../oci/index.ts';
import { type PushUnderTagOptions, pushUnderTag } from './pushUnderTag.ts';

/** How an artifact is copied. */
export interface CopyArtifactOptions extends PushUnderTagOptions {
  /** What it is to be called; default: nothing, it is known by its digest. */
  readonly tag?: Tag;
  /** Whether to take along what refers to it; default false. */
  readonly referrers?: boolean;
}

/** What the copy of an artifact has come to. */
export interface CopiedArtifact {
  readonly descriptor: ManifestDescriptor;
  /** `unchanged`: it was there, under the tag if one was given. */
  readonly outcome: 'copied' | 'unchanged';
  /** Configs and layers in graph order; none of what the destination was known to have. */
  readonly blobs: readonly CopiedBlob[];
  /** Also of an artifact that is unchanged: new ones come by themselves. */
  readonly referrers: readonly CopiedReferrer[];
}

/**
 * Copies an artifact from one store to another, and never moves a protected tag to another manifest.
 * @throws OciError what `pushUnderTag` and `copyReferrers` throw
 */
export async function copyArtifact(
  source: ReadableStore & ReferrerLister,
  descriptor: ManifestDescriptor,
  destination: Target & ReferrerLister,
  { tag, referrers = false, ...options }: CopyArtifactOptions = {},
): Promise<CopiedArtifact> {
  const { blobs, isUnchanged } = await copyUnder(tag, source, descriptor, destination, options);
  return {
    descriptor,
    outcome: isUnchanged ? 'unchanged' : 'copied',
    blobs,
    referrers: referrers ? await copyReferrers(source, descriptor, destination, options) : [],
  };
}

async function copyUnder(
  tag: Tag | undefined,
  source: ReadableStore,
  descriptor: ManifestDescriptor,
  destination: Target,
  options: PushUnderTagOptions,
): Promise<{ readonly blobs: readonly CopiedBlob[]; readonly isUnchanged: boolean }> {
  if (tag === undefined) {
    const { blobs, changed } = await copy(source, descriptor, destination, options);
    return { blobs, isUnchanged: !changed };
  }
  const { blobs, outcome } = await pushUnderTag(destination, tag, { store: source, descriptor }, options);
  return { blobs, isUnchanged: outcome === 'unchanged' };
}
