import {
  type CallOptions,
  type Digest,
  isOciError,
  type Manifest,
  type ManifestDescriptor,
  type ReadableStore,
  type ReferrerLister,
} from '../oci/index.ts';
import { FloeAnnotation } from './annotations.ts';
import { cosignTag } from './cosignTag.ts';
import { referrerKindOf } from './referrerKind.ts';

/** A signature that is there. What it says of itself is a claim of whoever wrote it, until somebody verifies it. */
export interface FoundSignature {
  /** `referrer`: by subject (OCI 1.1). `cosign`: under cosign's tag. `annotations`: in the signed manifest itself. */
  readonly kind: 'referrer' | 'cosign' | 'annotations';
  /** The manifest that carries it. */
  readonly digest: Digest;
  readonly artifactType: string | null;
  readonly claims: {
    readonly subject: string | null;
    readonly issuer: string | null;
    readonly signedAt: string | null;
  };
}

/**
 * The signatures of a manifest, wherever people put them: referrers with Sigstore bundles or of other kinds of signature,
 * cosign's tag, floe's annotations. None is verified. An empty answer means that all places were looked at.
 * https://github.com/sigstore/cosign/blob/v3.0.2/specs/SIGNATURE_SPEC.md
 * @throws OciError what the store throws when it cannot be asked
 */
export async function findSignatures(
  store: ReadableStore & ReferrerLister,
  { digest }: ManifestDescriptor,
  { annotations = {} }: Manifest,
  options: CallOptions = {},
): Promise<readonly FoundSignature[]> {
  const found: FoundSignature[] = [];
  if (annotations[FloeAnnotation.signatureBundle] !== undefined) {
    found.push({
      kind: 'annotations',
      digest,
      artifactType: null,
      claims: {
        subject: annotations[FloeAnnotation.signatureSubject] ?? null,
        issuer: annotations[FloeAnnotation.signatureIssuer] ?? null,
        signedAt: annotations[FloeAnnotation.signedAt] ?? null,
      },
    });
  }
  for await (const referrer of store.referrers(digest, options)) {
    if (referrerKindOf(referrer) !== 'signature') continue;
    const { digest: carrier, artifactType = null } = referrer;
    found.push({ kind: 'referrer', digest: carrier, artifactType, claims: NO_CLAIMS });
  }
  const tagged = await store.resolve(cosignTag(digest, 'sig'), options).catch(unlessNotFound);
  if (tagged !== undefined && !found.some((known) => known.digest === tagged.digest)) {
    found.push({ kind: 'cosign', digest: tagged.digest, artifactType: COSIGN_SIGNATURE, claims: NO_CLAIMS });
  }
  return found;
}

const NO_CLAIMS = { subject: null, issuer: null, signedAt: null };
const COSIGN_SIGNATURE = 'application/vnd.dev.cosign.artifact.sig.v1+json';

function unlessNotFound(error: unknown): undefined {
  if (!isOciError(error, 'NOT_FOUND')) throw error;
}
