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

/** How two artifacts differ, from the manifest down to the documents. */
export interface ArtifactDifferences extends ManifestDifferences {
  readonly left: Digest;
  readonly right: Digest;
  /** Whether the manifests are the same bytes, and so all that they name. */
  readonly isSame: boolean;
  /** Where the compiled-artifacts documents differ; null when one of the two has none that can be read. */
  readonly document: readonly JsonDifference[] | null;
}

/** Two artifacts, and of floe's the documents in them. */
export interface ComparedArtifacts {
  readonly left: ReadManifest;
  readonly right: ReadManifest;
  /** The parsed compiled-artifacts documents; undefined when one of the two has none that can be read. */
  readonly documents?: readonly [left: unknown, right: unknown];
}

/**
 * Reads two artifacts that are to be compared.
 * @throws OciError NOT_FOUND, INVALID_MANIFEST and what the stores throw
 */
export async function readCompared(
  left: Compared,
  right: Compared,
  options: CallOptions = {},
): Promise<ComparedArtifacts> {
  const read = async ({ store, reference }: Compared): Promise<ReadManifest> =>
    readManifest(store, await store.resolve(reference, options), options);
  const [mine, yours] = await both(read(left), read(right));
  const documents = await documentsOf(mine, yours, options);
  return { left: mine, right: yours, ...(documents && { documents }) };
}

/**
 * Compares two artifacts: what their manifests say, and of floe's the documents in them, value by value.
 * @throws OciError what `readCompared` throws
 */
export async function diffArtifacts(
  left: Compared,
  right: Compared,
  options: CallOptions = {},
): Promise<ArtifactDifferences> {
  const compared = await readCompared(left, right, options);
  const { documents, left: mine, right: yours } = compared;
  return {
    left: mine.descriptor.digest,
    right: yours.descriptor.digest,
    isSame: mine.descriptor.digest === yours.descriptor.digest,
    ...diffManifests(mine, yours),
    document: documents === undefined ? null : diffJson(...documents),
  };
}

async function documentsOf(
  left: ReadManifest,
  right: ReadManifest,
  options: CallOptions,
): Promise<ComparedArtifacts['documents']> {
  const layers = [left, right].map(({ manifest }) => compiledArtifactsLayer(manifest));
  if (layers.includes(undefined)) return undefined;
  if (layers[0]?.digest === layers[1]?.digest) {
    const document = await documentOf(left, options);
    return document === undefined ? undefined : [document, document];
  }
  const [mine, yours] = await both(documentOf(left, options), documentOf(right, options));
  return mine === undefined || yours === undefined ? undefined : [mine, yours];
}

/** Waits for both, however the first one ends: nothing outlives the call. */
async function both<T>(left: Promise<T>, right: Promise<T>): Promise<readonly [T, T]> {
  await Promise.allSettled([left, right]);
  return [await left, await right];
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
