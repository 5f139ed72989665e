import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullHit } from '../../src/cli/pullHit.ts';
import { userAgent } from '../../src/oci/hit.ts';
import { readTree } from '../support/fileTree.ts';
import { largeDocument } from '../support/largeDocument.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { age } from './support/age.ts';
import { dist, runBinary, runProgram } from './support/binary.ts';
import { changedSample, makeWorkspace, sample, type Workspace } from './support/workspace.ts';

interface Setting extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly registry: TestRegistry;
  readonly place: string;
  /** What the narrow way does: whether it answered, and what it said. */
  hit(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The files below `references` and `blobs`. */
  record(): Promise<string>;
  blob(digest: string): string;
}

interface Answer {
  readonly done: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The sample under two tags, pulled once each, and a registry that has gone away since. */
async function pulled(document = sample): Promise<Setting> {
  const workspace = await makeWorkspace({ 'given.json': document });
  const registry = await startRegistry();
  const place = `oci://${registry.host}/team/orders`;
  for (const tag of ['v1.0.0', 'latest']) {
    await workspace.run('push', '-a', 'given.json', '-r', place, '-t', tag, '--no-validate');
    await workspace.run('pull', '-r', place, '-t', tag);
  }
  const digest = (await workspace.run('resolve', `${place}:v1.0.0`)).stdout.trim();
  await workspace.run('pull', '-r', `${place}@${digest}`);
  registry.clearRequests();
  const hit: Setting['hit'] = async (argv, env = {}) => {
    const [out, err] = [workspace.path('stdout'), workspace.path('stderr')];
    const [stdout, stderr] = [openSync(out, 'w'), openSync(err, 'w')];
    const world = {
      env: { FLOE_OCI_CACHE_DIR: workspace.cache, ...env },
      cwd: workspace.folder,
      signal: new AbortController().signal,
      stdout,
      stderr,
    };
    try {
      const done = await pullHit(argv, world);
      return { done, stdout: await readFile(out), stderr: await readFile(err, 'utf8') };
    } finally {
      closeSync(stdout);
      closeSync(stderr);
      await rm(out);
      await rm(err);
    }
  };
  return {
    workspace,
    registry,
    place,
    hit,
    async record() {
      const folder = join(workspace.cache, 'references');
      for (const name of await readdir(folder)) {
        const record = JSON.parse(await readFile(join(folder, name), 'utf8'));
        if (record.reference === 'v1.0.0') return join(folder, name);
      }
      throw new Error('there is no record of v1.0.0');
    },
    blob: (name) => join(workspace.cache, 'blobs', name.replace(':', '/')),
    async [Symbol.asyncDispose]() {
      await registry.close();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

const UNANSWERED = { done: false, stdout: Buffer.alloc(0), stderr: '' };

describe('a hit, by the narrow way', () => {
  it('is word for word and byte for byte what the whole program says', async () => {
    await using at = await pulled();
    const { workspace, place, hit, registry } = at;
    const digest = (await workspace.run('resolve', `${place}:v1.0.0`)).stdout.trim();
    await age(workspace, 3);
    registry.clearRequests();
    for (const argv of [
      ['-r', place, '-t', 'v1.0.0'],
      ['-r', place, '-t', 'latest'],
      ['-t', 'latest', '-r', place.replace('oci://', '')],
      ['-r', `${place}:v1.0.0`],
      ['--registry', `${place}@${digest}`],
      ['-r', place, '-t', 'v1.0.0', '-o', 'out.json'],
      ['-r', place, '--tag', 'v1.0.0', '--output', join(workspace.folder, 'out.json')],
      ['-r', place, '-t', 'v1.0.0', '-o', 'out.json', '--json'],
      ['-r', `${place}@${digest}`, '--json', '-o', 'doc.json'],
      ['-r', place, '-t', 'latest', '--json'],
      ['-r', place, '-t', 'latest', '--offline'],
      ['-r', place, '-t', 'latest', '--offline', '-o', 'out.json', '--json'],
      ['-r', `${place}@${digest}`, '--offline'],
      ['-r', place, '-t', 'latest', '--cache-dir', workspace.cache],
    ]) {
      await rm(workspace.path('out.json'), { force: true });
      const whole = await workspace.run('pull', ...argv);
      const tree = await readTree(workspace.folder);
      await rm(workspace.path('out.json'), { force: true });
      expect([argv, whole.code]).toEqual([argv, 0]);
      const found = await hit(['pull', ...argv]);
      expect([argv, found.stdout.toString(), found.stderr]).toEqual([argv, whole.stdout, whole.stderr]);
      expect([argv, found]).toEqual([argv, { done: true, stdout: whole.bytes, stderr: whole.stderr }]);
      expect(await readTree(workspace.folder)).toEqual(tree);
    }
    expect(registry.lines()).toEqual([]);
  });

  it('changes nothing in the cache but when its files were used', async () => {
    await using at = await pulled();
    const { workspace, place, hit } = at;
    const before = await readTree(workspace.cache);
    const record = await at.record();
    const index = await stat(join(workspace.cache, 'index.json'));
    const usedBefore = (await stat(record)).mtimeMs;
    expect((await hit(['pull', '-r', place, '-t', 'v1.0.0'])).done).toBe(true);
    expect(await readTree(workspace.cache)).toEqual(before);
    expect((await stat(join(workspace.cache, 'index.json'))).mtimeMs).toBe(index.mtimeMs);
    expect((await stat(record)).mtimeMs).toBeGreaterThan(usedBefore);
    const { descriptor, endorsement } = JSON.parse(await readFile(record, 'utf8'));
    for (const digest of [descriptor.digest, endorsement.digest]) {
      expect((await stat(at.blob(digest))).mtimeMs).toBe((await stat(record)).mtimeMs);
    }
  });
});

describe('left to the whole program is', () => {
  /** For those that change nothing. */
  let shared: Setting;
  beforeAll(async () => {
    shared = await pulled();
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  it.each([
    ['pull', '-t', 'v1.0.0'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '--refresh'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '--no-cache'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '--verbose'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '--config', 'manifest.yaml'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '-t', 'v1.0.0'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '-o', ''],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', 'more'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '--', 'x'],
    ['pull', '-r', '{place}', '-t'],
    ['pull', '-r', '{place}'],
    ['pull', '-r', '{place}:v1.0.0', '-t', 'v1.0.0'],
    ['pull', '-r', '{place}', '-t', 'not a tag'],
    ['pull', '-r', 'layout:out', '-t', 'v1.0.0'],
    ['pull', '-r{place}', '-tv1.0.0'],
    ['pull', '{place}:v1.0.0'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '-o', 'missing/out.json'],
    ['pull', '-r', '{place}', '-t', 'v1.0.0', '-o', '.'],
    ['--json', 'pull', '-r', '{place}', '-t', 'v1.0.0'],
    ['resolve', '-r', '{place}', '-t', 'v1.0.0'],
    ['pull', '-r', '{place}', '-t', 'v9.9.9'],
  ])('%j %j %j %j %j %j %j', async (...argv) => {
    const named = argv.filter((word) => word !== undefined).map((word) => word.replace('{place}', shared.place));
    expect(await shared.hit(named)).toEqual(UNANSWERED);
  });

  it.each<Readonly<Record<string, string>>>([
    { FLOE_OCI_LOG: 'debug' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
    { FLOE_REGISTRY_USERNAME: 'somebody' },
    { FLOE_REGISTRY_TOKEN: 'token', FLOE_REGISTRY_HOST: 'not a host' },
    { FLOE_OCI_CACHE_DIR: '' },
  ])('a pull in the environment %j', async (env) => {
    expect(await shared.hit(['pull', '-r', shared.place, '-t', 'v1.0.0'], env)).toEqual(UNANSWERED);
  });

  it('a tag whose time is over, and no version', async () => {
    await using at = await pulled();
    await age(at.workspace, 25);
    expect((await at.hit(['pull', '-r', at.place, '-t', 'latest'])).done).toBe(false);
    expect((await at.hit(['pull', '-r', at.place, '-t', 'latest', '--offline'])).done).toBe(true);
    expect((await at.hit(['pull', '-r', at.place, '-t', 'v1.0.0'])).done).toBe(true);
    await age(at.workspace, -50);
    expect((await at.hit(['pull', '-r', at.place, '-t', 'latest'])).done).toBe(false);
  });

  it('a document of which there is something to say', async () => {
    const odd = Buffer.from(sample.toString('utf8').replace('{', '{"unknown_field": 1,'));
    await using at = await pulled(odd);
    const argv = ['pull', '-r', at.place, '-t', 'v1.0.0'];
    expect((await at.workspace.run(...argv)).stderr).toContain('unknown_field');
    expect(await at.hit(argv)).toEqual(UNANSWERED);
  });

  it('a document that a reader of another version has read', async () => {
    await using at = await pulled();
    const record = await at.record();
    const { checksum: _, ...members } = JSON.parse(await readFile(record, 'utf8'));
    await writeFile(record, JSON.stringify(members).replace(userAgent, 'floe-oci/0.0.1'));
    const argv = ['pull', '-r', at.place, '-t', 'v1.0.0'];
    expect(await at.hit(argv)).toEqual(UNANSWERED);
    expect((await at.workspace.run(...argv)).bytes).toEqual(sample);
    expect((await at.hit(argv)).done).toBe(true);
  });

  it('a tag that has moved, until its new document has been read, too', async () => {
    await using at = await pulled();
    const argv = ['pull', '-r', at.place, '-t', 'latest'];
    await at.workspace.run('push', '-a', 'changed.json', '-r', at.place, '-t', 'latest', '--no-cache');
    await age(at.workspace, 25);
    await at.workspace.run('resolve', `${at.place}:latest`);
    expect(await at.hit(argv)).toEqual(UNANSWERED);
    expect((await at.workspace.run(...argv)).bytes).toEqual(changedSample);
    expect((await at.hit(argv)).stdout).toEqual(changedSample);
  });

  it('a cache of another format', async () => {
    await using at = await pulled();
    await writeFile(join(at.workspace.cache, 'floe-oci-cache.json'), '{"version":2}');
    expect(await at.hit(['pull', '-r', at.place, '-t', 'v1.0.0'])).toEqual(UNANSWERED);
  });

  it.each(['manifest', 'document'])('damage of the %s', async (which) => {
    await using at = await pulled();
    const argv = ['pull', '-r', at.place, '-t', 'v1.0.0'];
    const { descriptor, endorsement } = JSON.parse(await readFile(await at.record(), 'utf8'));
    const path = at.blob(which === 'manifest' ? descriptor.digest : endorsement.digest);
    const right = await readFile(path);
    const flipped = Buffer.from(right);
    flipped[flipped.length - 2] = (flipped.at(-2) ?? 0) ^ 1;
    for (const wrong of [flipped, right.subarray(1), Buffer.concat([right, right]), Buffer.alloc(0)]) {
      await writeFile(path, wrong);
      expect(await at.hit(argv)).toEqual(UNANSWERED);
    }
    await rm(path);
    expect(await at.hit(argv)).toEqual(UNANSWERED);
    await writeFile(at.workspace.path('elsewhere'), right);
    await symlink(at.workspace.path('elsewhere'), path);
    expect(await at.hit(argv)).toEqual(UNANSWERED);
    await rm(path);
    execFileSync('mkfifo', [path]);
    expect(await at.hit(argv)).toEqual(UNANSWERED);
    await rm(path);
    await mkdir(path);
    expect(await at.hit(argv)).toEqual(UNANSWERED);
    await rm(path, { recursive: true });
    await rename(at.workspace.path('elsewhere'), path);
    expect((await at.hit(argv)).done).toBe(true);
  });

  it('a record that is not as we write it, or of something else', async () => {
    await using at = await pulled();
    const argv = ['pull', '-r', at.place, '-t', 'v1.0.0'];
    const path = await at.record();
    const { checksum, ...right } = JSON.parse(await readFile(path, 'utf8'));
    const { descriptor, endorsement } = right;
    const other = `sha256:${'0'.repeat(64)}`;
    for (const wrong of [
      '',
      '{',
      'null',
      '[]',
      { ...right, checksum, fetchedAt: '2026-01-01T00:00:00.000Z' },
      { ...right, checksum: '' },
      { ...right, registry: 'other.example' },
      { ...right, repository: 'team/other' },
      { ...right, reference: 'v2.0.0' },
      { ...right, checkedAt: 'yesterday' },
      { ...right, checkedAt: Date.now() },
      { ...right, fetchedAt: undefined },
      { ...right, descriptor: undefined },
      { ...right, descriptor: { ...descriptor, digest: other } },
      { ...right, descriptor: { ...descriptor, digest: '../../../x' } },
      { ...right, descriptor: { ...descriptor, size: descriptor.size + 1 } },
      { ...right, descriptor: { ...descriptor, size: -1 } },
      { ...right, descriptor: { ...descriptor, mediaType: 'application/vnd.oci.image.index.v1+json' } },
      { ...right, endorsement: undefined },
      { ...right, endorsement: { ...endorsement, digest: descriptor.digest } },
      { ...right, endorsement: { by: endorsement.by } },
      { ...right, padding: 'x'.repeat(20_000) },
    ]) {
      await writeFile(path, typeof wrong === 'string' ? wrong : JSON.stringify(wrong));
      expect([wrong, await at.hit(argv)]).toEqual([wrong, UNANSWERED]);
    }
    await writeFile(path, JSON.stringify(right));
    expect((await at.hit(argv)).done).toBe(true);
  });
});

describe('the built command line', () => {
  it('answers a hit with its first file alone, and needs the others for everything else', async () => {
    await using workspace = await makeWorkspace();
    const registry = await startRegistry();
    const env = { FLOE_OCI_CACHE_DIR: workspace.cache };
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0'];
    await runBinary(['push', '-a', 'doc.json', ...place], { cwd: workspace.folder, env });
    await runBinary(['pull', ...place], { cwd: workspace.folder, env });
    await registry.close();
    const file = workspace.path('cli.js');
    await copyFile(join(dist, 'cli.js'), file);
    await writeFile(workspace.path('package.json'), '{"type":"module"}');
    const options = { cwd: workspace.folder, env, file };
    expect(await runBinary(['pull', ...place], options)).toEqual({ code: 0, stdout: sample, stderr: '' });
    const written = await runBinary(['pull', ...place, '-o', 'out.json'], options);
    expect(written).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^pulled .* to out\.json from the cache\n$/),
    });
    expect(await readFile(workspace.path('out.json'))).toEqual(sample);
    expect((await runBinary(['--help'], options)).stderr).toContain('wholeProgram.js');
  });

  it('loads little before it knows that it has to', async () => {
    const { outputs } = JSON.parse(await readFile(join(dist, 'cli.meta.json'), 'utf8'));
    const { bytes, imports, inputs } = outputs['dist/cli.js'];
    expect(imports.filter(({ kind }: { kind: string }) => kind === 'import-statement')).toEqual([]);
    expect(new Set(Object.keys(inputs).filter((path) => path.startsWith('builtin:')))).toEqual(
      new Set(['node:crypto', 'node:fs', 'node:fs/promises', 'node:os', 'node:path'].map((path) => `builtin:${path}`)),
    );
    // Three times that of which there is today, when it is not minified.
    expect(bytes).toBeLessThan(96 * 1024);
  });

  it('gives way to whoever stops reading in the middle of a hit, and says when there is no room for all of it', async () => {
    const document = largeDocument(300_000);
    await using workspace = await makeWorkspace({ 'large.json': document });
    const registry = await startRegistry();
    const env = { FLOE_OCI_CACHE_DIR: workspace.cache, PATH: process.env['PATH'] ?? '' };
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0'];
    await runBinary(['push', '-a', 'large.json', ...place], { cwd: workspace.folder, env });
    expect((await runBinary(['pull', ...place], { cwd: workspace.folder, env })).stderr).toBe('');
    await registry.close();
    const command = [process.execPath, join(dist, 'cli.js'), 'pull', ...place];
    const shell = (script: string) =>
      runProgram('bash', ['--norc', '-c', script, '-', ...command], workspace.folder, env);
    expect(await shell('set -o pipefail; "$@" | head -c 1 > /dev/null')).toMatchObject({ code: 0, stderr: '' });
    const full = await shell('"$@" > /dev/full');
    expect(full.code).toBe(73);
    expect(full.stderr).toMatch(/^error: "standard output" cannot be written/);
    const part = await shell(`ulimit -f 64; trap '' XFSZ; "$@" > part`);
    expect(part.code).toBe(73);
    expect((await stat(workspace.path('part'))).size).toBe(64 * 1024);
  });
});
