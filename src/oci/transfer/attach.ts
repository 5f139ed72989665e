import { SourceStore } from '../content/sourceStore.ts';
import type { ReferrerLister, Target } from '../content/store.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import { type CopiedBlob, copy } from './copy.ts';
import { ensureListed } from './ensureListed.ts';
import type { TransferListener } from './events.ts';
import { type ArtifactParts, packArtifact } from './packArtifact.ts';
import type { ScopeOptions } from './scope.ts';

/** How an artifact is attached. */
export interface AttachOptions extends ScopeOptions {
  readonly onEvent?: TransferListener;
}

/** What attaching has come to. */
export interface Attached {
  readonly descriptor: ManifestDescriptor;
  /** `unchanged`: the very same was attached before. */
  readonly outcome: 'pushed' | 'unchanged';
  /** What became of config and layers, in their order; none when unchanged. */
  readonly blobs: readonly CopiedBlob[];
}

/**
 * Writes an artifact that is about another one in the same store. It has no tag: it is found as a referrer of its subject,
 * and is so afterwards even when whoever attached it before was interrupted.
 * @throws OciError what `packArtifact` and `copy` throw, and UNSUPPORTED or WRONG_ARTIFACT_TYPE where it cannot be listed
 */
export async function attach(
  target: Target & ReferrerLister,
  subject: ManifestDescriptor,
  parts: Omit<ArtifactParts, 'subject'>,
  options: AttachOptions = {},
): Promise<Attached> {
  const { signal } = options;
  const call = signal ? { signal } : {};
  const store = new SourceStore('files');
  const descriptor = await packArtifact(store, { ...parts, subject }, call);
  const { outcome, blobs } = await copy(store, descriptor, target, options);
  if (outcome === 'existed') await ensureListed(target, descriptor, subject.digest, call);
  return { descriptor, outcome: outcome === 'existed' ? 'unchanged' : 'pushed', blobs };
}
