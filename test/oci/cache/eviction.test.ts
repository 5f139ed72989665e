import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CacheOptions } from '../../../src/oci/cache/cache.ts';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { silentTelemetry, type Telemetry } from '../../../src/oci/telemetry/telemetry.ts';
import { artifact, blob, emptyConfig, type Graph, imageIndex, imageManifest, tagOf } from '../../support/artifacts.ts';
import { blobFile, type CacheSetup, publish, pull, setUp, sizeOnDisk } from './support/caches.ts';

const SIZE = 10_000;
/** One layer each, so that an entry is little more than its layer. */
const graphs = Array.from({ length: 12 }, (_, i) => artifact(i + 1, { layers: 1, size: SIZE }));
/** A manifest, the empty config and a record. */
const OVERHEAD = 1500;

async function withArtifacts(options: Partial<CacheOptions>): Promise<CacheSetup> {
  const setup = await setUp(options);
  graphs.forEach((graph, i) => {
    publish(setup.remote, graph, `v${i}`);
  });
  return setup;
}

function graphAt(index: number): Graph {
  return graphs[index] ?? expect.fail();
}

/** Pulls artifacts one after another, a minute apart. */
async function pullAll({ clock, repository }: CacheSetup, ...indices: readonly number[]): Promise<void> {
  for (const index of indices) {
    clock.now += 60_000;
    await pull(repository(), `v${index}`, graphAt(index));
  }
}

async function tagsIn({ open }: CacheSetup): Promise<readonly (string | null)[]> {
  return (await open().list()).map(({ tag }) => tag);
}

describe('the limit of a cache', () => {
  it('holds after every pull, and what was used least recently goes first', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 4 * (SIZE + OVERHEAD) });
    for (const index of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      await pullAll(setup, index);
      expect(await sizeOnDisk(setup.path)).toBeLessThanOrEqual(4 * (SIZE + OVERHEAD));
    }
    expect(await tagsIn(setup)).toEqual(['v6', 'v7', 'v8', 'v9']);
    expect(setup.events()).toContain('cache_eviction');
    setup.asked();
    await pullAll(setup, 6, 7, 8, 9);
    expect(setup.asked()).toEqual([]);
  });

  it('is told of, with what was removed', async () => {
    const counted: unknown[] = [];
    const telemetry: Telemetry = { ...silentTelemetry, count: (...args) => void counted.push(args) };
    const setup = await withArtifacts({ maxSizeBytes: SIZE + OVERHEAD, telemetry });
    await pullAll(setup, 0, 1);
    const [evicted] = setup.log.filter(({ event }) => event === 'cache_eviction');
    expect(evicted).toEqual({
      level: 'info',
      event: 'cache_eviction',
      fields: { removed: 1, freedBytes: expect.any(Number), sizeBytes: expect.any(Number) },
    });
    expect(counted).toContainEqual(['floe_oci_cache_operations_total', { operation: 'evict' }, 1]);
  });

  it('lets live what was used lately, though it came first', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 4 * (SIZE + OVERHEAD) });
    await pullAll(setup, 0, 1, 2, 0, 3, 4);
    expect(await tagsIn(setup)).toEqual(['v0', 'v2', 'v3', 'v4']);
  });

  it('counts as use what is read by its digest', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 4 * (SIZE + OVERHEAD) });
    await pullAll(setup, 0, 1, 2);
    setup.clock.now += 60_000;
    await bytesOf(setup.repository().read(graphAt(0).root.descriptor));
    await pullAll(setup, 3, 4);
    expect(await tagsIn(setup)).toEqual(['v0', 'v2', 'v3', 'v4']);
  });

  it('concerns tags that expire as well as versions', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 4 * (SIZE + OVERHEAD), isImmutable: () => false });
    await pullAll(setup, 0, 1, 2, 3, 4, 5);
    expect(await tagsIn(setup)).toEqual(['v2', 'v3', 'v4', 'v5']);
  });

  it('lets an artifact that is larger pass by, and keeps what is there', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 4 * (SIZE + OVERHEAD) });
    const large = artifact(50, { layers: 5, size: SIZE });
    publish(setup.remote, large, 'v50');
    await pullAll(setup, 0, 1);
    await pull(setup.repository(), 'v50', large);
    expect(await tagsIn(setup)).toEqual(['v0', 'v1']);
    setup.asked();
    await pull(setup.repository(), 'v50', large);
    // All but the empty config, which others need as well.
    expect(setup.asked()).toHaveLength(6);
  });

  it('lets a blob that is larger pass by', async () => {
    const setup = await withArtifacts({ maxSizeBytes: SIZE });
    const layer = blob(7, { size: SIZE + 1 });
    setup.remote.server.repository('team/product').putBlob(layer.bytes);
    for (let i = 0; i < 2; i++) expect(await bytesOf(setup.repository().read(layer.descriptor))).toHaveLength(SIZE + 1);
    expect(setup.asked()).toHaveLength(2);
  });

  it('lets everything pass by when it is nothing', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 0 });
    await pullAll(setup, 0, 0);
    expect(await setup.open().status()).toMatchObject({ entries: 0, totalSizeBytes: 0, maxSizeBytes: 0 });
  });

  it('holds for pulls at the same time', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 3 * (SIZE + OVERHEAD) });
    await Promise.all(graphs.map((graph, i) => pull(setup.repository(), `v${i}`, graph)));
    expect(await sizeOnDisk(setup.path)).toBeLessThanOrEqual(3 * (SIZE + OVERHEAD));
    expect((await setup.open().verify()).removed).toEqual([]);
  });

  it('holds for caches that do not know of each other', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 3 * (SIZE + OVERHEAD) });
    const pullApart = async (graph: Graph, i: number): Promise<void> => {
      const cache = setup.open();
      await pull(setup.repository({ cache }), `v${i}`, graph);
      await cache.close();
    };
    await Promise.all(graphs.map(pullApart));
    expect(await sizeOnDisk(setup.path)).toBeLessThanOrEqual(3 * (SIZE + OVERHEAD));
  });
});

