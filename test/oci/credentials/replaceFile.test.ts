import { execFileSync } from 'node:child_process';
import { lstat, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from '../../../src/oci/credentials/replaceFile.ts';
import { makeFolder, removeFolder } from '../../support/fileTree.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => removeFolder(folder));

describe('replacing a file', () => {
  it('goes through a link, which stays, and is for the owner alone', async () => {
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    await writeFile(file, 'old', { mode: 0o644 });
    await symlink(file, link);
    await replaceFile(link, 'new', { throughLink: true });
    expect(await readFile(file, 'utf8')).toBe('new');
    expect((await lstat(file)).mode & 0o777).toBe(0o600);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  it('takes the place of a link and leaves alone where it led, unless told to go through', async () => {
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    await writeFile(file, 'old');
    await symlink(file, link);
    await replaceFile(link, 'new');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readFile(link, 'utf8')).toBe('new');
    expect((await lstat(link)).isSymbolicLink()).toBe(false);
  });

  it('leaves alone what is no file, behind a link too', async () => {
    const [pipe, link] = [join(folder, 'pipe'), join(folder, 'link')];
    execFileSync('mkfifo', [pipe]);
    await symlink(pipe, link);
    for (const path of [pipe, link]) {
      await expect(replaceFile(path, 'new', { throughLink: true })).rejects.toMatchObject({
        code: 'FILE_NOT_WRITABLE',
        details: { path },
      });
    }
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });
});
