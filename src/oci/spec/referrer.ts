import type { ManifestDescriptor } from './descriptor.ts';
import { artifactTypeOf, type Manifest } from './manifest.ts';

/**
 * How a list of referrers describes a manifest: by the kind of artifact that it says it is, and with all its annotations.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export function describeReferrer(
  { mediaType, digest, size }: ManifestDescriptor,
  manifest: Manifest,
): ManifestDescriptor {
  const artifactType = artifactTypeOf(manifest);
  const { annotations = {} } = manifest;
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}
