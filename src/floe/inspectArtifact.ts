import {
  type Annotations,
  artifactTypeOf,
  type CallOptions,
  type Descriptor,
  type Digest,
  isDigest,
  isImageIndex,
  type Manifest,
  type ManifestDescriptor,
  parseManifest,
  type ReadableStore,
  readVerified,
  type Tag,
} from '../oci/index.ts';
import { FloeAnnotation } from './annotations.ts';
import { createdOf, layersSizeOf, type Product, productOf } from './artifact.ts';

/** `valid` and `invalid` take a check, `unsigned` a search without result; a manifest alone leaves it `unknown`. */
export type SignatureStatus = 'unknown' | 'unsigned' | 'valid' | 'invalid';
/** By the promotion record that the manifest carries; `not_promoted` takes a search without result. */
export type PromotionStatus = 'unknown' | 'not_promoted' | 'promoted' | 'pending';

/** What a manifest says. */
export interface Inspection {
  /** The place with tag or digest, for people. */
  readonly reference: string;
  readonly digest: Digest;
  readonly mediaType: string;
  /** `artifactType`, else the config's media type; null for an index that does not say. */
  readonly artifactType: string | null;
  /** The sum of the layers in bytes; null for an index. */
  readonly size: number | null;
  /** RFC 3339; null when unknown. */
  readonly created: string | null;
  readonly annotations: Annotations;
  /** Null for an index. */
  readonly config: Descriptor | null;
  readonly layers: readonly Descriptor[];
  /** Of an index only. */
  readonly manifests?: readonly Descriptor[];
  readonly subject: Descriptor | null;
  readonly product: Product | null;
  readonly signatureStatus: SignatureStatus;
  readonly promotionStatus: PromotionStatus;
}

/**
 * Reads what a tag or digest names, and no more than its manifest. Works for any artifact, floe's or not.
 * @throws OciError NOT_FOUND, INVALID_MANIFEST, LIMIT_EXCEEDED and what the store throws
 */
export async function inspectArtifact(
  source: ReadableStore,
  reference: Tag | Digest,
  options: CallOptions = {},
): Promise<Inspection> {
  const descriptor = await source.resolve(reference, options);
  const manifest = parseManifest(await readVerified(source, descriptor, options));
  return inspectionOf(referenceIn(source, reference), descriptor, manifest);
}

/** What a manifest says that has been read already. */
export function inspectionOf(reference: string, descriptor: ManifestDescriptor, manifest: Manifest): Inspection {
  const { digest, mediaType } = descriptor;
  const isIndex = isImageIndex(manifest);
  return {
    reference,
    digest,
    mediaType,
    artifactType: artifactTypeOf(manifest) ?? null,
    size: layersSizeOf(manifest),
    created: createdOf(manifest),
    annotations: manifest.annotations ?? {},
    config: isIndex ? null : manifest.config,
    layers: isIndex ? [] : manifest.layers,
    ...(isIndex && { manifests: manifest.manifests }),
    subject: manifest.subject ?? null,
    product: productOf(manifest),
    ...statusOf(manifest),
  };
}

/** A place with tag or digest, as messages name it. */
export function referenceIn({ name }: { readonly name: string }, reference: Tag | Digest): string {
  return isDigest(reference) ? `${name}@${reference}` : `${name}:${reference}`;
}

/**
 * What the manifest itself claims, and whoever may push can claim. A promotion is such a claim by nature; whether a
 * signature is valid is not for its bearer to say, so it stays unknown until it is checked.
 */
function statusOf({ annotations = {} }: Manifest): Pick<Inspection, 'signatureStatus' | 'promotionStatus'> {
  const promoted = annotations[FloeAnnotation.promotion] !== undefined;
  return { signatureStatus: 'unknown', promotionStatus: promoted ? 'promoted' : 'unknown' };
}
