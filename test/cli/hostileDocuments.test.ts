import { truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../src/floe/jsonDocument.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, sample, type Workspace } from './support/workspace.ts';

const HUGE = 50 * 1024 * 1024;
const PUSH = ['push', '-a', 'bad.json', '-r', 'layout:./out', '-t', 'v1.0.0', '--json'] as const;
const LIST = ['list', '--config', 'bad.yaml', '--json'] as const;
const HEAD = `apiVersion: floe.dev/v1
artifacts:
  registry:
    uri: oci://registry.harbour.example/floe/traffic
    auth: { type: anonymous }
`;

/** A file of that size, of which hardly anything is on the disk. */
async function makeHuge(workspace: Workspace, name: string, start = ''): Promise<void> {
  await writeFile(workspace.path(name), start);
  await truncate(workspace.path(name), HUGE);
}

describe('a document of 50 MB', () => {
  it('is refused by its size, before it is read', async () => {
    await using workspace = await makeWorkspace();
    await makeHuge(workspace, 'bad.json', '{');
    const refused = await workspace.run(...PUSH);
    expect(refused.code).toBe(65);
    expect(errorOf(refused)).toMatchObject({
      code: 'INVALID_DOCUMENT',
      details: { problems: [{ path: '', message: 'is larger than 16 MiB, the most that is accepted' }] },
    });
    await makeHuge(workspace, 'bad.yaml', HEAD);
    const manifest = await workspace.run(...LIST);
    expect([manifest.code, errorOf(manifest).code]).toEqual([66, 'FILE_NOT_READABLE']);
  });

  it('is pulled into a file unread, and never to stdout', async () => {
    await using workspace = await makeWorkspace();
    await makeHuge(workspace, 'compiled_artifacts.json');
    expect((await workspace.run('push', 'layout:./big:v1.0.0', 'compiled_artifacts.json')).code).toBe(0);
    const printed = await workspace.run('pull', '-r', 'layout:./big', '-t', 'v1.0.0', '--json');
    expect([errorOf(printed).code, printed.stdout]).toEqual(['LIMIT_EXCEEDED', '']);
    const saved = await workspace.run('pull', '-r', 'layout:./big', '-t', 'v1.0.0', '-o', 'saved.json');
    expect(saved.code).toBe(0);
    expect(saved.stderr).toContain('is too large to be checked');
  });

  it('is nothing to a command that finds it by default', async () => {
    await using workspace = await makeWorkspace();
    await makeHuge(workspace, 'manifest.yaml', HEAD);
    expect((await workspace.run('list')).code).toBe(64);
  });
});

describe('a document of a thousand levels', () => {
  const levels = (open: string, close: string): string => open.repeat(1000) + close.repeat(1000);

  it('is refused where it gets too deep', async () => {
    await using workspace = await makeWorkspace({ 'bad.json': levels('[', ']') });
    const message = `nests deeper than ${MAX_DEPTH} levels`;
    const refused = await workspace.run(...PUSH);
    expect(errorOf(refused)).toMatchObject({ details: { problems: [{ path: '', message, line: 1 }] } });
  });

  it('is refused in a manifest.yaml, in whichever part of it', async () => {
    for (const deep of [levels('[', ']'), levels('{ a: ', ' }'), '- '.repeat(1000)]) {
      await using workspace = await makeWorkspace({ 'bad.yaml': `${HEAD}x:\n  ${deep}\n` });
      expect(errorOf(await workspace.run(...LIST))).toMatchObject({
        code: 'INVALID_DOCUMENT',
        details: { problems: [{ path: '', message: `nests deeper than ${MAX_DEPTH} levels`, line: 7 }] },
      });
    }
  });
});

describe('a byte order mark', () => {
  it('is refused in JSON and accepted in YAML, as their specifications have it', async () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    await using workspace = await makeWorkspace({
      'bad.json': Buffer.concat([mark, sample]),
      'bad.yaml': Buffer.concat([mark, Buffer.from(HEAD)]),
    });
    expect(errorOf(await workspace.run(...PUSH)).code).toBe('INVALID_DOCUMENT');
    // It is understood: what is missing is the registry's answer in the cache.
    const read = await workspace.run(...LIST, '--offline');
    expect(read.code).not.toBe(65);
    expect(read.stderr + read.stdout).toContain('registry.harbour.example');
  });
});