describe('making room', () => {
  it('leaves a blob that another artifact needs', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 3.5 * (SIZE + OVERHEAD) });
    const shared = blob('shared', { title: 'shared' });
    const own = blob(77, { size: SIZE });
    const first: Graph = {
      root: imageManifest([shared, own]),
      contents: [emptyConfig, shared, own, imageManifest([shared, own])],
    };
    const second: Graph = { root: imageManifest([shared]), contents: [emptyConfig, shared, imageManifest([shared])] };
    publish(setup.remote, first, 'first');
    publish(setup.remote, second, 'second');
    await pull(setup.repository(), 'first', first);
    setup.clock.now += 60_000;
    await pull(setup.repository(), 'second', second);
    await pullAll(setup, 0, 1, 2);
    expect(await tagsIn(setup)).toEqual(['second', 'v0', 'v1', 'v2']);
    setup.asked();
    await pull(setup.repository({ mode: 'offline' }), 'second', second);
    expect(setup.asked()).toEqual([]);
  });

  it('removes what is below an index with it', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 4 * (SIZE + OVERHEAD) });
    const index: Graph = {
      root: imageIndex([graphAt(10).root, graphAt(11).root]),
      contents: [...graphAt(10).contents, ...graphAt(11).contents, imageIndex([graphAt(10).root, graphAt(11).root])],
    };
    publish(setup.remote, index, 'index');
    await pull(setup.repository(), 'index', index);
    const [entry] = await setup.open().list();
    expect(entry?.size).toBeGreaterThan(2 * SIZE);
    await pullAll(setup, 0, 1, 2);
    expect(await tagsIn(setup)).toEqual(['v0', 'v1', 'v2']);
    const left = await readdir(join(setup.path, 'blobs', 'sha256'));
    expect(left).toHaveLength(7);
  });

  it('does not disturb who is reading', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 3 * (SIZE + OVERHEAD) });
    await pullAll(setup, 0);
    const layer = graphAt(0).contents[1] ?? expect.fail();
    const elsewhere = setup.repository({ cache: setup.open() }).read(layer.descriptor)[Symbol.asyncIterator]();
    const first = await elsewhere.next();
    await pullAll(setup, 1, 2, 3, 4);
    expect(await tagsIn(setup)).not.toContain('v0');
    const rest: Uint8Array[] = first.done ? [] : [first.value];
    for (let next = await elsewhere.next(); !next.done; next = await elsewhere.next()) rest.push(next.value);
    expect(Buffer.concat(rest)).toEqual(Buffer.from(layer.bytes));
  });

  it('never takes what this process is reading', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 3 * (SIZE + OVERHEAD) });
    await pullAll(setup, 0);
    const reading = setup
      .repository()
      .read(graphAt(0).contents[1]?.descriptor ?? expect.fail())
      [Symbol.asyncIterator]();
    await reading.next();
    await pullAll(setup, 1, 2, 3, 4);
    expect(await tagsIn(setup)).toContain('v0');
    await reading.return(undefined);
    await pullAll(setup, 5, 6, 7);
    expect(await tagsIn(setup)).not.toContain('v0');
  });

  it('lets pass by what there is no room for while all that is there is being read', async () => {
    const limit = 1.5 * (SIZE + OVERHEAD);
    const setup = await withArtifacts({ maxSizeBytes: limit });
    await pullAll(setup, 0);
    const readers = graphAt(0).contents.map(({ descriptor }) =>
      setup.repository().read(descriptor)[Symbol.asyncIterator](),
    );
    for (const reader of readers) await reader.next();
    const layer = graphAt(1).contents[1]?.descriptor ?? expect.fail();
    expect(digestOf(await bytesOf(setup.repository().read(layer)))).toBe(layer.digest);
    expect(await sizeOnDisk(setup.path)).toBeLessThanOrEqual(limit);
    expect(await tagsIn(setup)).toContain('v0');
    for (const reader of readers) await reader.return?.(undefined);
    await pullAll(setup, 3);
    expect(await tagsIn(setup)).toEqual(['v3']);
  });

  it('takes content that no reference leads to when its time comes', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 3 * (SIZE + OVERHEAD) });
    const loose = blob(99, { size: SIZE });
    setup.remote.server.repository('team/product').putBlob(loose.bytes);
    await bytesOf(setup.repository().read(loose.descriptor));
    await utimes(blobFile(setup.path, loose.descriptor), 1, 1);
    await pullAll(setup, 0, 1, 2);
    expect(await readdir(join(setup.path, 'blobs', 'sha256'))).not.toContain(loose.descriptor.digest.slice(7));
    expect(await tagsIn(setup)).toEqual(['v0', 'v1', 'v2']);
  });

  it('counts what somebody else has put there', async () => {
    const setup = await withArtifacts({ maxSizeBytes: 3 * (SIZE + OVERHEAD) });
    await pullAll(setup, 0, 1);
    await writeFile(blobFile(setup.path, blob(98).descriptor), Buffer.alloc(2 * SIZE));
    setup.clock.now = Date.now() + 60_000;
    await setup.repository({ cache: setup.open() }).resolve(tagOf('v2'));
    expect(await sizeOnDisk(setup.path)).toBeLessThanOrEqual(3 * (SIZE + OVERHEAD));
  });
});
