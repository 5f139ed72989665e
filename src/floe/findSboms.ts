import {
  type CallOptions,
  type Digest,
  isImageIndex,
  isOciError,
  type ManifestDescriptor,
  parseManifest,
  type ReadableStore,
  type ReferrerLister,
  readVerified,
} from '../oci/index.ts';
import { cosignTag } from './cosignTag.ts';
import { isSbomType, referrerKindOf } from './referrerKind.ts';

/** An SBOM that is there, by itself or as an attestation. Nothing of what it says has been looked at. */
export interface FoundSbom {
  /** `referrer`: by subject (OCI 1.1). `cosign`: under one of cosign's tags. */
  readonly kind: 'referrer' | 'cosign';
  /** The manifest that carries it. */
  readonly digest: Digest;
}

/** Where cosign names what an attestation is about: an annotation of its layer. */
const PREDICATE_TYPE = 'predicateType';

/**
 * The SBOMs of a manifest, wherever people put them: referrers, cosign's tag for SBOMs, and attestations under cosign's tag
 * that have one for a predicate, as floe's own client makes them. An empty answer means that all places were looked at.
 * @throws OciError what the store throws when it cannot be asked
 */
export async function findSboms(
  store: ReadableStore & ReferrerLister,
  { digest }: ManifestDescriptor,
  options: CallOptions = {},
): Promise<readonly FoundSbom[]> {
  const found: FoundSbom[] = [];
  for await (const referrer of store.referrers(digest, options)) {
    if (referrerKindOf(referrer) === 'sbom') found.push({ kind: 'referrer', digest: referrer.digest });
  }
  const plain = await resolved(store, digest, 'sbom', options);
  if (plain) found.push({ kind: 'cosign', digest: plain.digest });
  const attested = await resolved(store, digest, 'att', options);
  if (attested && (await attestsSbom(store, attested, options)))
    found.push({ kind: 'cosign', digest: attested.digest });
  return found;
}

async function resolved(
  store: ReadableStore,
  digest: Digest,
  suffix: 'att' | 'sbom',
  options: CallOptions,
): Promise<ManifestDescriptor | undefined> {
  try {
    return await store.resolve(cosignTag(digest, suffix), options);
  } catch (error) {
    if (!isOciError(error, 'NOT_FOUND')) throw error;
    return undefined;
  }
}

async function attestsSbom(
  store: ReadableStore,
  attestations: ManifestDescriptor,
  options: CallOptions,
): Promise<boolean> {
  const manifest = parseManifest(await readVerified(store, attestations, options));
  if (isImageIndex(manifest)) return false;
  return manifest.layers.some(({ annotations }) => isSbomType(annotations?.[PREDICATE_TYPE] ?? ''));
}
