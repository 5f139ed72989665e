import type { FoundSignature } from '../floe/findSignatures.ts';
import type { Inspection } from '../floe/inspectArtifact.ts';
import { floePromotions } from '../floe/promotionReader.ts';
import { type CheckSignature, signatureGate, verdictOn } from '../floe/signatureGate.ts';
import { type VerificationPolicy, verificationPolicyOf } from '../floe/verificationPolicy.ts';
import type { ReadableStore } from '../oci/index.ts';
import type { Named } from './references.ts';
import type { Session } from './session.ts';

/** Which environment of `verification.environments` this is. floe's own command line reads the same variable. */
const ENVIRONMENT = 'FLOE_ENVIRONMENT';

/** The check that the manifest.yaml asks for before anything of its registry is used; undefined where it asks for none. */
export async function signatureCheckFor(session: Session, named: Named): Promise<CheckSignature | undefined> {
  const policy = await policyFor(session, named);
  if (policy === undefined) return undefined;
  return signatureGate({
    policy,
    place: async () => (session.options.offline ? undefined : await session.repository(named)),
    warn: (text) => session.warn(text),
  });
}

/** What `--signatures` adds to an inspection. */
export interface Standing {
  /** A clause on how it comes to the status. */
  readonly signatureReason: string;
  /** None is verified, unless the status says so. */
  readonly signatures: readonly FoundSignature[];
  /** The environments that it is promoted to. */
  readonly promotedTo: readonly string[];
}

/**
 * Looks for signatures and promotions, which takes requests of its own; what is found takes the place of what the manifest
 * alone cannot say.
 * @throws OciError what the registry answers
 */
export async function withStanding(
  session: Session,
  named: Named,
  inspection: Inspection,
  from: ReadableStore,
): Promise<Inspection & Standing> {
  const { reference, digest } = inspection;
  const policy = await policyFor(session, named);
  const store = await session.repository(named);
  const descriptor = await from.resolve(digest, session.call);
  const found = { reference, descriptor, from, store, ...(policy && { policy }) };
  const { status, reason, signatures = [] } = await verdictOn(found, session.call);
  const promotion = await floePromotions.read(store, inspection, session.call);
  return {
    ...inspection,
    signatureStatus: status,
    signatureReason: reason,
    signatures,
    promotionStatus: promotion.status,
    promotedTo: promotion.environments,
  };
}

async function policyFor(session: Session, named: Named): Promise<VerificationPolicy | undefined> {
  const manifest = await session.manifestAbout(named);
  return manifest && verificationPolicyOf(manifest.config, session.io.env[ENVIRONMENT] || undefined);
}
