import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shareFolders } from '../../../src/oci/cache/sharing.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

/** A folder with this mode, in which records are already, as their owner's. */
async function folderOf(mode: number): Promise<string> {
  const root = temporaryFolder();
  await mkdir(join(root, 'references'), { mode: 0o700 });
  await chmod(root, mode);
  return root;
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o7777).toString(8);
}

describe('the folders in a cache', () => {
  it.each([0o2775, 0o770, 0o702])(
    'are made for whom its own folder is for, where those may write to it: %o',
    async (mode) => {
      const root = await folderOf(mode);
      for (const time of ['made', 'found']) {
        await shareFolders(root);
        for (const name of ['references', 'blobs', 'blobs/sha256']) {
          expect([time, name, await modeOf(join(root, name))]).toEqual([time, name, mode.toString(8)]);
        }
      }
    },
  );

  it.each([0o755, 0o700])('are left to themselves where only the owner may write to it: %o', async (mode) => {
    const root = await folderOf(mode);
    await shareFolders(root);
    expect(await readdir(root)).toEqual(['references']);
    expect(await modeOf(join(root, 'references'))).toBe('700');
  });

  it('are not made where it is not there', async () => {
    const root = join(temporaryFolder(), 'none');
    await shareFolders(root);
    await expect(stat(root)).rejects.toThrow('ENOENT');
  });
});
