import {
  type CallOptions,
  isImageIndex,
  type ManifestDescriptor,
  OciError,
  parseManifest,
  type ReadableStore,
  type ReferrerLister,
  readVerified,
} from '../oci/index.ts';
import { findSboms } from './findSboms.ts';
import { findSignatures } from './findSignatures.ts';
import { presenceOnly, type SignatureReport, type SignatureVerifier } from './signatureVerifier.ts';
import type { VerificationPolicy } from './verificationPolicy.ts';

/** By what policy, and by whose check, artifacts are let through. */
export interface SignatureGateOptions {
  readonly policy: VerificationPolicy | undefined;
  /** Default: {@link presenceOnly}. */
  readonly verifier?: SignatureVerifier;
  /** The place itself, to look for signatures in; undefined where it cannot be asked, as offline. */
  readonly place: () => Promise<(ReadableStore & ReferrerLister) | undefined>;
  /** Told what is used in spite of its signature, where the policy only warns. */
  readonly warn: (text: string) => void;
}

/** Asked of every artifact before anything in it is looked at, whether it came from the registry or from the cache. */
export type CheckSignature = (
  reference: string,
  manifest: ManifestDescriptor,
  from: ReadableStore,
  options?: CallOptions,
) => Promise<void>;

/**
 * Holds artifacts to a policy on signatures, and on SBOMs where it wants one. What was let through once is checked anew each
 * time: the policy may have changed, and so may the environment.
 * @throws (when asked) OciError UNVERIFIED_SIGNATURE, MISSING_SBOM where the policy enforces; what looking throws
 */
export function signatureGate({ policy, place, warn, verifier }: SignatureGateOptions): CheckSignature {
  return async (reference, manifest, from, options = {}) => {
    if (policy === undefined) return;
    const { enforcement, environment, requireSbom } = policy;
    const object = (warning: string, error: OciError): void => {
      if (enforcement === 'enforce') throw error;
      warn(warning);
    };
    const store = await place();
    const input = { reference, descriptor: manifest, from, store, policy, ...(verifier && { verifier }) };
    const { status, reason } = await verdictOn(input, options);
    if (status !== 'valid') {
      const details = { reference, status, reason, environment, isVerifiable: verifier !== undefined };
      const error = new OciError('UNVERIFIED_SIGNATURE', `${reference} is ${status}: ${reason}`, details);
      object(`${reference}: its signature is ${status}: ${reason}`, error);
    }
    if (!requireSbom) return;
    const sboms = store && (await findSboms(store, manifest, options));
    if (sboms !== undefined && sboms.length > 0) return;
    const why = sboms === undefined ? 'nobody could look for one' : 'none refers to it';
    const error = new OciError('MISSING_SBOM', `${reference} has no SBOM: ${why}`, {
      reference,
      reason: why,
      environment,
    });
    object(`${reference}: an SBOM is asked for, and ${why}`, error);
  };
}

/** The artifact that a verdict is about, and where its signatures are looked for. */
export interface VerdictInput {
  readonly reference: string;
  readonly descriptor: ManifestDescriptor;
  /** Where the manifest is read from. */
  readonly from: ReadableStore;
  /** Where signatures are looked for; undefined where nobody can be asked. */
  readonly store: (ReadableStore & ReferrerLister) | undefined;
  readonly policy?: VerificationPolicy;
  readonly verifier?: SignatureVerifier;
}

/**
 * Finds the signatures of an artifact and has them verified.
 * @throws OciError what the stores throw, and the verifier
 */
export async function verdictOn(input: VerdictInput, options: CallOptions = {}): Promise<SignatureReport> {
  const { reference, descriptor, from, store, policy, verifier = presenceOnly } = input;
  const content = await readVerified(from, descriptor, options);
  const manifest = parseManifest(content);
  const signatures = store && (await findSignatures(store, descriptor, manifest, options));
  const { digest } = descriptor;
  const layers = isImageIndex(manifest) ? [] : manifest.layers;
  const request = { reference, descriptor, digest, manifest: content.bytes, layers, signatures, policy };
  return { ...(await verifier.verify(request, options)), signatures };
}
