import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry } from '../support/registry/index.ts';
import { type ProcessResult, runProgram } from './support/binary.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

/** KiB that a file may have, as on a disk that is full from there on. Everybody may limit himself so. */
const ROOM = 200;

const large = randomBytes(2 * 1024 * ROOM);
const document = Buffer.from(JSON.stringify({ padding: large.toString('hex') }));

let workspace: Workspace;
/** What is there before anything is tried. */
let before: readonly string[];

beforeAll(async () => {
  workspace = await makeWorkspace({
    'large.bin': large,
    'large.json': document,
    random: { 'large.bin': large },
    zeros: { first: 'x', second: `${'0'.repeat(500)}\n`.repeat(4 * ROOM), third: large.subarray(0, 1000) },
    temporary: {},
  });
  const pushed = [
    await workspace.run('push', 'layout:source:file', 'large.bin', 'doc.json'),
    await workspace.run('push', 'layout:source:folder', 'zeros'),
    await workspace.run('push', '-a', 'large.json', 'layout:source:document', '--no-validate'),
  ];
  expect(pushed.map(({ code }) => code)).toEqual([0, 0, 0]);
  before = await everything();
});
afterAll(() => workspace[Symbol.asyncDispose]());

async function everything(): Promise<readonly string[]> {
  return (await readdir(workspace.folder, { recursive: true })).toSorted();
}

function runLimited(...argv: readonly string[]): Promise<ProcessResult> {
  const program = join(import.meta.dirname, 'support/fromSources.ts');
  const env = { PATH: process.env['PATH'], TMPDIR: workspace.path('temporary'), FLOE_OCI_CACHE_DIR: workspace.cache };
  const command = [process.execPath, program, ...argv];
  return runProgram('sh', ['-c', `ulimit -f ${2 * ROOM}; exec "$@"`, '-', ...command], workspace.folder, env);
}

describe.runIf(process.platform !== 'win32')('where there is no room', () => {
  it.each([
    ['a pull to a file', ['pull', '-r', 'layout:source', '-t', 'document', '-o', 'out.json'], 'out.json'],
    ['a pull to a folder', ['pull', 'layout:source:file', '-o', 'out'], 'out/large.bin'],
    ['a pull of a folder', ['pull', 'layout:source:folder', '-o', 'out'], 'out/'],
    ['a push of a folder', ['push', 'layout:new:v1', 'random'], 'temporary/'],
  ])('%s names the place with exit 73, and leaves nothing behind', async (_, argv, place) => {
    const { code, stdout, stderr } = await runLimited(...argv, '--json');
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 73, stdout: '' });
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      details: { path: expect.stringContaining(workspace.path(place)), reason: expect.stringContaining('too large') },
    });
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['push', 'pushed', ['push', 'layout:pushed:v1', 'large.bin']],
    ['copy', 'copied', ['copy', 'layout:source:file', 'layout:copied:v1']],
  ])('a %s to a layout ends with exit 73, and nothing half-written is in it', async (_, target, argv) => {
    const { code, stderr } = await runLimited(...argv, '--json');
    expect({ code, error: JSON.parse(stderr).error }).toMatchObject({
      code: 73,
      error: { code: 'FILE_NOT_WRITABLE', details: { path: expect.stringContaining(workspace.path(target)) } },
    });
    expect((await readdir(workspace.path(target))).toSorted()).toEqual(['blobs', 'index.json', 'oci-layout']);
    expect(await readFile(join(workspace.path(target), 'index.json'), 'utf8')).toContain('"manifests":[]');
    expect(await workspace.run('copy', 'layout:source:file', `layout:${target}:v1`)).toMatchObject({ code: 0 });
    expect(await workspace.run('validate', `layout:${target}:v1`)).toMatchObject({ code: 0 });
    await rm(workspace.path(target), { recursive: true });
  });

  it('a pull through a cache is a warning and the content, and nothing half-written is in the cache', async () => {
    await using registry = await startRegistry();
    const place = `oci://${registry.host}/team/orders:v1`;
    expect(await workspace.run('copy', 'layout:source:document', place)).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await runLimited('pull', '-r', place);
    expect(code).toBe(0);
    expect(stdout.equals(document)).toBe(true);
    expect(stderr.split('\n').filter((line) => line.startsWith('warning: the cache '))).toHaveLength(1);
    const cached = await readdir(workspace.cache, { recursive: true, withFileTypes: true });
    expect(cached.filter(({ name }) => name.endsWith('.tmp'))).toEqual([]);
    expect(JSON.parse((await workspace.run('cache', 'verify', '--json')).stdout)).toMatchObject({ removed: [] });
  });
});
