import { type Digest, parseTag, type Tag } from '../oci/index.ts';

/** What cosign keeps under a tag beside an artifact: signatures, attestations, SBOMs. */
export type CosignSuffix = 'sig' | 'att' | 'sbom';

/**
 * The tag under which cosign keeps what belongs to a manifest where a registry has no referrers.
 * https://github.com/sigstore/cosign/blob/v3.0.2/specs/SIGNATURE_SPEC.md
 */
export function cosignTag(digest: Digest, suffix: CosignSuffix): Tag {
  return parseTag(`${digest.replace(':', '-')}.${suffix}`);
}
