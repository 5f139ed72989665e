import type { CallOptions, ReadableStore, ReferrerLister, TagLister } from '../oci/index.ts';
import type { FoundSignature } from './findSignatures.ts';
import type { FloeHooks } from './floeHooks.ts';
import type { Inspection } from './inspectArtifact.ts';
import { floePromotions } from './promotionReader.ts';
import { verdictOn } from './signatureGate.ts';
import type { VerificationPolicy } from './verificationPolicy.ts';

/** What an inspection that looks for signatures and promotions adds. */
export interface Standing {
  /** A clause on how it comes to the status. */
  readonly signatureReason: string;
  /** None is verified, unless the status says so. */
  readonly signatures: readonly FoundSignature[];
  /** The environments that it is promoted to. */
  readonly promotedTo: readonly string[];
}

/** Who is asked about the signatures and the promotion of an artifact. */
export interface StandingOptions extends CallOptions, FloeHooks {
  /** Whose signatures it needs; default: nobody asks for more than to know. */
  readonly policy?: VerificationPolicy | undefined;
}

/**
 * Looks for the signatures and promotions of what was inspected; what is found takes the place of what the manifest alone
 * cannot say.
 * @throws OciError what the store throws, and a verifier
 */
export async function withStanding(
  inspection: Inspection,
  store: ReadableStore & ReferrerLister & TagLister,
  { policy, verifier, promotions = floePromotions, signal }: StandingOptions = {},
): Promise<Inspection & Standing> {
  const call = signal === undefined ? {} : { signal };
  const { reference, digest } = inspection;
  const descriptor = await store.resolve(digest, call);
  const input = { reference, descriptor, from: store, store, ...(policy && { policy }), ...(verifier && { verifier }) };
  const verdict = await verdictOn(input, call);
  const promotion = await promotions.read(store, inspection, call);
  return {
    ...inspection,
    signatureStatus: verdict.status,
    signatureReason: verdict.reason,
    signatures: verdict.signatures ?? [],
    promotionStatus: promotion.status,
    promotedTo: promotion.environments,
  };
}
