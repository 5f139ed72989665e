import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/runCli.ts';
import { changedSample, makeWorkspace, sample, type Workspace } from '../support/workspace.ts';

const DIGEST = /^sha256:[0-9a-f]{64}\n$/;

async function manifestOf(workspace: Workspace, reference: string): Promise<Record<string, unknown>> {
  const { code, stdout } = await workspace.run('inspect', reference, '--raw');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('push of compiled artifacts', () => {
  it('prints the digest alone, in each way of naming the place', async () => {
    await using workspace = await makeWorkspace();
    const byOptions = await workspace.run('push', '-a', 'doc.json', '-r', 'layout:out', '-t', 'v1.0.0');
    const byReference = await workspace.run('push', 'layout:out:latest', '--artifact', 'doc.json');
    expect(byOptions).toMatchObject({ code: 0, stderr: '' });
    expect(byOptions.stdout).toMatch(DIGEST);
    expect(byReference).toEqual(byOptions);
  });

  it('tells scripts what became of each blob', async () => {
    await using workspace = await makeWorkspace();
    const first = await workspace.run('push', '-a', 'doc.json', '-r', 'layout:out', '-t', 'v1.0.0', '--json');
    expect(JSON.parse(first.stdout)).toEqual({
      reference: 'layout:out:v1.0.0',
      digest: expect.stringMatching(/^sha256:/),
      size: sample.length,
      artifactType: 'application/vnd.floe.compiled-artifacts.v1+json',
      outcome: 'pushed',
      blobs: [
        { digest: expect.any(String), size: 2, outcome: 'written' },
        { digest: expect.any(String), size: sample.length, outcome: 'written' },
      ],
    });
  });

  it('of the same again is a success that changes nothing', async () => {
    await using workspace = await makeWorkspace();
    const push = ['push', '-a', 'doc.json', 'layout:out:v1.0.0', '--json'];
    const first = JSON.parse((await workspace.run(...push)).stdout);
    const index = await readFile(workspace.path('out/index.json'));
    const second = await workspace.run(...push);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toEqual({ ...first, outcome: 'unchanged', blobs: [] });
    expect(await readFile(workspace.path('out/index.json'))).toEqual(index);
  });

  it('never moves a protected tag, and says both digests', async () => {
    await using workspace = await makeWorkspace();
    const existing = (await workspace.run('push', '-a', 'doc.json', 'layout:out:v1.0.0')).stdout.trim();
    const second = await workspace.run('push', '-a', 'changed.json', 'layout:out:v1.0.0', '--json');
    expect(second).toMatchObject({ code: 4, stdout: '' });
    expect(errorOf(second)).toMatchObject({
      code: 'TAG_IMMUTABLE',
      details: { existing, pushed: expect.not.stringMatching(existing), onlyAnnotationsDiffer: false },
    });
    const annotated = await workspace.run(
      'push',
      '-a',
      'doc.json',
      'layout:out:v1.0.0',
      '--annotation',
      'a=b',
      '--json',
    );
    expect(annotated.code).toBe(4);
    expect(errorOf(annotated)).toMatchObject({ details: { onlyAnnotationsDiffer: true } });
  });

  it('moves a mutable tag', async () => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:out:latest');
    expect((await workspace.run('push', '-a', 'changed.json', 'layout:out:latest')).code).toBe(0);
    expect((await workspace.run('pull', '-r', 'layout:out', '-t', 'latest')).bytes).toEqual(changedSample);
  });

  it('takes annotations, whose values may hold anything', async () => {
    await using workspace = await makeWorkspace();
    const annotations = ['--annotation', 'team=a=b', '--annotation', 'io.floe.product.name=other'];
    await workspace.run('push', '-a', 'doc.json', 'layout:out:v1', ...annotations);
    const manifest = await manifestOf(workspace, 'layout:out:v1');
    expect(manifest['annotations']).toMatchObject({ team: 'a=b', 'io.floe.product.name': 'other' });
  });

  it('records provenance on request, without the password of the remote', async () => {
    await using workspace = await makeWorkspace();
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: workspace.folder,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('remote', 'add', 'origin', 'https://me:secret@example.com/team/orders.git');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    await workspace.run('push', '-a', 'doc.json', 'layout:out:v1', '--provenance');
    expect((await manifestOf(workspace, 'layout:out:v1'))['annotations']).toMatchObject({
      'org.opencontainers.image.revision': git('rev-parse', 'HEAD').trim(),
      'org.opencontainers.image.source': 'https://example.com/team/orders.git',
    });
  });

  it('warns of what is accepted but worth a look', async () => {
    const text = sample.toString('utf8').replace('{', '{ "surprise": 1, ');
    await using workspace = await makeWorkspace({ 'odd.json': text });
    const { code, stdout, stderr } = await workspace.run('push', '-a', 'odd.json', 'layout:out:v1');
    expect(code).toBe(0);
    expect(stdout).toMatch(DIGEST);
    expect(stderr).toMatch(/^warning: odd\.json: line 1: surprise .*\n$/);
  });
});

