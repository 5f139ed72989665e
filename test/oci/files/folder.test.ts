import { mkdir, readdir, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/oci/files/folder.ts';
import { failure } from '../../support/failure.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

describe('making a folder', () => {
  it('makes those above it too, and says which was the first', async () => {
    const folder = temporaryFolder();
    expect(await makeFolder(join(folder, 'a', 'b', 'c'), { durable: true })).toBe(join(folder, 'a'));
    expect(await makeFolder(join(folder, 'a', 'b', 'd'))).toBe(join(folder, 'a', 'b', 'd'));
    expect(await makeFolder(join(folder, 'a', 'b'))).toBeUndefined();
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c', 'd']);
  });

  it('gives those that it makes the mode that is asked for', async () => {
    const folder = temporaryFolder();
    await makeFolder(join(folder, 'a', 'b'), { mode: 0o700 });
    for (const made of ['a', 'a/b']) expect((await stat(join(folder, made))).mode & 0o777).toBe(0o700);
  });

  it('goes through a link to a folder', async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'real'));
    await symlink('real', join(folder, 'link'));
    await makeFolder(join(folder, 'link', 'a'));
    expect(await readdir(join(folder, 'real'))).toEqual(['a']);
  });

  it.each([
    ['a file', 'file'],
    ['a link to nothing', 'link'],
  ])('names %s that is in the way', async (_, name) => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await symlink('nothing', join(folder, 'link'));
    const inTheWay = join(folder, name);
    for (const path of [inTheWay, join(inTheWay, 'a', 'b')]) {
      await expect(makeFolder(path)).rejects.toEqual(
        failure('FILE_NOT_WRITABLE', { path, inTheWay, reason: 'a file is where a folder is needed' }),
      );
    }
    expect((await readdir(folder)).toSorted()).toEqual(['file', 'link']);
  });

  it.runIf(process.platform === 'linux').each(['/proc/floe', '/proc/floe/a/b', '/proc/self/floe'])(
    'ends where a folder takes none: %s',
    async (path) => {
      await expect(makeFolder(path)).rejects.toEqual(failure('FILE_NOT_WRITABLE', { path }));
    },
  );

  it('is done by many at once, while others take folders away again', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(path)));
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, async (_, at) => (at % 2 === 0 ? makeFolder(path) : rmdir(path).catch(() => {}))),
    );
    for (const one of all) expect(one.status).toBe('fulfilled');
  });
});
