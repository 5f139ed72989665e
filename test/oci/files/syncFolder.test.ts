import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { syncFolder } from '../../../src/oci/files/syncFolder.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

describe('making the names in a folder safe', () => {
  it('is done once for all who ask while it is under way, after what they wrote', async () => {
    const folder = temporaryFolder();
    const first = syncFolder(folder);
    const [second, third] = [syncFolder(folder), syncFolder(folder)];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    await first;
    await Promise.all([second, third]);
    expect(syncFolder(folder)).not.toBe(second);
  });

  it('is done for each folder by itself', async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'other'));
    const syncs = [folder, join(folder, 'other')].map((path) => [syncFolder(path), syncFolder(path)]);
    expect(new Set(syncs.flat()).size).toBe(4);
    await Promise.all(syncs.flat());
  });

  it('fails for each who asked, and is tried again for the next', async () => {
    const folder = join(temporaryFolder(), 'gone');
    const asked = await Promise.allSettled([syncFolder(folder), syncFolder(folder), syncFolder(folder)]);
    for (const answer of asked) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'ENOENT' } });
    await mkdir(folder);
    await syncFolder(folder);
  });
});
