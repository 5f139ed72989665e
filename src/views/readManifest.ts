import {
  type CallOptions,
  type Digest,
  type ReadableStore,
  type ReadManifest,
  readManifest as readManifestAt,
  type Tag,
} from '../oci/index.ts';

export type { ReadManifest } from '../oci/index.ts';

/**
 * What a tag or digest names, verified and parsed: two requests.
 * @throws OciError NOT_FOUND, INVALID_MANIFEST, DIGEST_MISMATCH, SIZE_MISMATCH, LIMIT_EXCEEDED
 */
export async function readManifest(
  store: ReadableStore,
  reference: Tag | Digest,
  options: CallOptions = {},
): Promise<ReadManifest> {
  return readManifestAt(store, await store.resolve(reference, options), options);
}
