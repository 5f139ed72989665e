import {
  artifactTypeOf,
  type CallOptions,
  type Descriptor,
  type Digest,
  type DocumentProblem,
  isOciError,
  type ManifestDescriptor,
  OciError,
  parseManifest,
  type ReadableStore,
  readVerified,
  type Tag,
  type TransferListener,
  writeFileFrom,
} from '../oci/index.ts';
import { compiledArtifactsLayer, type Product, productOf } from './artifact.ts';
import { parseCompiledArtifacts } from './compiledArtifacts.ts';
import { referenceIn } from './inspectArtifact.ts';
import { MAX_DOCUMENT_SIZE } from './jsonDocument.ts';
import { COMPILED_ARTIFACTS_TYPE } from './mediaTypes.ts';
import type { CheckSignature } from './signatureGate.ts';
import { tee } from './tee.ts';

/** The document of an artifact, found and not yet read. */
export interface FoundDocument {
  /** The place with tag or digest, for people. */
  readonly reference: string;
  readonly descriptor: ManifestDescriptor;
  /** The layer whose exact bytes are the document; read it from the store. */
  readonly document: Descriptor;
  /** What it was compiled from; null when the manifest does not say. */
  readonly product: Product | null;
}

/** How the document of an artifact is found. */
export interface FindOptions extends CallOptions {
  /** Asked before anything in the artifact is looked at; throws where it must not be used. */
  readonly check?: CheckSignature;
}

/**
 * Finds the compiled-artifacts document behind a tag or digest, in our form and in that of floe's Python client.
 * @throws OciError NOT_FOUND, WRONG_ARTIFACT_TYPE when there is no such document in it, what the check and the store throw
 */
export async function findDocument(
  source: ReadableStore,
  reference: Tag | Digest,
  { check, ...options }: FindOptions = {},
): Promise<FoundDocument> {
  const descriptor = await source.resolve(reference, options);
  await check?.(referenceIn(source, reference), descriptor, source, options);
  const manifest = parseManifest(await readVerified(source, descriptor, options));
  const document = compiledArtifactsLayer(manifest);
  const name = referenceIn(source, reference);
  if (document) return { reference: name, descriptor, document, product: productOf(manifest) };
  const artifactType = artifactTypeOf(manifest) ?? descriptor.mediaType;
  throw new OciError('WRONG_ARTIFACT_TYPE', `${name} has no compiled-artifacts document; it is a ${artifactType}`, {
    reference: name,
    artifactType,
    expected: COMPILED_ARTIFACTS_TYPE,
  });
}

/** How the document of an artifact is pulled. */
export interface PullDocumentOptions extends FindOptions {
  readonly onEvent?: TransferListener;
}

/** A document that was pulled, with what is to be said about it. */
export interface PulledDocument extends FoundDocument {
  /** Where the document does not keep the contract, or is worth a look. What was pushed is pulled all the same. */
  readonly warnings: readonly DocumentProblem[];
}

/**
 * Reads the document's exact bytes, all of them verified.
 * @throws OciError what {@link findDocument} throws; LIMIT_EXCEEDED
 */
export async function readDocument(
  source: ReadableStore,
  reference: Tag | Digest,
  options: FindOptions = {},
): Promise<PulledDocument & { readonly bytes: Uint8Array }> {
  const found = await findDocument(source, reference, options);
  const { signal } = options;
  const { bytes } = await readVerified(source, found.document, {
    ...(signal && { signal }),
    maxSize: MAX_DOCUMENT_SIZE,
  });
  return { ...found, bytes, warnings: checkPulledDocument(found.reference, bytes) };
}

/**
 * Pulls the document's exact bytes into a file, which is replaced whole or not at all.
 * @throws OciError what {@link findDocument} and `writeFileFrom` throw
 */
export async function pullDocument(
  source: ReadableStore,
  reference: Tag | Digest,
  path: string,
  options: PullDocumentOptions = {},
): Promise<PulledDocument> {
  const found = await findDocument(source, reference, options);
  const { store, seen } = tee(source, MAX_DOCUMENT_SIZE);
  await writeFileFrom(store, found.document, path, options);
  return { ...found, warnings: checkPulledDocument(found.reference, seen()) };
}

/** What is to be said of pulled bytes: problems count as warnings, for they are somebody else's to solve. */
export function checkPulledDocument(file: string, bytes: Uint8Array | undefined): readonly DocumentProblem[] {
  if (bytes === undefined) return [{ path: '', message: 'is too large to be checked' }];
  try {
    return parseCompiledArtifacts({ file, bytes }).warnings;
  } catch (error) {
    if (isOciError(error, 'INVALID_DOCUMENT')) return error.details.problems;
    if (!isOciError(error, 'UNSUPPORTED_VERSION')) throw error;
    const { version, supported } = error.details;
    return [{ path: 'version', message: `is ${version}; known here is ${supported}` }];
  }
}
