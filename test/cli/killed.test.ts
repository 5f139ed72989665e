import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seededBytes } from '../support/artifacts.ts';
import { readTree } from '../support/fileTree.ts';
import { startRegistry } from '../support/registry/index.ts';
import { makeWorkspace } from './support/workspace.ts';

const large = Buffer.from(seededBytes(1, 300_000)).toString('hex');

describe('a pull that is killed', () => {
  it('leaves what no folder push takes along, and the next pull there takes away', async () => {
    await using workspace = await makeWorkspace({ 'large.txt': large, out: { 'mine.txt': 'mine' } });
    await using registry = await startRegistry();
    const place = `${registry.host}/team/files:v1`;
    expect((await workspace.run('push', place, 'large.txt')).code).toBe(0);
    const clean = (await workspace.run('push', 'layout:l:clean', 'out')).stdout;

    registry.fail({ path: /\/blobs\/sha256/, times: 1, fault: { kind: 'stall', afterBytes: 100_000 } });
    const program = join(import.meta.dirname, 'support/fromSources.ts');
    const child = spawn(process.execPath, [program, 'pull', place, '-o', 'out', '--no-cache'], {
      cwd: workspace.folder,
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const left = async (): Promise<readonly string[]> =>
      (await readdir(workspace.path('out'))).filter((name) => name !== 'mine.txt');
    await expect.poll(left, { timeout: 15_000 }).toEqual([expect.stringMatching(/^\.floe-oci-.*\.tmp$/)]);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);

    expect(await left()).toHaveLength(1);
    expect((await workspace.run('push', 'layout:l:dirty', 'out')).stdout).toBe(clean);
    registry.clearFaults();
    expect((await workspace.run('pull', place, '-o', 'out')).code).toBe(0);
    expect(await readTree(workspace.path('out'))).toEqual({ 'large.txt': large, 'mine.txt': 'mine' });
  });
});
