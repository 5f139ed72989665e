import type { CallOptions } from '../content/store.ts';
import { bytesOf, MAX_MANIFEST_SIZE } from '../content/verify.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { MediaType } from '../spec/mediaTypes.ts';
import type { Blobs } from './blobs.ts';
import { manifestMediaTypeOf } from './manifestMediaType.ts';

/**
 * Finds out what a manifest is that is not listed: part of an index, or left by an interrupted writer. Undefined when there
 * is nothing of this digest, or no manifest.
 * @throws OciError DIGEST_MISMATCH, INVALID_LAYOUT, FILE_NOT_READABLE, CANCELLED
 */
export async function identifyManifest(
  blobs: Blobs,
  digest: Digest,
  options: CallOptions,
): Promise<ManifestDescriptor | undefined> {
  const size = await blobs.sizeOf(digest);
  if (size === undefined || size > MAX_MANIFEST_SIZE) return undefined;
  const bytes = await bytesOf(blobs.read({ mediaType: MediaType.imageManifest, digest, size }, options));
  const mediaType = manifestMediaTypeOf(bytes);
  return mediaType && { mediaType, digest, size };
}
