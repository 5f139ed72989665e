import {
  type CallOptions,
  type Digest,
  hasSameContent,
  isDigest,
  isOciError,
  type Manifest,
  type ManifestDescriptor,
  OciError,
  parseManifest,
  type ReadableStore,
  readVerified,
  type Tag,
  type TagOptions,
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
  throw await tagImmutable(`${target.name}:${tag}`, packed, target, existing, options);
}

/**
 * What writing a tag has to be told, so that a protected one is not taken from whoever was first: it is expected to name
 * nothing. That it names the manifest already is good as well.
 */
export function expectationFor(tag: Tag, tagPolicy: TagPolicy): Pick<TagOptions, 'expected'> {
  return tagPolicy.isProtected(tag) ? { expected: 'absent' } : {};
}

/**
 * Writes a protected tag. Whoever finds out in doing so that somebody else was first has not moved it.
 * @throws OciError TAG_IMMUTABLE instead of the TAG_RACE that `write` throws; what else it throws
 */
export async function writingTag<T>(
  target: ReadableStore,
  tag: Tag,
  packed: Packed,
  options: CallOptions,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isOciError(error, 'TAG_RACE') || !isDigest(error.details.actual)) throw error;
    const { actual } = error.details;
    const existing = await target.resolve(actual, options).catch(unlessCancelled);
    throw await tagImmutable(`${target.name}:${tag}`, packed, target, existing ?? { digest: actual }, options);
  }
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
  target: ReadableStore,
  existing: ManifestDescriptor | { readonly digest: Digest },
  options: CallOptions,
): Promise<OciError<'TAG_IMMUTABLE'>> {
  const manifestIn = async ({ store, descriptor }: Packed): Promise<Manifest> =>
    parseManifest(await readVerified(store, descriptor, options));
  const manifest = await manifestIn(ours);
  const theirs =
    'mediaType' in existing
      ? await manifestIn({ store: target, descriptor: existing }).catch(unlessCancelled)
      : undefined;
  return new OciError('TAG_IMMUTABLE', `${reference} is protected and names ${existing.digest}`, {
    reference,
    existing: existing.digest,
    pushed: ours.descriptor.digest,
    onlyAnnotationsDiffer: theirs !== undefined && hasSameContent(manifest, theirs),
  });
}

/** A repository that does not exist yet has no tags either. */
function unlessNotFound(error: unknown): undefined {
  if (!isOciError(error, 'NOT_FOUND')) throw error;
}

/** What the tag names may be unreadable; it is protected all the same. */
function unlessCancelled(error: unknown): undefined {
  if (isOciError(error, 'CANCELLED')) throw error;
}
