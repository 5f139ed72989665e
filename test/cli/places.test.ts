import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readTree } from '../support/fileTree.ts';
import { startRegistry } from '../support/registry/index.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, sample, type Workspace } from './support/workspace.ts';

describe.runIf(process.platform === 'linux')('a folder that cannot be made, in one that takes none', () => {
  const NOWHERE = '/proc/floe-oci';

  it.each([
    ['a layout', ['push', '-a', 'doc.json', `layout:${NOWHERE}:v1`]],
    ['the target of a pull', ['pull', 'layout:source:v1', '-o', `${NOWHERE}/out`]],
    ['a file to pull to', ['pull', '-r', 'layout:source', '-t', 'v1', '-o', `${NOWHERE}/out.json`]],
  ])('is exit 73 for %s', async (_, argv) => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:source:v1');
    const result = await workspace.run(...argv, '--json');
    expect(result).toMatchObject({ code: 73, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      details: { path: expect.stringContaining(NOWHERE) },
    });
  });

  it('is a warning for the cache', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1'];
    await workspace.run('push', '-a', 'doc.json', ...place);
    const { code, bytes, stderr } = await workspace.run('pull', ...place, '--cache-dir', NOWHERE);
    expect({ code, bytes }).toEqual({ code: 0, bytes: sample });
    expect(stderr).toMatch(/^warning: the cache \/proc\/floe-oci cannot be used, .+\n$/);
  });
});

describe('a folder with something else in it', () => {
  const tree = { mine: { 'notes.txt': 'mine' } };

  it('is no cache: a pull warns once and does without, and nothing is written there', async () => {
    await using workspace = await makeWorkspace(tree);
    await using registry = await startRegistry();
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1'];
    await workspace.run('push', '-a', 'doc.json', ...place);
    const { code, bytes, stderr } = await workspace.run('pull', ...place, '--cache-dir', 'mine');
    expect({ code, bytes }).toEqual({ code: 0, bytes: sample });
    expect(stderr).toMatch(/^warning: the cache .+mine cannot be used, .+ has notes\.txt in it and is no cache\n$/);
    expect(await readTree(workspace.path('mine'))).toEqual(tree.mine);
  });

  it.each(['clear', 'prune', 'verify', 'status', 'list'])('is refused by "cache %s" with exit 73', async (task) => {
    await using workspace = await makeWorkspace(tree);
    const result = await workspace.run('cache', task, '--cache-dir', 'mine', '--json');
    expect(result).toMatchObject({ code: 73, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'FOREIGN_FOLDER',
      details: { path: workspace.path('mine'), found: 'notes.txt' },
    });
    expect(await readTree(workspace.path('mine'))).toEqual(tree.mine);
  });
});

describe('a layout that is not there yet', () => {
  const nothing = async (workspace: Workspace, code: number, ...argv: readonly string[]): Promise<void> => {
    expect((await workspace.run(...argv)).code).toBe(code);
    expect(existsSync(workspace.path('new'))).toBe(false);
  };

  it('is not made by a command that fails before it has something to write', async () => {
    await using workspace = await makeWorkspace({ 'bad.json': '{}' });
    await workspace.run('push', '-a', 'doc.json', 'layout:source:v1');
    await nothing(workspace, 65, 'push', '-a', 'bad.json', 'layout:new:v1');
    await nothing(workspace, 66, 'push', 'layout:new:v1', 'missing.txt');
    await nothing(workspace, 3, 'copy', 'layout:source:v2', 'layout:new');
    await nothing(workspace, 3, 'copy', 'layout:missing:v1', 'layout:new');
    await nothing(workspace, 3, 'mirror', 'layout:missing', 'layout:new');
    await nothing(workspace, 3, 'backup', 'layout:source:v2', 'new');
    await nothing(workspace, 0, 'copy', 'layout:source:v1', 'layout:new', '--dry-run');
  });
});

describe('a lock that is a file', () => {
  it('is named, with what to do about it', async () => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:out:v1');
    const lock = workspace.path('out/index.json.lock');
    await writeFile(lock, 'mine');
    const { code, stderr } = await workspace.run('push', '-a', 'changed.json', 'layout:out:v2');
    expect(code).toBe(73);
    expect(stderr).toContain(`hint: Remove or rename "${lock}", or choose another place.\n`);
  });
});
