import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anonymous, memoryPins, parseRepositoryName, parseTag, silentLogger } from '../../src/oci/index.ts';
import { type CacheOverview, CacheTree } from '../../src/views/cache/cacheTree.ts';
import { Caches } from '../../src/views/caches.ts';
import { clearCache, pruneCache, verifyCache } from '../../src/views/commands/cacheCommands.ts';
import { ConnectedRegistries } from '../../src/views/connectedRegistries.ts';
import { Connections } from '../../src/views/connections.ts';
import { readManifest } from '../../src/views/readManifest.ts';
import { Settings } from '../../src/views/settings.ts';
import { fill } from '../e2e/support/fill.ts';
import { temporaryFolder } from '../oci/layout/support/temporaryFolder.ts';
import { artifact } from '../support/artifacts.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { answers, asked, configuration } from '../support/vscode.ts';
import { manifestOf, manifestsIn, openFolders } from './support/manifests.ts';

const repository = parseRepositoryName('team/product');
const version = parseTag('1.0.0');

let folder: string;
let registry: TestRegistry;
beforeEach(async () => {
  configuration.clear();
  openFolders({});
  answers.length = 0;
  asked.length = 0;
  folder = temporaryFolder();
  registry = await startRegistry();
  fill(registry, 'team/product', artifact(1), '1.0.0', 'latest');
});
afterEach(async () => {
  await registry.close();
});

/** A window: all of them have the same cache. */
async function open(now = Date.now) {
  const settings = new Settings();
  const { manifests } = await manifestsIn({ connected: [registry.host] });
  const caches = new Caches({ settings, folder: join(folder, 'cache'), manifests, logger: silentLogger, now });
  const connections = new Connections(settings, {
    credentials: anonymous,
    pins: memoryPins(),
    onCredential: () => {},
    cacheFor: (host) => caches.for(host),
    logger: silentLogger,
  });
  const uses = { refusedAt: () => undefined };
  const registries = new ConnectedRegistries(settings, connections, anonymous, { uses, manifests });
  const place = await registries.add(registry.host);
  const overviews: CacheOverview[] = [];
  const tree = new CacheTree({ caches, onLook: (seen) => overviews.push(seen), logError: () => {} });
  const view = async () => {
    const rows = await tree.children();
    const below = (await Promise.all(rows.map((row) => tree.children(row)))).flat();
    const labels = [...rows, ...below]
      .map((row) => tree.item(row))
      .map(({ label, description }) => [label, description]);
    return { overview: overviews.at(-1), labels };
  };
  const read = async (tag = version, refresh = false) =>
    await readManifest(await place.reader(repository, { refresh }), tag);
  return { settings, caches, place, read, view, parts: { caches, cacheView: { refresh: () => {} } } };
}

