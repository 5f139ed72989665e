import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/oci/index.ts';
import { startRegistry } from '../support/registry/index.ts';
import { builtFile, dist, runBinary, startBinary } from './support/binary.ts';
import { makeWorkspace, sample } from './support/workspace.ts';

/** What a stack trace looks like. */
const STACK = /^\s+at .*[:(]/m;

describe('the built command line', () => {
  it('runs from a folder that has nothing else in it', async () => {
    await using workspace = await makeWorkspace();
    await cp(`${dist}/cli.js`, workspace.path('bare/cli.js'));
    await cp(`${dist}/cli-chunks`, workspace.path('bare/cli-chunks'), { recursive: true });
    const options = { cwd: workspace.folder, file: workspace.path('bare/cli.js') };
    const pushed = await runBinary(['push', '-a', 'doc.json', 'layout:out:v1.0.0'], options);
    expect(pushed).toMatchObject({ code: 0, stderr: '' });
    const pulled = await runBinary(['pull', '-r', 'layout:out', '-t', 'v1.0.0'], options);
    expect(pulled).toEqual({ code: 0, stdout: sample, stderr: '' });
    expect((await runBinary(['list', 'layout:out', '--filter', 'v*'], options)).code).toBe(0);
  });

  it('speaks to a registry, and ends at once', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0'];
    const pushed = await runBinary(['push', '-a', 'doc.json', ...place], { cwd: workspace.folder });
    expect(pushed).toMatchObject({ code: 0, stderr: '' });
    expect(registry.repository('team/orders').tags.get('v1.0.0')).toBe(pushed.stdout.toString().trim());
    const pulled = await runBinary(['pull', ...place], { cwd: workspace.folder });
    expect(pulled).toEqual({ code: 0, stdout: sample, stderr: '' });
  });

  it('says in a sentence what is wrong, with its exit code and no stack trace', async () => {
    await using workspace = await makeWorkspace();
    for (const [code, ...argv] of [
      [3, 'resolve', 'layout:missing:v1', '--verbose'],
      [64, 'pussh'],
      [65, 'resolve', 'alpine'],
      [66, 'push', '-a', 'missing.json', 'layout:out:v1'],
    ] as const) {
      const result = await runBinary(argv, { cwd: workspace.folder });
      expect(result.code).toBe(code);
      expect(result.stdout.length).toBe(0);
      expect(result.stderr).toMatch(/^error: .+\nhint: .+\n/m);
      expect(result.stderr).not.toMatch(STACK);
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 130 at %s', async (signal) => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ faults: [{ fault: { kind: 'delay', milliseconds: 60_000 } }] });
    const child = startBinary(['list', `oci://${registry.host}/r`], workspace.folder);
    const stderr: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    await expect.poll(() => registry.requests().length, { timeout: 10_000 }).toBeGreaterThan(0);
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(Buffer.concat(stderr).toString()).toMatch(/^error: Cancelled\.\n/);
  });

  it('is quiet when nobody reads what it prints', async () => {
    await using workspace = await makeWorkspace();
    await runBinary(['push', '-a', 'doc.json', 'layout:out:v1'], { cwd: workspace.folder });
    const child = startBinary(['list', 'layout:out'], workspace.folder);
    child.stdout?.destroy();
    const stderr: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(Buffer.concat(stderr).toString()).toBe('');
  });

  it('says so when its output cannot be stored', async () => {
    await using workspace = await makeWorkspace();
    await runBinary(['push', '-a', 'doc.json', 'layout:out:v1'], { cwd: workspace.folder });
    await using full = await open('/dev/full', 'w');
    const pull = [builtFile(), 'pull', '-r', 'layout:out', '-t', 'v1'];
    const child = spawn(process.execPath, pull, { cwd: workspace.folder, stdio: ['ignore', full.fd, 'pipe'] });
    const stderr: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    expect(await once(child, 'close')).toEqual([73, null]);
    expect(Buffer.concat(stderr).toString()).toMatch(/^error: "standard output" cannot be written/);
    const help = spawn(process.execPath, [builtFile(), '--help'], { stdio: ['ignore', full.fd, 'ignore'] });
    expect(await once(help, 'close')).toEqual([73, null]);
  });

  it('runs where the folder it is in was removed', async () => {
    await using workspace = await makeWorkspace();
    const script = 'mkdir gone && cd gone && rmdir ../gone && "$0" "$@"';
    const run = (...argv: string[]) => ['-c', script, process.execPath, builtFile(), ...argv];
    for (const [argv, code] of [
      [['list', 'layout:out'], 3],
      [['--version'], 0],
    ] as const) {
      const child = spawn('sh', run(...argv), { cwd: workspace.folder, stdio: ['ignore', 'ignore', 'pipe'] });
      const stderr: Buffer[] = [];
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      expect(await once(child, 'close')).toEqual([code, null]);
      expect(Buffer.concat(stderr).toString()).not.toContain('node:');
    }
  });

  it('writes all of its help into a pipe', async () => {
    await using workspace = await makeWorkspace();
    const { code, stdout, stderr } = await runBinary(['--help'], { cwd: workspace.folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.toString()).toMatch(/^Usage: floe-oci/);
    expect(stdout.toString()).toMatch(/130\s+cancelled\.\n$/);
    expect(digestOf(stdout)).toBe(digestOf((await runBinary(['help'], { cwd: workspace.folder })).stdout));
  });
});
