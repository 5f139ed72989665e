import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/folder.ts';
import { REFERENCES } from './format.ts';

/** Permission bits by which others than the owner may write. */
const SHARED = 0o022;

/** The bits of a mode that can be set. */
const PERMISSIONS = 0o7777;

/**
 * Lets who may write to the folder of the cache write to those in it, too: pods with different users share a volume by its
 * group, and what one of them makes would be for its own user alone. What is another's already is theirs to open.
 * @throws OciError FILE_NOT_WRITABLE
 */
export async function shareFolders(root: string): Promise<void> {
  const mode = await modeOf(root);
  if (mode === undefined || (mode & SHARED) === 0) return;
  await makeFolder(join(root, 'blobs', 'sha256'));
  for (const name of [REFERENCES, 'blobs', join('blobs', 'sha256')]) {
    const path = join(root, name);
    if ((await modeOf(path)) !== mode) await chmod(path, mode).catch(() => {});
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mode }) => mode & PERMISSIONS,
    () => undefined,
  );
}
