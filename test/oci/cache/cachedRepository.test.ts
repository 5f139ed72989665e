import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Cache } from '../../../src/oci/cache/cache.ts';
import type { CacheLookup } from '../../../src/oci/cache/cachedRepositoryOptions.ts';
import { bytesOf, readVerified, sourceOf } from '../../../src/oci/content/verify.ts';
import { OciError } from '../../../src/oci/errors.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { silentTelemetry, type Telemetry } from '../../../src/oci/telemetry/telemetry.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { artifact, blob, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { storeContract } from '../../support/storeContract.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';
import { connect, gathered } from '../remote/support.ts';
import { HOUR, publish, pull, setUp } from './support/caches.ts';

for (const mode of ['cached', 'checked'] as const) {
  storeContract(`a repository behind a cache, ${mode}`, async () => {
    const connected = await connect();
    const cache = new Cache({ path: join(temporaryFolder(), 'cache') });
    const place = { registry: connected.server.host, repository: parseRepositoryName('team/product') };
    return {
      store: cache.repository(place, connected.repository(), { mode }),
      abilities: { sha512: true, enforcesClosure: true },
      cleanup: async () => {
        await cache.close();
        await connected[Symbol.asyncDispose]();
      },
    };
  });
}

const graph = artifact(1, { size: 5000 });
const { digest } = graph.root.descriptor;

describe('a pull through the cache', () => {
  it('asks the registry once for everything, and never again', async () => {
    const { remote, repository, open, asked, events } = await setUp();
    publish(remote, graph, 'v1.0.0');
    await pull(repository(), 'v1.0.0', graph);
    // The tag and two layers: the empty configuration is known.
    expect(asked()).toHaveLength(3);
    expect(events()).toContain('cache_put');
    await pull(repository({ cache: open() }), 'v1.0.0', graph);
    expect(asked()).toEqual([]);
    expect(events()).toContain('cache_hit');
  });

  it('says what came from where', async () => {
    const { remote, repository, clock } = await setUp();
    publish(remote, graph, 'latest');
    const lookups: CacheLookup[] = [];
    const store = repository({ onLookup: (lookup) => lookups.push(lookup) });
    await store.resolve(tagOf('latest'));
    clock.now += HOUR;
    await store.resolve(tagOf('latest'));
    clock.now += 24 * HOUR;
    await store.resolve(tagOf('latest'));
    expect(lookups).toEqual([
      { outcome: 'miss', reference: 'latest', digest, age: 0 },
      { outcome: 'hit', reference: 'latest', digest, age: HOUR },
      { outcome: 'revalidated', reference: 'latest', digest, age: 0 },
    ]);
  });

  it('is told of: what is asked of the cache, whether it knew, and what it did', async () => {
    const [asked, counted]: [unknown[], unknown[]] = [[], []];
    const telemetry: Telemetry = {
      ...silentTelemetry,
      span: (name, facts, run) =>
        silentTelemetry.span(name, facts, (span) => run({ ...span, set: (more) => void asked.push([name, more]) })),
      count: (_, { operation }) => void counted.push(operation),
    };
    const { remote, repository, clock, log } = await setUp({ telemetry });
    publish(remote, graph, 'latest');
    const store = repository();
    for (const age of [0, HOUR, 24 * HOUR]) {
      clock.now += age;
      await store.resolve(tagOf('latest'));
    }
    expect(asked).toEqual([false, true, false].map((isHit) => ['floe.oci.cache', { 'oci.cache_hit': isHit }]));
    expect(counted).toEqual(['miss', 'hit', 'expire', 'hit']);
    const fields = { reference: `${remote.server.host}/team/product:latest`, digest };
    expect(log).toContainEqual({ level: 'debug', event: 'cache_expired', fields });
  });

  it('finds by its digest what was pulled by a tag', async () => {
    const { remote, repository, asked } = await setUp();
    publish(remote, graph, 'latest');
    await pull(repository(), 'latest', graph);
    asked();
    await pull(repository(), digest, graph);
    expect(asked()).toEqual([]);
  });

  it('shares content between tags, repositories and registries', async () => {
    const { remote, repository, asked } = await setUp();
    publish(remote, graph, 'latest');
    publish(remote, graph, 'v2.0.0', 'team/other');
    await pull(repository(), 'latest', graph);
    asked();
    await pull(repository({ name: 'team/other' }), 'v2.0.0', graph);
    expect(asked()).toEqual(['GET /v2/team/other/manifests/v2.0.0']);
  });

  it('keeps tags of the same name in different repositories apart', async () => {
    const { remote, repository } = await setUp();
    const other = artifact(2);
    publish(remote, graph, 'latest');
    publish(remote, other, 'latest', 'team/other');
    await pull(repository(), 'latest', graph);
    await pull(repository({ name: 'team/other' }), 'latest', other);
    await pull(repository(), 'latest', graph);
  });

  it('downloads once what several read at the same time, each at its own speed', async () => {
    const { remote, repository, asked } = await setUp();
    const large = artifact(3, { layers: 1, size: 3_000_000 });
    publish(remote, large, 'latest');
    const layer = large.contents[1]?.descriptor ?? expect.fail();
    const stores = Array.from({ length: 5 }, () => repository());
    const [slow, ...fast] = stores.map((store) => store.read(layer)[Symbol.asyncIterator]());
    await slow?.next();
    for (const stream of fast) expect((await bytesOf({ [Symbol.asyncIterator]: () => stream })).length).toBe(3_000_000);
    let rest = 0;
    for (let next = await slow?.next(); next?.done === false; next = await slow?.next()) rest += next.value.length;
    expect(rest).toBeGreaterThan(0);
    expect(asked()).toEqual([`GET /v2/team/product/blobs/${layer.digest}`]);
  });

  it('asks once where a tag leads when several want to know', async () => {
    const { remote, repository, asked } = await setUp();
    publish(remote, graph, 'latest');
    const found = await Promise.all(Array.from({ length: 5 }, () => repository().resolve(tagOf('latest'))));
    expect(new Set(found.map((descriptor) => descriptor.digest))).toEqual(new Set([digest]));
    expect(asked()).toHaveLength(1);
  });

  it('goes on for the others when one who waits is cancelled', async () => {
    const { remote, repository, asked } = await setUp();
    const large = artifact(3, { layers: 1, size: 3_000_000 });
    publish(remote, large, 'latest');
    const layer = large.contents[1]?.descriptor ?? expect.fail();
    remote.server.fail({ path: /blobs/, fault: { kind: 'delay', milliseconds: 200 } });
    const cancelling = new AbortController();
    const first = bytesOf(repository().read(layer, { signal: cancelling.signal }));
    const second = bytesOf(repository().read(layer));
    await vi.waitFor(() => expect(remote.server.requests()).toHaveLength(1));
    cancelling.abort();
    await expect(first).rejects.toEqual(failure('CANCELLED'));
    expect(digestOf(await second)).toBe(layer.digest);
    expect(asked()).toHaveLength(1);
  });

  it('stops when the last who waits is cancelled, and leaves nothing behind', async () => {
    const { remote, repository, path } = await setUp();
    publish(remote, artifact(3, { layers: 1, size: 3_000_000 }), 'latest');
    const layer = blob(3000, { size: 3_000_000 }).descriptor;
    remote.server.fail({ path: /blobs/, times: 1, fault: { kind: 'stall', afterBytes: 1_000_000 } });
    const cancelling = new AbortController();
    const reading = bytesOf(repository().read(layer, { signal: cancelling.signal }));
    await vi.waitFor(() => expect(remote.server.requests()[0]?.sent).toBe(1_000_000));
    cancelling.abort();
    await expect(reading).rejects.toEqual(failure('CANCELLED'));
    expect(await repository({ mode: 'offline' }).exists(layer)).toBe(false);
    expect((await readdir(path)).filter((name) => name.startsWith('.floe-oci-'))).toEqual([]);
    expect(digestOf(await bytesOf(repository().read(layer)))).toBe(layer.digest);
  });

  it('fails with what the registry fails with, and keeps nothing of it', async () => {
    const { remote, repository, asked } = await setUp();
    publish(remote, graph, 'latest');
    const layer = graph.contents[1]?.descriptor ?? expect.fail();
    remote.server.fail({ path: /blobs/, times: 1, fault: { kind: 'corrupt' } });
    await expect(bytesOf(repository().read(layer))).rejects.toEqual(failure('DIGEST_MISMATCH'));
    asked();
    expect(digestOf(await bytesOf(repository().read(layer)))).toBe(layer.digest);
    expect(asked()).toHaveLength(1);
  });
});

describe('a tag', () => {
  it('that may move is asked for again when its time is over, and keeps its content when it has not moved', async () => {
    const { remote, repository, clock, asked, events } = await setUp({ ttlHours: 2 });
    publish(remote, graph, 'latest');
    await pull(repository(), 'latest', graph);
    asked();
    clock.now += 2 * HOUR - 1;
    await pull(repository(), 'latest', graph);
    expect(asked()).toEqual([]);
    clock.now += 1;
    await pull(repository(), 'latest', graph);
    const [request] = remote.server.requests();
    expect(request).toMatchObject({ status: 304, headers: { 'if-none-match': `"${digest}"` } });
    expect(asked()).toEqual(['GET /v2/team/product/manifests/latest']);
    expect(events()).toContain('cache_expired');
    clock.now += 2 * HOUR - 1;
    await pull(repository(), 'latest', graph);
    expect(asked()).toEqual([]);
  });

  it('that has moved leads to the new content', async () => {
    const { remote, repository, clock } = await setUp();
    publish(remote, graph, 'latest');
    await pull(repository(), 'latest', graph);
    const next = artifact(2);
    publish(remote, next, 'latest');
    await pull(repository(), 'latest', graph);
    clock.now += 24 * HOUR;
    await pull(repository(), 'latest', next);
  });

  it("is asked for with the registry's own name for its state, or without any when it ignores it", async () => {
    const { remote, repository, clock } = await setUp();
    remote.server.fail({ path: /manifests/, fault: { kind: 'header', name: 'etag', value: 'W/"state 7"' } });
    publish(remote, graph, 'latest');
    await repository().resolve(tagOf('latest'));
    clock.now += 24 * HOUR;
    expect((await repository().resolve(tagOf('latest'))).digest).toBe(digest);
    expect(remote.server.requests()[1]).toMatchObject({ status: 200, headers: { 'if-none-match': 'W/"state 7"' } });
  });

  it('that is a version, like a digest, is never asked for again', async () => {
    const { remote, repository, clock, asked } = await setUp();
    publish(remote, graph, 'v1.0.0');
    await repository().resolve(tagOf('v1.0.0'));
    await repository().resolve(digest);
    asked();
    clock.now += 365 * 24 * HOUR;
    await repository().resolve(tagOf('v1.0.0'));
    await repository().resolve(digest);
    expect(asked()).toEqual([]);
  });

  it('that was checked in the future, by a clock that was wrong, is asked for again', async () => {
    const { remote, repository, clock, asked } = await setUp();
    publish(remote, graph, 'latest');
    await repository().resolve(tagOf('latest'));
    clock.now -= HOUR;
    asked();
    await repository().resolve(tagOf('latest'));
    expect(asked()).toHaveLength(1);
    await repository().resolve(tagOf('latest'));
    expect(asked()).toEqual([]);
  });

  it('that the registry does not have any more is forgotten', async () => {
    const { remote, repository, clock } = await setUp();
    publish(remote, graph, 'latest');
    await repository().resolve(tagOf('latest'));
    remote.server.repository('team/product').tags.delete('latest');
    clock.now += 24 * HOUR;
    await expect(repository().resolve(tagOf('latest'))).rejects.toEqual(failure('NOT_FOUND', { kind: 'tag' }));
    await expect(repository({ mode: 'offline' }).resolve(tagOf('latest'))).rejects.toEqual(failure('NOT_FOUND'));
  });

  it('that cannot be asked for stays what it was, and says that it could not', async () => {
    const { remote, repository, clock } = await setUp();
    publish(remote, graph, 'latest');
    await pull(repository(), 'latest', graph);
    clock.now += 24 * HOUR;
    remote.server.fail({ fault: { kind: 'status', status: 503 } });
    await expect(repository().resolve(tagOf('latest'))).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    await pull(repository({ mode: 'offline' }), 'latest', graph);
  });
});

describe('the modes', () => {
  it('checked: the registry is asked about a fresh tag and a version, and content still comes from the cache', async () => {
    const { remote, repository, asked } = await setUp();
    publish(remote, graph, 'v1.0.0');
    await pull(repository(), 'v1.0.0', graph);
    asked();
    await pull(repository({ mode: 'checked' }), 'v1.0.0', graph);
    expect(asked()).toEqual(['GET /v2/team/product/manifests/v1.0.0']);
    const next = artifact(2);
    publish(remote, next, 'v1.0.0');
    await pull(repository({ mode: 'checked' }), 'v1.0.0', next);
    await pull(repository(), 'v1.0.0', next);
  });

  it('offline: serves what is there however old, says how old, and asks nothing', async () => {
    const { remote, repository, clock, asked } = await setUp();
    publish(remote, graph, 'latest');
    await pull(repository(), 'latest', graph);
    asked();
    clock.now += 1000 * HOUR;
    const lookups: CacheLookup[] = [];
    const store = repository({ mode: 'offline', onLookup: (lookup) => lookups.push(lookup) });
    await pull(store, 'latest', graph);
    await pull(store, digest, graph);
    expect(lookups[0]).toEqual({ outcome: 'hit', reference: 'latest', digest, age: 1000 * HOUR });
    expect(await gathered(store.tags())).toEqual(['latest']);
    expect(await store.exists(graph.root.descriptor)).toBe(true);
    expect(asked()).toEqual([]);
  });

  it('offline: what is not there is not found, and nothing is written', async () => {
    const { repository, asked } = await setUp();
    const store = repository({ mode: 'offline' });
    await expect(store.resolve(tagOf('latest'))).rejects.toEqual(
      failure('NOT_FOUND', { kind: 'tag', what: expect.stringContaining('in the cache') }),
    );
    await expect(store.resolve(digest)).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
    await expect(bytesOf(store.read(blob(1).descriptor))).rejects.toEqual(failure('NOT_FOUND', { kind: 'blob' }));
    expect(await store.exists(blob(1).descriptor)).toBe(false);
    await expect(gathered(store.tags())).rejects.toEqual(failure('NOT_FOUND', { kind: 'repository', offline: true }));
    await expect(store.write(blob(1).descriptor, sourceOf(blob(1).bytes))).rejects.toEqual(
      failure('REGISTRY_UNAVAILABLE', { status: null }),
    );
    await expect(store.tag(graph.root.descriptor, tagOf('latest'))).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect(asked()).toEqual([]);
  });
});

describe('a push through the cache', () => {
  it('makes the cache forget where its tags led', async () => {
    const { remote, repository } = await setUp();
    publish(remote, graph, 'latest');
    await pull(repository(), 'latest', graph);
    const next = artifact(2);
    publish(remote, next);
    await repository().tag(next.root.descriptor, tagOf('latest'));
    await pull(repository(), 'latest', next);
    const third = artifact(3);
    for (const { descriptor, bytes } of third.contents) {
      const tags = descriptor === third.root.descriptor ? [tagOf('latest')] : [];
      await repository().write(descriptor, sourceOf(bytes), { tags });
    }
    await pull(repository(), 'latest', third);
  });

  it('mounts blobs from the repository that is behind the cache of another', async () => {
    const { remote, repository } = await setUp();
    publish(remote, graph, 'latest');
    const result = await copy(repository(), tagOf('latest'), repository({ name: 'team/other', mode: 'checked' }));
    expect(result.blobs.map(({ outcome }) => outcome)).toEqual(['mounted', 'mounted', 'mounted']);
  });
});

describe('a policy', () => {
  it('is asked about what comes from the registry and about what is in the cache', async () => {
    const { remote, repository } = await setUp();
    publish(remote, graph, 'latest');
    const asked: string[] = [];
    const accept = (key: { reference: string }, content: { descriptor: { digest: string } }): void => {
      asked.push(`${key.reference} ${content.descriptor.digest}`);
    };
    for (let i = 0; i < 2; i++) await repository({ accept }).resolve(tagOf('latest'));
    expect(asked).toEqual([`latest ${digest}`, `latest ${digest}`]);
  });

  it('keeps what an earlier policy let in from being served', async () => {
    const { remote, repository } = await setUp();
    publish(remote, graph, 'latest');
    await pull(repository(), 'latest', graph);
    const accept = (): never => {
      throw new OciError('DENIED', 'not signed', { registry: 'this', reason: 'not signed' });
    };
    for (const mode of ['cached', 'offline', 'checked'] as const) {
      await expect(repository({ accept, mode }).resolve(tagOf('latest'))).rejects.toEqual(failure('DENIED'));
    }
  });
});

describe('the folder of the cache', () => {
  it('is an image layout that names what is in it', async () => {
    const { remote, repository, open, path } = await setUp();
    publish(remote, graph, 'latest');
    const cache = open();
    await pull(repository({ cache }), 'latest', graph);
    await pull(repository({ cache }), digest, graph);
    await cache.close();
    expect(JSON.parse(await readFile(join(path, 'oci-layout'), 'utf8'))).toEqual({ imageLayoutVersion: '1.0.0' });
    const index = JSON.parse(await readFile(join(path, 'index.json'), 'utf8'));
    const { mediaType, size } = graph.root.descriptor;
    expect(index).toMatchObject({
      schemaVersion: 2,
      manifests: [
        {
          mediaType,
          digest,
          size,
          annotations: { 'org.opencontainers.image.ref.name': `${remote.server.host}/team/product:latest` },
        },
      ],
    });
  });

  it('is not made before there is something to keep', async () => {
    const { repository, open, path } = await setUp();
    await expect(repository().resolve(tagOf('latest'))).rejects.toEqual(failure('NOT_FOUND'));
    expect(await open().status()).toMatchObject({ entries: 0, totalSizeBytes: 0, expired: 0, path });
    await expect(readFile(join(path, 'floe-oci-cache.json'))).rejects.toThrow('ENOENT');
  });
});

describe('reading a manifest through the cache', () => {
  it('gives the bytes that the digest names', async () => {
    const { remote, repository } = await setUp();
    publish(remote, graph, 'latest');
    const descriptor = await repository().resolve(tagOf('latest'));
    const { bytes } = await readVerified(repository(), descriptor);
    expect(Buffer.from(bytes)).toEqual(Buffer.from(graph.root.bytes));
  });
});
