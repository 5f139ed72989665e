import {
  Annotation,
  type Annotations,
  artifactTypeOf,
  type Descriptor,
  digestOf,
  isImageIndex,
  type Manifest,
  type ManifestDescriptor,
  type PackOptions,
  packArtifact,
  sourceOf,
  type WritableStore,
} from '../oci/index.ts';
import { FloeAnnotation } from './annotations.ts';
import { valueAt } from './jsonPath.ts';
import { COMPILED_ARTIFACTS_TITLE, COMPILED_ARTIFACTS_TYPE } from './mediaTypes.ts';
import { normaliseTimestamp } from './timestamp.ts';

/** What a packed document gets besides what it says of itself. */
export interface PackCompiledArtifactsOptions extends PackOptions {
  /** The caller's; they win over those that the document gives. */
  readonly annotations?: Annotations;
  /** From `readProvenance`; win over the document's, not over the caller's. */
  readonly provenance?: Annotations;
}

/**
 * Writes a compiled-artifacts document as an artifact: one layer with exactly these bytes, the empty config, and what the
 * document says of itself as annotations. Same bytes and annotations, same manifest digest.
 *
 * The document is not checked here: of one that breaks the contract, what can be read becomes annotations.
 * @throws OciError what `packArtifact` throws
 */
export function packCompiledArtifacts(
  destination: WritableStore,
  bytes: Uint8Array,
  options: PackCompiledArtifactsOptions = {},
): Promise<ManifestDescriptor> {
  const { annotations, provenance, ...pack } = options;
  const layer = {
    mediaType: COMPILED_ARTIFACTS_TYPE,
    digest: digestOf(bytes),
    size: bytes.length,
    annotations: { [Annotation.title]: COMPILED_ARTIFACTS_TITLE },
    open: sourceOf(bytes),
  };
  const parts = {
    artifactType: COMPILED_ARTIFACTS_TYPE,
    layers: [layer],
    annotations: { ...annotationsOf(bytes), ...provenance, ...annotations },
  };
  return packArtifact(destination, parts, pack);
}

/** Whether any of the four signs says so. Besides our own form this is what floe's Python client writes. */
export function isFloeArtifact(manifest: Manifest): boolean {
  return (
    artifactTypeOf(manifest) === COMPILED_ARTIFACTS_TYPE ||
    manifest.annotations?.[FloeAnnotation.productName] !== undefined ||
    layersOf(manifest).some((layer) => layer.mediaType === COMPILED_ARTIFACTS_TYPE || isTitled(layer))
  );
}

/**
 * The layer that is the document: the titled one, as floe's Python client chooses, else the one of our media type. A
 * compressed layer is no document whatever its title. Undefined when there is none, and for an index.
 */
export function compiledArtifactsLayer(manifest: Manifest): Descriptor | undefined {
  const layers = layersOf(manifest).filter(({ mediaType }) => !/\+(?:gzip|zstd)$/.test(mediaType));
  return layers.find(isTitled) ?? layers.find(({ mediaType }) => mediaType === COMPILED_ARTIFACTS_TYPE);
}

/** The data product an artifact was compiled from, by its annotations. */
export interface Product {
  readonly name: string;
  readonly version: string | null;
}

/** The product that a manifest says it was compiled from; null when it says nothing. */
export function productOf({ annotations = {} }: Manifest): Product | null {
  const name = annotations[FloeAnnotation.productName];
  return name === undefined ? null : { name, version: annotations[FloeAnnotation.productVersion] ?? null };
}

/** When the content was made, in RFC 3339; null when the manifest does not say, or says nonsense. */
export function createdOf({ annotations = {} }: Manifest): string | null {
  return normaliseTimestamp(annotations[Annotation.created] ?? '') ?? null;
}

/** The sum of the layers in bytes; null for an index, which has none of its own. */
export function layersSizeOf(manifest: Manifest): number | null {
  return isImageIndex(manifest) ? null : manifest.layers.reduce((sum, { size }) => sum + size, 0);
}

function layersOf(manifest: Manifest): readonly Descriptor[] {
  return isImageIndex(manifest) ? [] : manifest.layers;
}

function isTitled({ annotations = {} }: Descriptor): boolean {
  return annotations[Annotation.title] === COMPILED_ARTIFACTS_TITLE;
}

/** The time is the document's own, never that of the push: a push can then be repeated. */
function annotationsOf(bytes: Uint8Array): Annotations {
  const document = parsed(bytes);
  const annotations: Record<string, string> = {};
  const take = (key: string, path: readonly string[], read = (value: string): string | undefined => value): void => {
    const value = valueAt(document, path);
    const annotation = typeof value === 'string' ? read(value) : undefined;
    if (annotation !== undefined) annotations[key] = annotation;
  };
  take(Annotation.created, ['metadata', 'compiled_at'], normaliseTimestamp);
  take(FloeAnnotation.productName, ['metadata', 'product_name']);
  take(FloeAnnotation.productVersion, ['metadata', 'product_version']);
  take(FloeAnnotation.artifactsVersion, ['version']);
  return annotations;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
