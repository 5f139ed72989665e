import {
  type CallOptions,
  type Digest,
  type Manifest,
  type ManifestDescriptor,
  parseManifest,
  type ReadableStore,
  readVerified,
  type Tag,
} from '../oci/index.ts';

/** A manifest, with the bytes that are its truth. */
export interface ReadManifest {
  readonly descriptor: ManifestDescriptor;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
}

/**
 * What a tag or digest names, verified and parsed: two requests.
 * @throws OciError NOT_FOUND, INVALID_MANIFEST, DIGEST_MISMATCH, SIZE_MISMATCH, LIMIT_EXCEEDED
 */
export async function readManifest(
  store: ReadableStore,
  reference: Tag | Digest,
  options: CallOptions = {},
): Promise<ReadManifest> {
  const descriptor = await store.resolve(reference, options);
  const content = await readVerified(store, descriptor, options);
  return { descriptor, bytes: content.bytes, manifest: parseManifest(content) };
}
