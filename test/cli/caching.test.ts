import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { age } from './support/age.ts';
import { errorOf } from './support/runCli.ts';
import { changedSample, makeWorkspace, sample, type Workspace } from './support/workspace.ts';

/** A workspace and a registry that has the sample under some tags. */
async function pushed(
  ...tags: readonly string[]
): Promise<
  AsyncDisposable & { readonly workspace: Workspace; readonly registry: TestRegistry; readonly place: string }
> {
  const workspace = await makeWorkspace();
  const registry = await startRegistry();
  const place = `oci://${registry.host}/team/orders`;
  for (const tag of tags) await workspace.run('push', '-a', 'doc.json', '-r', place, '-t', tag);
  registry.clearRequests();
  return {
    workspace,
    registry,
    place,
    async [Symbol.asyncDispose]() {
      await registry.close();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

/** Another client moves the tag, of which our cache hears nothing. */
async function moveTag(workspace: Workspace, place: string, tag: string): Promise<void> {
  await workspace.run('push', '-a', 'changed.json', '-r', place, '-t', tag, '--no-cache');
}

const sourceOf = ({ stdout }: { readonly stdout: string }): string => JSON.parse(stdout).source;

describe('what was pulled', () => {
  it('is pulled again without a request, and says where it came from', async () => {
    await using at = await pushed('v1.0.0', 'latest');
    const { workspace, registry, place } = at;
    for (const tag of ['v1.0.0', 'latest']) {
      const pull = ['pull', '-r', place, '-t', tag, '-o', 'out.json'];
      const first = await workspace.run(...pull, '--json');
      expect([first.code, sourceOf(first)]).toEqual([0, 'registry']);
      registry.clearRequests();
      const second = await workspace.run(...pull, '--json');
      expect(second).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(second.stdout)).toEqual({ ...JSON.parse(first.stdout), source: 'cache' });
      expect(await readFile(workspace.path('out.json'))).toEqual(sample);
      expect((await workspace.run(...pull)).stderr).toBe(`pulled ${place}:${tag} to out.json from the cache\n`);
      expect((await workspace.run('pull', '-r', place, '-t', tag)).bytes).toEqual(sample);
      expect((await workspace.run('inspect', `${place}:${tag}`)).code).toBe(0);
      expect((await workspace.run('resolve', `${place}:${tag}`)).code).toBe(0);
      const files = await workspace.run('pull', `${place}:${tag}`, '-o', `out-${tag}`, '--json');
      expect(sourceOf(files)).toBe('cache');
      expect(registry.lines()).toEqual([]);
    }
  });

  it('is asked for tag by tag by list, but for versions that are known', async () => {
    await using at = await pushed('v1.0.0', 'v1.1.0');
    const { workspace, registry, place } = at;
    const first = await workspace.run('list', place);
    registry.clearRequests();
    expect(await workspace.run('list', place)).toEqual(first);
    expect(registry.lines()).toEqual([expect.stringContaining('/tags/list')]);
  });

  it('is asked about again when its time is over, with one request while it has not changed', async () => {
    await using at = await pushed('latest', 'v1.0.0');
    const { workspace, registry, place } = at;
    const pull = (tag: string) => workspace.run('pull', '-r', place, '-t', tag, '-o', 'out.json', '--json');
    await pull('latest');
    await pull('v1.0.0');
    await age(workspace, 25);
    registry.clearRequests();
    expect(sourceOf(await pull('latest'))).toBe('cache');
    expect(registry.requests().map(({ status }) => status)).toEqual([304]);
    expect(sourceOf(await pull('v1.0.0'))).toBe('cache');
    expect(sourceOf(await pull('latest'))).toBe('cache');
    expect(registry.requests().length).toBe(1);

    await moveTag(workspace, place, 'latest');
    await age(workspace, 25);
    expect(sourceOf(await pull('latest'))).toBe('registry');
    expect(await readFile(workspace.path('out.json'))).toEqual(changedSample);
  });

  it('is asked about at once with --refresh', async () => {
    await using at = await pushed('latest');
    const { workspace, place } = at;
    const pull = ['pull', '-r', place, '-t', 'latest'];
    await workspace.run(...pull);
    await moveTag(workspace, place, 'latest');
    expect((await workspace.run(...pull)).bytes).toEqual(sample);
    expect((await workspace.run(...pull, '--refresh')).bytes).toEqual(changedSample);
    expect((await workspace.run(...pull)).bytes).toEqual(changedSample);
  });

  it('gives way to what is pushed from here', async () => {
    await using at = await pushed('latest');
    const { workspace, place } = at;
    const pull = ['pull', '-r', place, '-t', 'latest'];
    await workspace.run(...pull);
    await workspace.run('push', '-a', 'changed.json', '-r', place, '-t', 'latest');
    expect((await workspace.run(...pull)).bytes).toEqual(changedSample);
    await workspace.run('delete', `${place}:latest`, '--yes');
    expect((await workspace.run(...pull)).code).toBe(3);
  });

  it('plays no part in validate, nor in what changes a registry', async () => {
    await using at = await pushed('v1.0.0');
    const { workspace, registry, place } = at;
    await workspace.run('pull', '-r', place, '-t', 'v1.0.0');
    registry.clearRequests();
    expect((await workspace.run('validate', `${place}:v1.0.0`)).code).toBe(0);
    expect(registry.requests({ path: /blobs/ }).length).toBeGreaterThan(0);
    registry.clearRequests();
    expect((await workspace.run('copy', `${place}:v1.0.0`, 'layout:out:v1.0.0')).code).toBe(0);
    expect(registry.requests({ path: /blobs/ }).length).toBeGreaterThan(0);
  });

  it('is fetched again when it is damaged', async () => {
    await using at = await pushed('v1.0.0');
    const { workspace, registry, place } = at;
    const pull = ['pull', '-r', place, '-t', 'v1.0.0', '-o', 'out.json', '--json'];
    const [document] = JSON.parse((await workspace.run(...pull)).stdout).files;
    const blob = join(workspace.cache, 'blobs', document.digest.replace(':', '/'));
    await writeFile(blob, Buffer.alloc(sample.length));
    registry.clearRequests();
    const again = await workspace.run(...pull);
    expect([again.code, sourceOf(again)]).toEqual([0, 'registry']);
    expect(again.stderr).toMatch(/^warning: cache_corruption_detected [^\n]+\n$/);
    expect(registry.lines()).toEqual([`GET /v2/team/orders/blobs/${document.digest}`]);
    expect(await readFile(workspace.path('out.json'))).toEqual(sample);
    expect(await readFile(blob)).toEqual(sample);
  });
});

describe('--no-cache', () => {
  it('neither reads the cache nor fills it', async () => {
    await using at = await pushed('v1.0.0');
    const { workspace, registry, place } = at;
    const pull = ['pull', '-r', place, '-t', 'v1.0.0', '-o', 'out.json', '--json'];
    expect(sourceOf(await workspace.run(...pull, '--no-cache'))).toBe('registry');
    await expect(readdir(workspace.cache)).rejects.toMatchObject({ code: 'ENOENT' });
    await workspace.run(...pull);
    registry.clearRequests();
    expect(sourceOf(await workspace.run(...pull, '--no-cache'))).toBe('registry');
    expect(registry.requests().length).toBeGreaterThan(0);
  });
});

describe('--offline', () => {
  it('does with what was pulled, and says how old it is', async () => {
    await using at = await pushed('latest', 'v1.0.0');
    const { workspace, registry, place } = at;
    const name = `${registry.host}/team/orders`;
    await workspace.run('pull', '-r', place, '-t', 'latest');
    const digest = (await workspace.run('resolve', `${place}:latest`)).stdout.trim();
    await age(workspace, 75);
    await registry.close();

    const pulled = await workspace.run('pull', '-r', place, '-t', 'latest', '-o', 'out.json', '--json', '--offline');
    expect(pulled).toMatchObject({ code: 0, stderr: `offline: ${name}:latest is as it was 3 days ago\n` });
    expect(sourceOf(pulled)).toBe('cache');
    expect(await readFile(workspace.path('out.json'))).toEqual(sample);
    const list = await workspace.run('list', place, '--json', '--offline', '--log-format', 'json');
    expect(JSON.parse(list.stdout).tags).toMatchObject([{ name: 'latest', digest }]);
    expect(JSON.parse(list.stderr)).toMatchObject({ level: 'warn', event: 'offline' });
    expect(await workspace.run('resolve', `${place}@${digest}`, '--offline')).toMatchObject({ code: 0, stderr: '' });

    const absent = await workspace.run('pull', '-r', place, '-t', 'v1.0.0', '--offline', '--json');
    expect(absent.code).toBe(3);
    expect(errorOf(absent)).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('offline') });
    // An empty list would say that the repository has no tags.
    const unseen = await workspace.run('list', `${place}-unseen`, '--offline', '--json');
    expect(unseen).toMatchObject({ code: 3, stdout: '' });
    expect(errorOf(unseen)).toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('--offline'),
      details: { kind: 'repository' },
    });
  });

  it('is refused by what needs the registry itself', async () => {
    await using at = await pushed('v1.0.0');
    const { workspace, registry, place } = at;
    for (const argv of [
      ['push', '-a', 'changed.json', '-r', place, '-t', 'v2.0.0'],
      ['validate', `${place}:v1.0.0`],
      ['copy', `${place}:v1.0.0`, 'layout:out:v1.0.0'],
      ['delete', `${place}:v1.0.0`, '--yes'],
      ['repos', registry.host],
    ]) {
      const result = await workspace.run(...argv, '--offline', '--json');
      expect([argv[0], result.code, errorOf(result).code]).toEqual([argv[0], 64, 'WRONG_USAGE']);
    }
    expect(registry.lines()).toEqual([]);
    expect((await workspace.run('push', '-a', 'doc.json', 'layout:out:v1', '--offline')).code).toBe(0);
    expect((await workspace.run('validate', 'layout:out:v1', '--offline')).code).toBe(0);
  });
});

