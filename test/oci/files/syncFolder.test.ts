import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderSyncs } from '../../../src/oci/files/syncFolder.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

describe('making the names in a folder safe', () => {
  it('is done once for all who ask while it is under way, after what they wrote', async () => {
    const folder = temporaryFolder();
    const syncs = new FolderSyncs();
    const first = syncs.sync(folder);
    const [second, third] = [syncs.sync(folder), syncs.sync(folder)];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    await first;
    await Promise.all([second, third]);
    const later = syncs.sync(folder);
    expect(later).not.toBe(second);
    await later;
  });

  it('is done for each folder by itself', async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'other'));
    const syncs = new FolderSyncs();
    const asked = [folder, join(folder, 'other')].flatMap((path) => [syncs.sync(path), syncs.sync(path)]);
    expect(new Set(asked).size).toBe(4);
    await Promise.all(asked);
  });

  it('fails for each who asked, and is tried again for the next', async () => {
    const folder = join(temporaryFolder(), 'gone');
    const syncs = new FolderSyncs();
    const asked = await Promise.allSettled([syncs.sync(folder), syncs.sync(folder), syncs.sync(folder)]);
    for (const answer of asked) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'ENOENT' } });
    await mkdir(folder);
    await syncs.sync(folder);
  });
});
