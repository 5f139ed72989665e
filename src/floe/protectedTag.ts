import {
  type CallOptions,
  edgesOf,
  isOciError,
  type Manifest,
  type ManifestDescriptor,
  OciError,
  parseManifest,
  type ReadableStore,
  readVerified,
  type Tag,
} from '../oci/index.ts';
import type { TagPolicy } from './tagPolicy.ts';

/** An artifact that is ready to be pushed: its digest is known, its content is read when it is sent. */
export interface Packed {
  readonly store: ReadableStore;
  readonly descriptor: ManifestDescriptor;
}

/** What naming a manifest by a tag would do to the tag. */
export type TagChange = 'added' | 'moved' | 'unchanged';

/**
 * Looks at a tag before it is made to name a manifest.
 * @throws OciError TAG_IMMUTABLE when it names another one and is protected; what the target throws
 */
export async function checkTag(
  target: ReadableStore,
  tag: Tag,
  packed: Packed,
  tagPolicy: TagPolicy,
  options: CallOptions = {},
): Promise<TagChange> {
  const existing = await target.resolve(tag, options).catch(unlessNotFound);
  if (existing === undefined) return 'added';
  if (existing.digest === packed.descriptor.digest) return 'unchanged';
  if (!tagPolicy.isProtected(tag)) return 'moved';
  throw await tagImmutable(`${target.name}:${tag}`, packed, { store: target, descriptor: existing }, options);
}

/**
 * Reads a protected tag back after it was written: two who write it at the very same moment may both succeed, and whoever
 * then does not find its own manifest under the tag is told.
 * @throws OciError TAG_RACE; what the target throws
 */
export async function confirmTag(
  target: ReadableStore,
  tag: Tag,
  { digest: expected }: ManifestDescriptor,
  tagPolicy: TagPolicy,
  options: CallOptions = {},
): Promise<void> {
  if (!tagPolicy.isProtected(tag)) return;
  const { digest: actual } = await target.resolve(tag, options);
  if (actual === expected) return;
  const reference = `${target.name}:${tag}`;
  throw new OciError('TAG_RACE', `${reference} names ${actual} right after ${expected} was pushed`, {
    reference,
    expected,
    actual,
  });
}

async function tagImmutable(
  reference: string,
  ours: Packed,
  theirs: Packed,
  options: CallOptions,
): Promise<OciError<'TAG_IMMUTABLE'>> {
  const contentIn = async ({ store, descriptor }: Packed): Promise<string> =>
    contentOf(parseManifest(await readVerified(store, descriptor, options)));
  const content = await contentIn(ours);
  return new OciError('TAG_IMMUTABLE', `${reference} is protected and names ${theirs.descriptor.digest}`, {
    reference,
    existing: theirs.descriptor.digest,
    pushed: ours.descriptor.digest,
    onlyAnnotationsDiffer: (await contentIn(theirs).catch(unlessCancelled)) === content,
  });
}

/** What an artifact is made of, apart from annotations, in a form that can be compared. */
function contentOf(manifest: Manifest): string {
  const blobs = edgesOf(manifest).map(({ kind, descriptor }) => `${kind} ${descriptor.mediaType} ${descriptor.digest}`);
  return [manifest.artifactType, ...blobs].join('\n');
}

/** A repository that does not exist yet has no tags either. */
function unlessNotFound(error: unknown): undefined {
  if (!isOciError(error, 'NOT_FOUND')) throw error;
}

/** What the tag names may be unreadable; it is protected all the same. */
function unlessCancelled(error: unknown): undefined {
  if (isOciError(error, 'CANCELLED')) throw error;
}
