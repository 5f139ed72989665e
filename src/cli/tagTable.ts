import type { TagRow } from '../floe/listTags.ts';
import { formatSize } from './inspectionLines.ts';

/** Head and rows; a dash stands for what the manifest does not say. */
export function tagTable(tags: readonly TagRow[]): [head: readonly string[], rows: readonly (readonly string[])[]] {
  const rows = tags.map(({ name, digest, size, created }) => [
    name,
    digest,
    size === null ? '-' : formatSize(size),
    created ?? '-',
  ]);
  return [['TAG', 'DIGEST', 'SIZE', 'CREATED'], rows];
}
