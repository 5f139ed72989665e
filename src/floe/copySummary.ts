import prettyBytes from 'pretty-bytes';
import type { CopiedBlob } from '../oci/index.ts';
import type { CopiedArtifact } from './copyArtifact.ts';

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

/** How many blobs had to be moved, their bytes, and how many the destination had elsewhere and took from there. */
export function countMoved(blobs: readonly CopiedBlob[]): Readonly<Record<'moved' | 'bytes' | 'linked', number>> {
  const written = blobs.filter(({ outcome }) => outcome === 'written');
  const linked = blobs.filter(({ outcome }) => outcome === 'mounted' || outcome === 'linked').length;
  const bytes = written.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  return { moved: written.length, bytes, linked };
}

/** `2 of 5 blobs, 3.1 MB; 3 mounted`, for people. */
export function movedText(blobs: readonly CopiedBlob[]): string {
  const { moved, bytes, linked } = countMoved(blobs);
  return `${moved} of ${blobs.length} blobs, ${prettyBytes(bytes)}${linked > 0 ? `; ${linked} mounted` : ''}`;
}
