import { l10n } from 'vscode';
import { countMoved } from '../floe/copySummary.ts';
import type { CopiedBlob } from '../oci/index.ts';
import { formatSize } from './format.ts';

/** `2 of 5 blobs, 3.1 MB; 3 mounted`: what a copy had to move. */
export function movedText(blobs: readonly CopiedBlob[]): string {
  const { moved, bytes, linked } = countMoved(blobs);
  return linked === 0
    ? l10n.t('{0} of {1} blobs, {2}', moved, blobs.length, formatSize(bytes))
    : l10n.t('{0} of {1} blobs, {2}; {3} mounted', moved, blobs.length, formatSize(bytes), linked);
}
