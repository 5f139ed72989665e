import { rmSync, unlinkSync } from 'node:fs';
import type { CallOptions } from '../content/store.ts';
import { isMissing, writing } from '../files/fileErrors.ts';
import { inSlices } from './inSlices.ts';

/**
 * Removes many files of one folder; what has gone already is fine. Who reads one reads on.
 * @throws OciError FILE_NOT_WRITABLE naming the folder, CANCELLED
 */
export async function removeFiles(folder: string, paths: Iterable<string>, options: CallOptions = {}): Promise<void> {
  await writing(folder, () => inSlices(paths, remove, options));
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // A folder is nothing of ours, but in the way.
    if (!isMissing(error)) rmSync(path, { recursive: true, force: true });
  }
}
