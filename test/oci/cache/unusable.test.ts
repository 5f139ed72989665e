import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { readTree } from '../../support/fileTree.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';
import { type CacheSetup, HOUR, publish, pull, setUp } from './support/caches.ts';
import { type PullerOptions, startPuller } from './support/processes.ts';

const graph = artifact(1, { layers: 1, size: 3_000_000 });
const other = artifact(2);

function warnings({ log }: CacheSetup): readonly unknown[] {
  return log.filter(({ level }) => level === 'warn').map(({ event, fields }) => ({ event, ...fields }));
}

async function withArtifacts(path?: string): Promise<CacheSetup> {
  const setup = await setUp(path === undefined ? {} : { path });
  publish(setup.remote, graph, 'v1.0.0');
  publish(setup.remote, other, 'v2.0.0');
  return setup;
}

/** Pulls as if there were no cache, and says once why. */
async function expectPullsWithout(setup: CacheSetup, reason: string): Promise<void> {
  await pull(setup.repository(), 'v1.0.0', graph);
  await pull(setup.repository(), 'v2.0.0', other);
  expect(warnings(setup)).toEqual([
    { event: 'cache_unusable', path: setup.path, reason: expect.stringContaining(reason) },
  ]);
}

/** What a process of its own says. */
async function said({ remote, path }: CacheSetup, options: Partial<PullerOptions>): Promise<readonly string[]> {
  const puller = startPuller({ path, host: remote.server.host, tags: ['v1.0.0', 'v2.0.0'], ...options });
  expect(await puller.ended).toBe(0);
  return puller.said;
}

describe('a cache that cannot be used is one warning and a pull without it', () => {
  it('where its folder is a file', async () => {
    const path = join(temporaryFolder(), 'cache');
    await writeFile(path, 'mine');
    await expectPullsWithout(await withArtifacts(path), 'a file is where a folder is needed');
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('where its folder would be below a file', async () => {
    const file = join(temporaryFolder(), 'file');
    await writeFile(file, 'mine');
    await expectPullsWithout(await withArtifacts(join(file, 'cache')), 'cannot write');
  });

  it('where the folder holds an image layout of somebody, which is left alone', async () => {
    const path = temporaryFolder();
    await putGraph(await LayoutStore.open(path, { create: true }), graph, 'mine');
    const before = await readdir(path, { recursive: true });
    await expectPullsWithout(await withArtifacts(path), 'is no cache');
    expect(await readdir(path, { recursive: true })).toEqual(before);
  });

  it.each(['notes.txt', '.git', 'blobs'])('where the folder has %s in it, which is left alone', async (name) => {
    const path = temporaryFolder();
    await writeFile(join(path, name), 'mine');
    const setup = await withArtifacts(path);
    await expectPullsWithout(setup, 'is no cache');
    const cache = setup.open();
    for (const task of ['status', 'list', 'verify', 'prune', 'clear'] as const) {
      await expect(cache[task]()).rejects.toEqual(failure('FOREIGN_FOLDER', { path, found: name }));
    }
    expect(await readTree(path)).toEqual({ [name]: 'mine' });
  });

  it('where the format is a newer one, which is left alone', async () => {
    const path = temporaryFolder();
    await writeFile(join(path, 'floe-oci-cache.json'), '{"version":2,"more":true}');
    const setup = await withArtifacts(path);
    await expectPullsWithout(setup, 'is a cache of format 2; 1 is supported');
    expect(await readdir(path)).toEqual(['floe-oci-cache.json']);
    const cache = setup.open();
    for (const task of ['status', 'list', 'verify', 'prune', 'clear'] as const) {
      await expect(cache[task]()).rejects.toEqual(failure('UNSUPPORTED_VERSION', { version: '2', supported: '1' }));
    }
  });

  it('where the records that it had cannot be reached', async () => {
    const setup = await withArtifacts();
    await pull(setup.repository(), 'v1.0.0', graph);
    const references = join(setup.path, 'references');
    await rm(references, { recursive: true });
    await symlink(references, references);
    await expectPullsWithout(setup, 'too many symbolic links');
  });

  it('where the folder belongs to another user', async () => {
    const path = temporaryFolder();
    await chmod(path, 0);
    onTestFinished(() => chmod(path, 0o700));
    const lines = await said(await withArtifacts(path), { isNobody: true });
    expect(lines).toEqual(['cache_unusable', 'v1.0.0 from the registry', 'v2.0.0 from the registry']);
  });

  it('where the disk gets full half-way through a download', async () => {
    const setup = await withArtifacts();
    const lines = await said(setup, { maxFileKiB: 1000 });
    expect(lines).toEqual(['cache_unusable', 'v1.0.0 from the registry', 'v2.0.0 from the registry']);
    expect((await setup.open().verify()).removed).toEqual([]);
    expect((await readdir(setup.path)).filter((name) => name.startsWith('.floe-oci-'))).toEqual([]);
  });
});

it('a folder that is empty, but for what systems put there, becomes a cache', async () => {
  const path = temporaryFolder();
  await mkdir(join(path, 'lost+found'));
  await writeFile(join(path, `.floe-oci-1-00000000-${'0'.repeat(16)}.tmp`), '');
  const setup = await withArtifacts(path);
  await pull(setup.repository(), 'v1.0.0', graph);
  setup.asked();
  await pull(setup.repository(), 'v1.0.0', graph);
  expect(setup.asked()).toEqual([]);
  expect(warnings(setup)).toEqual([]);
});

describe('a cache that cannot be written', () => {
  it('still serves what is in it, without a word', async () => {
    const setup = await withArtifacts();
    expect(await said(setup, { tags: ['v1.0.0'] })).toEqual(['v1.0.0 from the registry']);
    const all = await readdir(setup.path, { recursive: true, withFileTypes: true });
    const folders = all.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
    await chmod(dirname(setup.path), 0o755);
    for (const folder of [setup.path, ...folders]) await chmod(folder, 0o555);
    onTestFinished(async () => {
      for (const folder of [setup.path, ...folders]) await chmod(folder, 0o755);
    });
    setup.asked();
    expect(await said(setup, { tags: ['v1.0.0'], isNobody: true })).toEqual(['v1.0.0 from the cache']);
    expect(setup.asked()).toEqual([]);
    expect(await said(setup, { isNobody: true })).toEqual([
      'v1.0.0 from the cache',
      'cache_unusable',
      'v2.0.0 from the registry',
    ]);
  });

  it('is tried again after a while', async () => {
    const path = join(temporaryFolder(), 'cache');
    await writeFile(path, 'in the way');
    const setup = await withArtifacts(path);
    await expectPullsWithout(setup, 'a file is where a folder is needed');
    await rm(path);
    await mkdir(path);
    await pull(setup.repository(), 'v1.0.0', graph);
    expect(await readdir(path)).toEqual([]);
    setup.clock.now += HOUR;
    await pull(setup.repository(), 'v1.0.0', graph);
    setup.asked();
    await pull(setup.repository(), 'v1.0.0', graph);
    expect(setup.asked()).toEqual([]);
  });
});
