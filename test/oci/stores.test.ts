import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Availability,
  anonymous,
  Cache,
  createStores,
  parseReference,
  parseTag,
  type Reference,
  type RegistryConnection,
  type Stores,
  silentLogger,
} from '../../src/oci/index.ts';
import { artifact, putGraph } from '../support/artifacts.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function storesWith(
  connection?: (registry: string) => RegistryConnection,
  availability?: Availability,
  cache?: Cache,
): Stores {
  const stores = createStores({
    engine: 'undici',
    credentials: anonymous,
    logger: silentLogger,
    userAgent: 'floe-oci/test',
    retry: { maxAttempts: 1 },
    ...(connection && { connection }),
    ...(availability && { availability }),
    ...(cache && { cache }),
  });
  cleanups.push(() => stores.close());
  return stores;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stores-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('from a reference to its store', () => {
  it('speaks http to a registry on a loopback host', async () => {
    const registry = await startRegistry();
    cleanups.push(() => registry.close());
    await expect((await storesWith().registry(registry.host)).ping()).resolves.toEqual({ apiVersion: 'registry/2.0' });
  });

  it('speaks https to a loopback host that has TLS options', async () => {
    const tls = join(import.meta.dirname, '../fixtures/tls');
    const [key, cert, ca] = await Promise.all(
      ['server.key', 'server.crt', 'ca.crt'].map((name) => readFile(join(tls, name), 'utf8')),
    );
    const registry = await startRegistry({ tls: { key: key ?? '', cert: cert ?? '' } });
    cleanups.push(() => registry.close());
    const stores = storesWith(() => ({ ca: ca ?? '' }));
    await expect((await stores.registry(registry.host)).ping()).resolves.toEqual({ apiVersion: 'registry/2.0' });
  });

  it('connects a registry once, however it is spelled', async () => {
    const asked: string[] = [];
    const stores = storesWith((registry) => {
      asked.push(registry);
      return {};
    });
    expect(await stores.registry('INDEX.docker.io')).toBe(await stores.registry('docker.io'));
    expect(asked).toEqual(['docker.io']);
  });

  it('names the setting that is out of range', async () => {
    const wrong: readonly (readonly [RegistryConnection, string])[] = [
      [{ retry: { initialDelayMs: 2, maxDelayMs: 1 } }, 'retry.initialDelayMs'],
      [{ circuitBreaker: { failureThreshold: 0 } }, 'circuitBreaker.failureThreshold'],
      [{ mirrors: ['no mirror'] }, 'mirrors'],
    ];
    for (const [connection, argument] of wrong) {
      const failed = storesWith(() => connection).registry('registry.example');
      await expect(failed).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument } });
    }
  });

  it('leaves a registry alone that other stores of the process found to be down', async () => {
    const registry = await startRegistry({ faults: [{ fault: { kind: 'status', status: 503 } }] });
    cleanups.push(() => registry.close());
    const availability = new Availability();
    const circuitBreaker = { failureThreshold: 1 };
    const [one, other] = [storesWith(() => ({ circuitBreaker }), availability), storesWith(undefined, availability)];
    await expect((await one.registry(registry.host)).ping()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await expect((await other.registry(registry.host)).ping()).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    expect(registry.requests()).toHaveLength(1);
    expect(availability.circuits).toMatchObject([{ registry: registry.host, state: 'open' }]);
  });

  it('asks again for a connection that could not be had', async () => {
    let broken = true;
    const stores = storesWith(() => {
      if (broken) throw new Error('the file is not there');
      return {};
    });
    await expect(stores.registry('registry.example')).rejects.toThrow('the file is not there');
    broken = false;
    await expect(stores.registry('registry.example')).resolves.toMatchObject({ host: 'registry.example' });
  });

  it('opens a layout folder without any registry, and makes it only when told to', async () => {
    const reference = parseReference(`layout:${join(await temporaryFolder(), 'app')}`);
    const stores = storesWith(() => {
      throw new Error('no registry is named');
    });
    await expect(stores.open(reference)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { kind: 'layout' } });
    const store = await stores.open(reference, { create: true });
    expect(await Array.fromAsync(store.tags())).toEqual([]);
  });
});

describe('stores with a cache', () => {
  async function withCache(): Promise<{ stores: Stores; registry: TestRegistry; reference: Reference }> {
    const registry = await startRegistry();
    cleanups.push(() => registry.close());
    const cache = new Cache({ path: join(await temporaryFolder(), 'cache') });
    const stores = storesWith(undefined, undefined, cache);
    const reference = parseReference(`oci://${registry.host}/team/product`);
    await putGraph(await stores.open(reference), graph, 'latest');
    registry.clearRequests();
    return { stores, registry, reference };
  }
  const graph = artifact(1);
  const latest = parseTag('latest');

  it('read through it for those who ask for that, and for nobody else', async () => {
    const { stores, registry, reference } = await withCache();
    for (let i = 0; i < 2; i++) await (await stores.open(reference, { cached: {} })).resolve(latest);
    expect(registry.requests()).toHaveLength(1);
    for (let i = 0; i < 2; i++) await (await stores.open(reference)).resolve(latest);
    expect(registry.requests()).toHaveLength(3);
    await (await stores.open(reference, { cached: { mode: 'checked' } })).resolve(latest);
    expect(registry.requests().at(-1)?.status).toBe(304);
  });

  it('make it forget what is changed', async () => {
    const { stores, reference } = await withCache();
    const next = artifact(2);
    for (const open of [stores.open, stores.repository]) {
      await (await stores.open(reference, { cached: {} })).resolve(latest);
      const graphNow = open === stores.open ? next : graph;
      await putGraph(await open(reference), graphNow, 'latest');
      const found = await (await stores.open(reference, { cached: {} })).resolve(latest);
      expect(found.digest).toBe(graphNow.root.descriptor.digest);
    }
  });

  it('read a layout as it is', async () => {
    const { stores } = await withCache();
    const layout = parseReference(`layout:${join(await temporaryFolder(), 'app')}`);
    await putGraph(await stores.open(layout, { create: true }), graph, 'latest');
    expect((await stores.open(layout, { cached: { mode: 'offline' } })).name).toContain('layout:');
  });
});