describe('a cache that cannot be used', () => {
  it('is one warning, and the pull goes on', async () => {
    await using at = await pushed('v1.0.0');
    const { workspace, place } = at;
    await writeFile(workspace.path('in-the-way'), 'a file');
    const pull = ['pull', '-r', place, '-t', 'v1.0.0', '--cache-dir', 'in-the-way'];
    for (const argv of [pull, [...pull, '-o', 'out.json', '--json']]) {
      const { code, stdout, stderr } = await workspace.run(...argv);
      expect(code).toBe(0);
      expect(stdout.length).toBeGreaterThan(0);
      expect(stderr).toMatch(/^warning: the cache \S+in-the-way cannot be used[^\n]+\n$/);
    }
    expect(await readFile(workspace.path('in-the-way'), 'utf8')).toBe('a file');
  });

  it('is an error for whoever looks after it', async () => {
    await using workspace = await makeWorkspace({
      'in-the-way': 'a file',
      newer: { 'floe-oci-cache.json': '{"version":2}' },
    });
    const newer = await workspace.run('cache', 'clear', '--cache-dir', 'newer', '--json');
    expect([newer.code, errorOf(newer).code]).toEqual([65, 'UNSUPPORTED_VERSION']);
    expect(await readdir(workspace.path('newer'))).toEqual(['floe-oci-cache.json']);
  });
});

