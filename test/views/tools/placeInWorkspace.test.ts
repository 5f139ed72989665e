import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeInWorkspace } from '../../../src/views/tools/placeInWorkspace.ts';
import { folders, Uri } from '../../support/vscode.ts';

beforeEach(() => {
  folders.isTrusted = true;
  folders.open = [{ uri: Uri.file('/work/a'), name: 'a' }];
});
afterEach(() => {
  folders.open = [];
  folders.files.clear();
  folders.links.clear();
});

const pathOf = async (path: string): Promise<string> => (await placeInWorkspace(path)).path;

describe('the folder that a model pulls into', () => {
  it('is inside the workspace, there or not', async () => {
    folders.files.set('/work/a/vendor/old.txt', 'x');
    expect(await pathOf('vendor')).toBe('/work/a/vendor');
    expect(await pathOf('vendor/new/one/')).toBe('/work/a/vendor/new/one');
  });

  it('starts with the name of a folder where there are several', async () => {
    folders.open = [...folders.open, { uri: Uri.file('/work/b'), name: 'b' }];
    expect(await pathOf('b/vendor')).toBe('/work/b/vendor');
    await expect(placeInWorkspace('b')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(placeInWorkspace('c/vendor')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('is no folder of the workspace inside another one, and not above it', async () => {
    folders.open = [...folders.open, { uri: Uri.file('/work/a/packages/web'), name: 'web' }];
    for (const path of ['a/packages/web', 'a/packages', 'a/Packages']) {
      await expect(placeInWorkspace(path)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    expect(await pathOf('a/packages/web2')).toBe('/work/a/packages/web2');
    expect(await pathOf('web/vendor')).toBe('/work/a/packages/web/vendor');
  });

  it.each([
    '',
    '/',
    '.',
    '..',
    '/etc',
    '../a2',
    'x/../../y',
    'x//y',
    'x\\..\\y',
    'C:/x',
    'C:x',
    '.vscode',
    'x/.git/hooks',
    '~/x:y',
    'x\u0000y',
    'x\u202ey',
    'con.',
    'x /y',
    'file:///etc',
  ])('is never %j', async (path) => {
    await expect(placeInWorkspace(path)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('is not behind a link, and no file', async () => {
    folders.files.set('/work/a/out/x', 'x');
    folders.links.add('/work/a/out');
    await expect(placeInWorkspace('out/new')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    folders.files.set('/work/a/file', 'x');
    await expect(placeInWorkspace('file')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('is nowhere without a workspace', async () => {
    folders.open = [];
    await expect(placeInWorkspace('x')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
