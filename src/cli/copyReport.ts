import prettyBytes from 'pretty-bytes';
import type { CopiedArtifact } from '../floe/copyArtifact.ts';
import type { CopiedBlob } from '../oci/index.ts';

/** What became of everything that a copy came across, each content once. */
export function blobsOf(copies: readonly CopiedArtifact[]): readonly CopiedBlob[] {
  const blobs = copies.flatMap((copied) => [...copied.blobs, ...copied.referrers.flatMap((each) => each.blobs)]);
  const first = new Map<string, CopiedBlob>();
  for (const blob of blobs) {
    const known = first.get(blob.descriptor.digest);
    // Of two artifacts that share a blob, one moved it.
    if (known === undefined || known.outcome === 'existed') first.set(blob.descriptor.digest, blob);
  }
  return [...first.values()];
}

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

export function blobJson({ descriptor: { digest, size }, outcome }: CopiedBlob): Readonly<Record<string, unknown>> {
  return { digest, size, outcome };
}

/** `2 of 5 blobs, 3.1 MB; 3 mounted`, for people. */
export function movedText(blobs: readonly CopiedBlob[]): string {
  const moved = blobs.filter(({ outcome }) => outcome === 'written');
  const linked = blobs.filter(({ outcome }) => outcome === 'mounted' || outcome === 'linked').length;
  const bytes = moved.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  return `${moved.length} of ${blobs.length} blobs, ${prettyBytes(bytes)}${linked > 0 ? `; ${linked} mounted` : ''}`;
}

const ACTIONS = { written: 'move', mounted: 'mount', linked: 'link', existed: 'skip' } as const;

/** Head and rows of what a dry run would do. */
export function plannedTable(
  blobs: readonly CopiedBlob[],
): [head: readonly string[], rows: readonly (readonly string[])[]] {
  const rows = blobs.map(({ descriptor: { digest, size }, outcome }) => [ACTIONS[outcome], digest, prettyBytes(size)]);
  return [['ACTION', 'DIGEST', 'SIZE'], rows];
}
