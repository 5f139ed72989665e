import type { Annotations } from '../oci/index.ts';

/** What something that refers to an artifact is for. */
export type ReferrerKind = 'signature' | 'sbom' | 'attestation' | 'other';

/** What a list of referrers says of one. */
export interface ReferrerFacts {
  readonly artifactType?: string;
  readonly annotations?: Annotations;
}

/** In the order in which people look at them. */
export const REFERRER_KINDS: readonly ReferrerKind[] = ['signature', 'sbom', 'attestation', 'other'];

/**
 * In a Sigstore bundle is a signature or an attestation, and its annotations say which.
 * https://github.com/sigstore/cosign/blob/v3.0.2/specs/BUNDLE_SPEC.md
 */
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle\b/;
const BUNDLE_PREDICATE = 'dev.sigstore.bundle.predicateType';
const BUNDLE_CONTENT = 'dev.sigstore.bundle.content';
/** What cosign states where it only signs. */
const SIGN_PREDICATE = /^https:\/\/sigstore\.dev\/cosign\/sign\//;

const SBOM = /spdx|cyclonedx|syft|\bsbom\b/i;
const BY_TYPE: readonly (readonly [kind: ReferrerKind, type: RegExp])[] = [
  ['sbom', SBOM],
  ['attestation', /in-toto|\battestation|\bslsa\b|\bdsse\b|provenance/i],
  ['signature', /\bsig(nature)?s?\b|simplesigning|notary/i],
];

/** By the artifact type, and what annotations say where that is not enough. Whoever made it could write anything. */
export function referrerKindOf({ artifactType = '', annotations = {} }: ReferrerFacts): ReferrerKind {
  if (BUNDLE.test(artifactType)) {
    const predicate = annotations[BUNDLE_PREDICATE] ?? '';
    if (SIGN_PREDICATE.test(predicate) || annotations[BUNDLE_CONTENT] === 'message-signature') return 'signature';
    return isSbomType(predicate) ? 'sbom' : 'attestation';
  }
  return BY_TYPE.find(([, type]) => type.test(artifactType))?.[0] ?? 'other';
}

/** Whether a media type, or the type of a predicate, is that of an SBOM. */
export function isSbomType(type: string): boolean {
  return SBOM.test(type);
}
