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
import { findSignatures } from './findSignatures.ts';
import { presenceOnly, type SignatureReport, type SignatureVerifier } from './signatureVerifier.ts';
import type { VerificationPolicy } from './verificationPolicy.ts';

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
 * Holds artifacts to a policy on signatures. What was let through once is checked anew each time: the policy may have
 * changed, and so may the environment.
 */
export function signatureGate({ policy, place, warn, ...how }: SignatureGateOptions): CheckSignature {
  return async (reference, manifest, from, options = {}) => {
    if (policy === undefined) return;
    const store = await place();
    const { status, reason } = await verdictOn(
      { reference, descriptor: manifest, from, store, policy, ...how },
      options,
    );
    if (status === 'valid') return;
    if (policy.enforcement === 'warn') {
      warn(`${reference}: its signature is ${status}: ${reason}`);
      return;
    }
    const { environment } = policy;
    throw new OciError('UNVERIFIED_SIGNATURE', `the signature of ${reference} is ${status}: ${reason}`, {
      reference,
      status,
      reason,
      environment,
    });
  };
}

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
