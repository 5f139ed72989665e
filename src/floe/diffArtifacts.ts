import {
  type CallOptions,
  type Digest,
  diffManifests,
  isOciError,
  type ManifestDifferences,
  type ReadableStore,
  type ReadManifest,
  readManifest,
  readVerified,
  type Tag,
} from '../oci/index.ts';
import { compiledArtifactsLayer } from './artifact.ts';
import { diffJson, type JsonDifference } from './diffDocuments.ts';
import { MAX_DOCUMENT_SIZE, parseJsonDocument } from './jsonDocument.ts';

/** Something in a store, by tag or digest. */
export interface Compared {
  readonly store: ReadableStore;
  readonly reference: Tag | Digest;
}

export interface ArtifactDifferences extends ManifestDifferences {
  readonly left: Digest;
  readonly right: Digest;
  /** Whether the manifests are the same bytes, and so all that they name. */
  readonly isSame: boolean;
  /** Where the compiled-artifacts documents differ; null when one of the two has none that can be read. */
  readonly document: readonly JsonDifference[] | null;
}

/**
 * Compares two artifacts: what their manifests say, and of floe's the documents in them, value by value.
 * @throws OciError NOT_FOUND, INVALID_MANIFEST and what the stores throw
 */
export async function diffArtifacts(
  left: Compared,
  right: Compared,
  options: CallOptions = {},
): Promise<ArtifactDifferences> {
  const read = async ({ store, reference }: Compared): Promise<ReadManifest> =>
    readManifest(store, await store.resolve(reference, options), options);
  const sides = await Promise.allSettled([read(left), read(right)]);
  const [mine, yours] = sides.map((side) => {
    if (side.status === 'rejected') throw side.reason;
    return side.value;
  }) as [ReadManifest, ReadManifest];
  const isSame = mine.descriptor.digest === yours.descriptor.digest;
  return {
    left: mine.descriptor.digest,
    right: yours.descriptor.digest,
    isSame,
    ...diffManifests(mine, yours),
    document: await diffDocumentsOf(mine, yours, options),
  };
}

async function diffDocumentsOf(
  left: ReadManifest,
  right: ReadManifest,
  options: CallOptions,
): Promise<readonly JsonDifference[] | null> {
  const layers = [left, right].map(({ manifest }) => compiledArtifactsLayer(manifest));
  if (layers.includes(undefined)) return null;
  if (layers[0]?.digest === layers[1]?.digest) return [];
  const documents = await Promise.all([left, right].map((side) => documentOf(side, options)));
  if (documents.includes(undefined)) return null;
  return diffJson(documents[0], documents[1]);
}

/** The parsed document; undefined for what is no JSON, or too large to be one: its layer then differs as a whole. */
async function documentOf({ store, manifest }: ReadManifest, options: CallOptions): Promise<unknown> {
  const layer = compiledArtifactsLayer(manifest);
  if (layer === undefined || layer.size > MAX_DOCUMENT_SIZE) return undefined;
  const { bytes } = await readVerified(store, layer, { ...options, maxSize: MAX_DOCUMENT_SIZE });
  try {
    return parseJsonDocument({ file: layer.digest, bytes }).value;
  } catch (error) {
    if (isOciError(error, 'INVALID_DOCUMENT')) return undefined;
    throw error;
  }
}
