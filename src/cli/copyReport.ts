import prettyBytes from 'pretty-bytes';
import type { CopiedArtifact } from '../floe/copyArtifact.ts';
import { blobsOf } from '../floe/copySummary.ts';
import type { CopiedBlob } from '../oci/index.ts';

/** The members `blobs` and `referrers` of `--json`. */
export function copyJson(copied: CopiedArtifact): Readonly<Record<string, unknown>> {
  return {
    blobs: blobsOf([copied]).map(blobJson),
    referrers: copied.referrers.map(({ descriptor, subject, outcome }) => ({
      digest: descriptor.digest,
      artifactType: descriptor.artifactType ?? null,
      subject,
      outcome,
    })),
  };
}

/** A blob as `--json` shows it. */
export function blobJson({ descriptor: { digest, size }, outcome }: CopiedBlob): Readonly<Record<string, unknown>> {
  return { digest, size, outcome };
}

const ACTIONS = { written: 'move', mounted: 'mount', linked: 'link', existed: 'skip' } as const;

/** Head and rows of what a dry run would do. */
export function plannedTable(
  blobs: readonly CopiedBlob[],
): [head: readonly string[], rows: readonly (readonly string[])[]] {
  const rows = blobs.map(({ descriptor: { digest, size }, outcome }) => [ACTIONS[outcome], digest, prettyBytes(size)]);
  return [['ACTION', 'DIGEST', 'SIZE'], rows];
}