describe('the folder of the cache', () => {
  const manifest = ({ host }: TestRegistry, cache: string): string =>
    `artifacts: { registry: { uri: "oci://${host}/team/orders", auth: { type: anonymous }, cache: ${cache} } }`;
  const nowhere = { env: { FLOE_OCI_CACHE_DIR: '' } };

  it("is the first of --cache-dir, FLOE_OCI_CACHE_DIR, that of manifest.yaml, and the system's", async () => {
    await using at = await pushed('v1.0.0');
    const { workspace, registry } = at;
    await writeFile(workspace.path('manifest.yaml'), manifest(registry, '{ path: by-manifest }'));
    const home = { env: { FLOE_OCI_CACHE_DIR: '', XDG_CACHE_HOME: workspace.path('home') } };
    const inFolder = { ...home, env: { ...home.env, FLOE_OCI_CACHE_DIR: 'by-environment' } };
    const pull = ['pull', '-t', 'v1.0.0', '-o', 'out.json', '--json'];
    const pathOf = async (...argv: Parameters<Workspace['runIn']>) =>
      JSON.parse((await workspace.runIn(...argv)).stdout).path;
    for (const [folder, world, ...options] of [
      ['by-option', inFolder, '--cache-dir', 'by-option'],
      ['by-environment', inFolder],
      ['by-manifest', home],
    ] as const) {
      expect(sourceOf(await workspace.runIn(world, ...pull, ...options))).toBe('registry');
      expect(sourceOf(await workspace.runIn(world, ...pull, ...options))).toBe('cache');
      expect(await readdir(workspace.path(folder))).toContain('floe-oci-cache.json');
      expect(await pathOf(world, 'cache', 'status', '--json', ...options)).toBe(workspace.path(folder));
    }
  });

  it('is nowhere where manifest.yaml says so, or nobody has a home', async () => {
    await using at = await pushed('v1.0.0');
    const { workspace, registry, place } = at;
    await writeFile(workspace.path('manifest.yaml'), manifest(registry, '{ enabled: false }'));
    const pull = ['pull', '-t', 'v1.0.0', '-o', 'out.json', '--json'];
    await workspace.run(...pull);
    expect(sourceOf(await workspace.run(...pull))).toBe('registry');
    await workspace.run(...pull, '--cache-dir', 'wanted');
    expect(sourceOf(await workspace.run(...pull, '--cache-dir', 'wanted'))).toBe('cache');
    for (const argv of [
      ['cache', 'status', '--config', 'manifest.yaml'],
      ['resolve', `${place}:v1.0.0`, '--offline'],
    ]) {
      const result = await workspace.runIn(nowhere, ...argv, '--json');
      expect([result.code, errorOf(result).code]).toEqual([64, 'WRONG_USAGE']);
    }
  });

  it('keeps what moves as long as manifest.yaml says', async () => {
    await using at = await pushed('latest');
    const { workspace, registry } = at;
    await writeFile(workspace.path('manifest.yaml'), manifest(registry, '{ ttl_hours: 100 }'));
    const pull = ['pull', '-t', 'latest', '-o', 'out.json', '--json'];
    await workspace.run(...pull);
    await age(workspace, 99);
    registry.clearRequests();
    expect(sourceOf(await workspace.run(...pull))).toBe('cache');
    expect(registry.lines()).toEqual([]);
    await age(workspace, 2);
    await workspace.run(...pull);
    expect(registry.requests().length).toBe(1);
  });
});