describe('what is read', () => {
  it('comes from the cache the next time, in every window, without a request', async () => {
    await (await open()).read();
    registry.clearRequests();
    const second = await open();
    expect((await second.read()).descriptor.size).toBeGreaterThan(0);
    expect(registry.lines()).toEqual([]);
  });

  it('says how old it is when it comes from the cache, and not when the registry was asked', async () => {
    const { place } = await open();
    const ages: number[] = [];
    const resolve = async (refresh: boolean) =>
      (await place.reader(repository, { refresh, onCached: (age) => ages.push(age) })).resolve(version);
    await resolve(false);
    expect(ages).toEqual([]);
    await resolve(false);
    expect(ages).toEqual([expect.any(Number)]);
    await resolve(true);
    expect(ages).toHaveLength(1);
  });

  it('is asked of the registry again on a refresh, and moves with it', async () => {
    const { read } = await open();
    const before = await read(parseTag('latest'));
    fill(registry, 'team/product', artifact(2), 'latest');
    expect((await read(parseTag('latest'))).descriptor).toEqual(before.descriptor);
    expect((await read(parseTag('latest'), true)).descriptor).not.toEqual(before.descriptor);
  });

  it('is what it was, with its age, while the registry cannot be asked, unless that is wanted', async () => {
    configuration.set('floeOci.cache.ttlHours', 1);
    configuration.set('floeOci.retry.maxAttempts', 1);
    const before = await (await open()).read(parseTag('latest'));
    registry.fail({ fault: { kind: 'status', status: 503 } });
    const { place, read } = await open(() => Date.now() + 2 * 3_600_000);
    const ages: number[] = [];
    const reader = await place.reader(repository, { onCached: (age) => ages.push(age) });
    expect(await reader.resolve(parseTag('latest'))).toEqual(before.descriptor);
    expect(ages[0]).toBeGreaterThanOrEqual(2 * 3_600_000);
    await expect(reader.resolve(parseTag('unknown'))).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await expect(read(parseTag('latest'), true)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });

  it('is what is there now for those who write', async () => {
    const { place, read } = await open();
    const before = await read(parseTag('latest'));
    fill(registry, 'team/product', artifact(2), 'latest');
    expect(await (await place.open(repository)).resolve(parseTag('latest'))).not.toEqual(before.descriptor);
  });

  it('is not kept when caching is switched off, at once', async () => {
    const { read, view } = await open();
    configuration.set('floeOci.cache.enabled', false);
    await read();
    registry.clearRequests();
    await read();
    expect(registry.lines()).not.toEqual([]);
    expect((await view()).overview).toMatchObject({ state: 'disabled' });
  });
});

describe('the Cache view', () => {
  it('says that there is nothing', async () => {
    const { view } = await open();
    expect(await view()).toMatchObject({ overview: { state: 'empty', totalSizeBytes: 0 }, labels: [] });
  });

  it('shows what is cached by repository, with size, age and expiry', async () => {
    const { read, view } = await open();
    await read();
    await read(parseTag('latest'));
    const { overview, labels } = await view();
    expect(overview).toMatchObject({ state: 'filled', maxSizeBytes: 10 * 1024 ** 3 });
    expect(overview?.totalSizeBytes).toBeGreaterThan(0);
    expect(labels).toEqual([
      [`${registry.host}/team/product`, '2 references'],
      ['1.0.0', expect.stringMatching(/^[\d.]+ k?B · checked just now · never expires$/)],
      ['latest', expect.stringMatching(/^[\d.]+ k?B · checked just now · expires in 2\d hours$/)],
    ]);
  });

  it('says why a folder cannot be used, and reading goes on without', async () => {
    await writeFile(join(folder, 'file'), '');
    configuration.set('floeOci.cache.path', join(folder, 'file', 'cache'));
    const { read, view } = await open();
    expect((await read()).descriptor.size).toBeGreaterThan(0);
    expect((await view()).overview).toMatchObject({
      state: 'unusable',
      problem: { path: join(folder, 'file', 'cache'), error: expect.anything() },
    });
  });
});

describe('a manifest.yaml', () => {
  const openNaming = async (...lines: readonly string[]) => {
    openFolders({ shop: manifestOf(`${registry.host}/team/product`, 'type: anonymous', ...lines) });
    return await open();
  };

  it('that says nothing about caching leaves it to the settings', async () => {
    const { caches } = await openNaming();
    expect(caches.for(registry.host)).toBe(caches.for('other.example'));
  });

  it('says how its own registry is cached, before the settings', async () => {
    const { caches } = await openNaming('cache: { max_size_gb: 2, path: .floe/cache }');
    expect(caches.for(registry.host)).toMatchObject({
      path: '/projects/shop/.floe/cache',
      maxSizeBytes: 2 * 1024 ** 3,
    });
    expect(caches.for('other.example')).toMatchObject({ path: join(folder, 'cache') });
    expect(caches.all).toHaveLength(2);
  });

  it('may have it not cached at all', async () => {
    const { caches } = await openNaming('cache: { enabled: false }');
    expect(caches.for(registry.host)).toBeUndefined();
    expect(caches.for('other.example')).toBeDefined();
  });

  it('that names the same folder has its own rules for what is its own there', async () => {
    const { caches, read, view } = await openNaming('cache: { ttl_hours: 96 }');
    expect(caches.for(registry.host)).not.toBe(caches.for('other.example'));
    expect(caches.all).toHaveLength(1);
    await read(parseTag('latest'));
    expect((await view()).labels.at(-1)).toEqual(['latest', expect.stringMatching(/expires in 3 days$/)]);
  });
});

describe('the commands', () => {
  it('verify says that all is well, or what was not and is gone', async () => {
    const { read, parts, caches } = await open();
    const { descriptor } = await read();
    await verifyCache(parts);
    expect(asked.at(-1)).toMatch(/^\d+ files? checked; all are as they should be\.$/);
    const [cache] = caches.all;
    await writeFile(join(cache?.path ?? '', 'blobs/sha256', descriptor.digest.slice(7)), 'x');
    await verifyCache(parts);
    expect(asked.at(-1)).toMatch(
      /^(?:The one file in the cache was damaged and is removed|1 of \d+ files in the cache were damaged and are removed);/,
    );
  });

  it('prune says what it freed', async () => {
    const { read, parts } = await open();
    await read();
    await pruneCache(parts);
    expect(asked.at(-1)).toBe('0 references removed, 0 B freed.');
  });

  it('clear asks first, and removes everything', async () => {
    const { read, parts, view } = await open();
    await read();
    answers.push(undefined);
    await clearCache(parts);
    expect((await view()).overview).toMatchObject({ state: 'filled' });
    answers.push('Clear');
    await clearCache(parts);
    expect((await view()).overview).toMatchObject({ state: 'empty' });
    await clearCache(parts);
    expect(asked.at(-1)).toBe('The cache is empty.');
  });

  it('say that there is no cache when it is switched off', async () => {
    configuration.set('floeOci.cache.enabled', false);
    await verifyCache((await open()).parts);
    expect(asked).toEqual(['The cache is switched off.']);
  });
});
