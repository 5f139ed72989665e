import { type ArtifactParts, packArtifact, type ScopeOptions, SourceStore } from '../oci/index.ts';
import type { Packed } from './pushUnderTag.ts';

/** What other clients write for an artifact of which nothing is said; a manifest without a config must say something. */
export const UNKNOWN_ARTIFACT_TYPE = 'application/vnd.unknown.artifact.v1';

/**
 * Puts an artifact together of any layers, ready to be pushed; its layers are read when they are sent.
 * @throws OciError what `packArtifact` throws
 */
export async function packFiles(
  { artifactType = UNKNOWN_ARTIFACT_TYPE, ...parts }: Omit<ArtifactParts, 'artifactType'> & { artifactType?: string },
  options: ScopeOptions = {},
): Promise<Packed> {
  const store = new SourceStore('files');
  return { store, descriptor: await packArtifact(store, { ...parts, artifactType }, options) };
}
