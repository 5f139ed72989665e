/** Digits may have leading zeros: `2026.04.01` is a version to those who use it. `+` can be classified, though never pushed. */
const VERSION = /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * The fallback tag of a subject's referrers, and cosign's tags for a manifest: machines rewrite them.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
const MACHINE_TAG = /^sha(?:256|512)-[0-9a-f]{64,128}(?:\.(?:sig|att|sbom))?$/;

/** Whether the tag only carries referrers or signatures of another manifest; people are not interested in it. */
export function isMachineTag(tag: string): boolean {
  return MACHINE_TAG.test(tag);
}

/** Whether a tag is a semantic version, with or without `v`. */
export function isVersion(tag: string): boolean {
  return VERSION.test(tag);
}
