import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishFile, sweepTemporaryFiles, temporaryName } from '../../../src/oci/files/temporaryFile.ts';
import { blob, put } from '../../support/artifacts.ts';
import { leftBehind } from '../../support/leftBehind.ts';
import { newLayout } from '../layout/support/layouts.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

describe('publishing a file', () => {
  it('replaces what was there with the whole', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'target');
    await writeFile(target, 'before, and longer');
    await publishFile(folder, target, async (append) => {
      await append(Buffer.from('af'));
      expect(await readFile(target, 'utf8')).toBe('before, and longer');
      await append(Buffer.from('ter'));
    });
    expect(await readFile(target, 'utf8')).toBe('after');
    expect(await readdir(folder)).toEqual(['target']);
  });

  it.each(['write', 'confirm'])('changes nothing when %s fails', async (step) => {
    const folder = temporaryFolder();
    const target = join(folder, 'target');
    await writeFile(target, 'before');
    const fail = (at: string) => async (): Promise<void> => {
      if (at === step) throw new Error(`${at} failed`);
    };
    await expect(publishFile(folder, target, fail('write'), { confirm: fail('confirm') })).rejects.toThrow(
      `${step} failed`,
    );
    expect(await readFile(target, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['target']);
  });
});

describe('sweeping temporary files', () => {
  it('removes what a dead process left, and nothing else', async () => {
    const folder = temporaryFolder();
    const ours = temporaryName();
    const dead = leftBehind();
    const elsewhere = dead.replace(/-[0-9a-f]{8}-/, '-00000000-');
    const kept = [ours, elsewhere, '.floe-oci-mine.tmp', 'index.json'];
    for (const name of [dead, ...kept]) await writeFile(join(folder, name), '');
    expect(await sweepTemporaryFiles(folder)).toEqual([join(folder, dead)]);
    expect((await readdir(folder)).sort()).toEqual(kept.sort());
  });

  it('removes what nobody has written to for hours, whoever began it', async () => {
    const folder = temporaryFolder();
    const ours = temporaryName();
    const elsewhere = ours.replace(/-[0-9a-f]{8}-/, '-00000000-');
    for (const name of [ours, elsewhere]) {
      await writeFile(join(folder, name), '');
      await utimes(join(folder, name), 1, 1);
    }
    expect((await sweepTemporaryFiles(folder)).length).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('removes a folder with what is in it', async () => {
    const folder = temporaryFolder();
    const dead = join(folder, leftBehind());
    await mkdir(dead);
    await writeFile(join(dead, '0'), 'half');
    expect(await sweepTemporaryFiles(folder)).toEqual([dead]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('comes with the first write of a store', async () => {
    const store = await newLayout();
    const dead = leftBehind();
    await writeFile(join(store.path, dead), '');
    await put(store, blob(1));
    expect((await readdir(store.path)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('finds nothing in a folder that is not there', async () => {
    expect(await sweepTemporaryFiles(join(temporaryFolder(), 'missing'))).toEqual([]);
  });
});