describe('a document that is not pushed', () => {
  const cases: readonly (readonly [what: string, content: string | Buffer, code: number, error: string])[] = [
    ['is no JSON', '{ "version": ', 65, 'INVALID_DOCUMENT'],
    ['is empty', '', 65, 'INVALID_DOCUMENT'],
    ['starts with a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), sample]), 65, 'INVALID_DOCUMENT'],
    ['is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 65, 'INVALID_DOCUMENT'],
    ['has 50 MB', Buffer.alloc(50_000_000, 0x20), 65, 'INVALID_DOCUMENT'],
    ['nests a thousand levels', `${'['.repeat(1000)}${']'.repeat(1000)}`, 65, 'INVALID_DOCUMENT'],
    ['has a member twice', '{"version": "0.10.0", "version": "0.9.0"}', 65, 'INVALID_DOCUMENT'],
    ['is another document', '{"version": "0.10.0"}', 65, 'INVALID_DOCUMENT'],
    ['is of a later major version', sample.toString().replace('"0.10.0"', '"7.0.0"'), 65, 'UNSUPPORTED_VERSION'],
    ['holds a secret', sample.toString().replace('{', '{ "password": "hunter2-hunter2", '), 65, 'SECRET_IN_DOCUMENT'],
  ];

  it.each(cases)('%s: the error says so, and nothing is written', async (_, content, code, error) => {
    await using workspace = await makeWorkspace({ 'bad.json': content });
    const result = await workspace.run('push', '-a', 'bad.json', 'layout:out:v1', '--json');
    expect(result).toMatchObject({ code, stdout: '' });
    expect(errorOf(result).code).toBe(error);
    expect(result.stderr).not.toContain('hunter2');
    expect(existsSync(workspace.path('out'))).toBe(false);
  });

  it('is pushed all the same when that is asked for', async () => {
    await using workspace = await makeWorkspace({ 'bad.json': '{"password": "hunter2-hunter2"}' });
    const push = ['push', '-a', 'bad.json', 'layout:out:latest'];
    expect((await workspace.run(...push)).code).toBe(65);
    expect((await workspace.run(...push, '--no-validate')).code).toBe(65);
    expect((await workspace.run(...push, '--no-validate', '--allow-secrets')).code).toBe(0);
  });

  it('names each problem with its line', async () => {
    await using workspace = await makeWorkspace({ 'bad.json': '{\n  "version": "0.10.0",\n  "metadata": 7\n}' });
    const { stderr } = await workspace.run('push', '-a', 'bad.json', 'layout:out:v1');
    expect(stderr).toMatch(/^error: bad\.json is not valid\.\n(?: {2}.*\n)* {2}line 3: metadata .*\n/);
    expect(stderr).toMatch(/\nhint: .*\n$/);
  });

  it('is not there, or is a folder', async () => {
    await using workspace = await makeWorkspace();
    await mkdir(workspace.path('folder'));
    const missing = await workspace.run('push', '-a', 'missing.json', 'layout:out:v1', '--json');
    expect(missing.code).toBe(66);
    expect(errorOf(missing)).toMatchObject({ code: 'FILE_NOT_FOUND', details: { path: 'missing.json' } });
    const folder = await workspace.run('push', '-a', 'folder', 'layout:out:v1', '--json');
    expect(folder.code).toBe(66);
    expect(errorOf(folder)).toMatchObject({ code: 'FILE_NOT_READABLE', message: expect.stringContaining('folder') });
    expect(existsSync(workspace.path('out'))).toBe(false);
  });
});

describe('push of any files', () => {
  it('makes one artifact of them, each titled with its path', async () => {
    await using workspace = await makeWorkspace({ docs: { 'a.txt': 'alpha' }, 'b.json': '{}' });
    const type = 'application/vnd.example.report.v1';
    const pushed = await workspace.run(
      'push',
      'layout:out:v1',
      './docs/a.txt:text/plain',
      workspace.path('b.json'),
      '--artifact-type',
      type,
      '--json',
    );
    expect(JSON.parse(pushed.stdout)).toMatchObject({ artifactType: type, size: 7, outcome: 'pushed' });
    expect(JSON.parse(pushed.stdout).blobs).toHaveLength(2);
    expect(await manifestOf(workspace, 'layout:out:v1')).toMatchObject({
      artifactType: type,
      layers: [
        { mediaType: 'text/plain', size: 5, annotations: { 'org.opencontainers.image.title': 'docs/a.txt' } },
        { mediaType: 'application/octet-stream', annotations: { 'org.opencontainers.image.title': 'b.json' } },
      ],
    });
  });

  it('keeps the rule of tags, and is a no-op the second time', async () => {
    await using workspace = await makeWorkspace({ 'a.txt': 'alpha' });
    const push = ['push', '-r', 'layout:out', '-t', 'v1.0.0', 'a.txt'];
    const first = await workspace.run(...push);
    expect(await workspace.run(...push)).toEqual(first);
    const annotated = await workspace.run(...push, '--annotation', 'a=b', '--json');
    expect(annotated.code).toBe(4);
    expect(errorOf(annotated)).toMatchObject({ code: 'TAG_IMMUTABLE', details: { onlyAnnotationsDiffer: true } });
    await writeFile(workspace.path('a.txt'), 'beta');
    const changed = await workspace.run(...push, '--json');
    expect(errorOf(changed)).toMatchObject({ code: 'TAG_IMMUTABLE', details: { onlyAnnotationsDiffer: false } });
  });

  it.each(['a:b', 'a\tb', 'a\\b'])('refuses %j, which pull would not write, and makes nothing', async (name) => {
    await using workspace = await makeWorkspace({ 'a.txt': 'alpha', [name]: 'alpha' });
    const refused = await workspace.run('push', 'layout:out:v1', 'a.txt', name, '--json');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(refused)).toMatchObject({ code: 'UNSAFE_PATH', details: { name } });
    expect(existsSync(workspace.path('out'))).toBe(false);
  });

  it('refuses what cannot be pushed, and writes nothing', async () => {
    await using workspace = await makeWorkspace({ 'a.txt': 'alpha', docs: { 'a.txt': 'other' } });
    const fails = async (code: number, error: string, ...operands: string[]): Promise<void> => {
      const result = await workspace.run('push', 'layout:out:v1', '--json', ...operands);
      expect(result).toMatchObject({ code, stdout: '' });
      expect(errorOf(result).code).toBe(error);
    };
    await fails(64, 'WRONG_USAGE');
    await fails(66, 'FILE_NOT_FOUND', 'missing.txt');
    await fails(65, 'INVALID_MEDIA_TYPE', 'a.txt:text');
    await fails(65, 'INVALID_MEDIA_TYPE', 'a.txt', '--artifact-type', 'report');
    await fails(64, 'WRONG_USAGE', workspace.path('a.txt'), workspace.path('docs/a.txt'));
    await fails(64, 'WRONG_USAGE', 'a.txt', '--provenance');
    await fails(64, 'WRONG_USAGE', 'a.txt', '--allow-secrets');
    expect(existsSync(workspace.path('out'))).toBe(false);
  });
});
