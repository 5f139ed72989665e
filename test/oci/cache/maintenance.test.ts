import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { artifact, blob, tagOf } from '../../support/artifacts.ts';
import { leftBehind } from '../../support/leftBehind.ts';
import { blobFile, type CacheSetup, HOUR, publish, pull, setUp, sizeOnDisk } from './support/caches.ts';

const [first, second] = [artifact(1), artifact(2, { size: 500_000 })];

async function pulled(): Promise<CacheSetup> {
  const setup = await setUp({ maxSizeBytes: 5_000_000 });
  publish(setup.remote, first, 'latest');
  publish(setup.remote, second, 'v1.0.0', 'team/other');
  await pull(setup.repository(), 'latest', first);
  setup.clock.now += HOUR;
  await pull(setup.repository({ name: 'team/other' }), 'v1.0.0', second);
  return setup;
}

async function listed({ path }: CacheSetup): Promise<readonly string[]> {
  const index = JSON.parse(await readFile(join(path, 'index.json'), 'utf8'));
  const names = index.manifests.map(
    (entry: { annotations: Record<string, string> }) => entry.annotations['org.opencontainers.image.ref.name'],
  );
  return names.sort();
}

describe('status and list', () => {
  it('say how much there is of what', async () => {
    const { open, path, clock } = await pulled();
    expect(await open().status()).toEqual({
      path,
      totalSizeBytes: await sizeOnDisk(path),
      entries: 2,
      expired: 0,
      maxSizeBytes: 5_000_000,
    });
    clock.now += 23 * HOUR;
    expect(await open().status()).toMatchObject({ entries: 2, expired: 1 });
  });

  it('say what each reference leads to, and until when it is believed', async () => {
    const { open, clock, remote } = await pulled();
    const then = clock.now;
    clock.now += 2 * HOUR;
    const registry = remote.server.host;
    expect(await open().list()).toEqual([
      {
        registry,
        repository: 'team/other',
        tag: 'v1.0.0',
        digest: second.root.descriptor.digest,
        size: expect.any(Number),
        fetchedAt: then,
        checkedAt: then,
        usedAt: then,
        expiresAt: null,
        expired: false,
      },
      {
        registry,
        repository: 'team/product',
        tag: 'latest',
        digest: first.root.descriptor.digest,
        size: expect.any(Number),
        fetchedAt: then - HOUR,
        checkedAt: then - HOUR,
        usedAt: then - HOUR,
        expiresAt: then + 23 * HOUR,
        expired: false,
      },
    ]);
  });

  it('count of what is below a manifest only what is there, and nothing where the manifest is another', async () => {
    const { open, path } = await pulled();
    const sizeOfFirst = async (): Promise<number | undefined> =>
      (await open().list()).find(({ tag }) => tag === 'latest')?.size;
    const whole = (await sizeOfFirst()) ?? expect.fail();
    const layer = first.contents[1]?.descriptor ?? expect.fail();
    await rm(blobFile(path, layer));
    expect(await sizeOfFirst()).toBe(whole - layer.size);
    const manifest = first.root.descriptor;
    await writeFile(blobFile(path, manifest), ' '.repeat(manifest.size));
    const below = first.contents.filter((content) => content.descriptor !== manifest);
    expect(await sizeOfFirst()).toBe(whole - below.reduce((sum, { descriptor }) => sum + descriptor.size, 0));
  });
});

describe('verify', () => {
  it('finds nothing wrong with what is right', async () => {
    const { open, path } = await pulled();
    const blobs = await readdir(join(path, 'blobs', 'sha256'));
    const result = await open().verify();
    expect(result).toMatchObject({ checked: blobs.length, removed: [] });
    expect(result.checkedBytes).toBeGreaterThan(1_000_000);
  });

  it('removes what is wrong, so that it is fetched again', async () => {
    const { open, path, repository, asked } = await pulled();
    const small = first.contents[1]?.descriptor ?? expect.fail();
    const large = second.contents[1]?.descriptor ?? expect.fail();
    for (const descriptor of [small, large]) {
      const bytes = await readFile(blobFile(path, descriptor));
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await writeFile(blobFile(path, descriptor), bytes);
    }
    await writeFile(join(path, 'references', 'junk.json'), '{}');
    const { removed } = await open().verify();
    expect(removed.map((file) => file.path)).toEqual([
      join(path, 'references', 'junk.json'),
      blobFile(path, small),
      blobFile(path, large),
    ]);
    expect((await open().verify()).removed).toEqual([]);
    asked();
    await pull(repository(), 'latest', first);
    await pull(repository({ name: 'team/other' }), 'v1.0.0', second);
    expect(asked()).toHaveLength(2);
  });

  it('removes a folder that is in the way of records', async () => {
    const { open, path } = await pulled();
    const inTheWay = join(path, 'references', 'folder');
    await mkdir(join(inTheWay, 'in it'), { recursive: true });
    expect((await open().verify()).removed).toEqual([{ path: inTheWay, reason: 'is no reference record' }]);
    expect(await readdir(join(path, 'references'))).toHaveLength(2);
  });

  it('lists again what is there', async () => {
    const setup = await pulled();
    const host = setup.remote.server.host;
    await setup.open().verify();
    await rm(join(setup.path, 'index.json'));
    await rm(join(setup.path, 'oci-layout'));
    await setup.open().verify();
    expect(await listed(setup)).toEqual([`${host}/team/other:v1.0.0`, `${host}/team/product:latest`]);
    await rm(blobFile(setup.path, first.root.descriptor));
    for (const name of await readdir(join(setup.path, 'references'))) {
      const file = join(setup.path, 'references', name);
      if ((await readFile(file, 'utf8')).includes('latest')) await rm(file);
    }
    await setup.open().verify();
    expect(await listed(setup)).toEqual([`${host}/team/other:v1.0.0`]);
  });
});

describe('prune', () => {
  it('removes what has expired, with what only that leads to', async () => {
    const setup = await pulled();
    setup.clock.now += 24 * HOUR;
    const { removed, freedBytes } = await setup.open().prune();
    expect(removed).toBe(1);
    expect(freedBytes).toBeGreaterThan(0);
    expect((await setup.open().list()).map(({ tag }) => tag)).toEqual(['v1.0.0']);
    const left = await readdir(join(setup.path, 'blobs', 'sha256'));
    expect(left).toHaveLength(second.contents.length);
    expect(await listed(setup)).toEqual([`${setup.remote.server.host}/team/other:v1.0.0`]);
    await pull(setup.repository({ name: 'team/other', mode: 'offline' }), 'v1.0.0', second);
  });

  it('removes what is over a limit that is lower now', async () => {
    const setup = await pulled();
    const { removed } = await setup.open({ maxSizeBytes: 100_000 }).prune();
    expect(removed).toBe(2);
    expect(await sizeOnDisk(setup.path)).toBeLessThanOrEqual(100_000);
  });

  it('removes content that no reference leads to, once nobody can be about to need it', async () => {
    const setup = await pulled();
    const content = setup.remote.server.repository('team/product');
    const [old, young] = [blob(8), blob(9)];
    for (const { descriptor, bytes } of [old, young]) {
      content.putBlob(bytes);
      await bytesOf(setup.repository().read(descriptor));
    }
    await utimes(blobFile(setup.path, old.descriptor), 1, setup.clock.now / 1000 - 2 * 3600);
    await utimes(blobFile(setup.path, young.descriptor), 1, setup.clock.now / 1000 - 600);
    await setup.open().prune();
    const offline = setup.repository({ mode: 'offline' });
    expect(await offline.exists(old.descriptor)).toBe(false);
    expect(await offline.exists(young.descriptor)).toBe(true);
  });

  it('removes what dead processes left half-written, and nothing of those that live', async () => {
    const setup = await pulled();
    const dead = leftBehind();
    const alive = leftBehind(process.pid);
    await writeFile(join(setup.path, dead), 'half');
    await writeFile(join(setup.path, alive), 'half');
    await setup.open().prune();
    const names = await readdir(setup.path);
    expect(names).not.toContain(dead);
    expect(names).toContain(alive);
  });
});

describe('clear', () => {
  it('keeps nothing', async () => {
    const setup = await pulled();
    await setup.open().clear();
    expect(await setup.open().status()).toMatchObject({ entries: 0, totalSizeBytes: 0 });
    expect(await listed(setup)).toEqual([]);
    expect((await readdir(setup.path)).sort()).toEqual([
      'blobs',
      'floe-oci-cache.json',
      'index.json',
      'oci-layout',
      'references',
    ]);
    setup.asked();
    await pull(setup.repository(), 'latest', first);
    expect(setup.asked()).not.toEqual([]);
  });

  it('lets who is reading read on', async () => {
    const setup = await setUp();
    const large = artifact(5, { layers: 1, size: 3_000_000 });
    publish(setup.remote, large, 'latest');
    await pull(setup.repository(), 'latest', large);
    const layer = large.contents[1] ?? expect.fail();
    const stream = setup.repository().read(layer.descriptor)[Symbol.asyncIterator]();
    const chunks: Uint8Array[] = [];
    const opened = await stream.next();
    if (!opened.done) chunks.push(opened.value);
    await setup.open().clear();
    for (let next = await stream.next(); !next.done; next = await stream.next()) chunks.push(next.value);
    expect(Buffer.concat(chunks).equals(layer.bytes)).toBe(true);
  });
});

describe('a cache that was never made', () => {
  it('has nothing in it, and is not made by looking', async () => {
    const { open, path } = await setUp();
    const cache = open();
    expect(await cache.list()).toEqual([]);
    expect(await cache.verify()).toEqual({ checked: 0, checkedBytes: 0, removed: [] });
    expect(await cache.prune()).toEqual({ removed: 0, freedBytes: 0 });
    await cache.clear();
    await expect(readdir(path)).rejects.toThrow('ENOENT');
  });
});

it('what a tag led to before it moved is pruned', async () => {
  const setup = await setUp();
  publish(setup.remote, first, 'latest');
  await pull(setup.repository(), 'latest', first);
  publish(setup.remote, second, 'latest');
  setup.clock.now += 25 * HOUR;
  await pull(setup.repository(), 'latest', second);
  for (const { descriptor } of first.contents.slice(1)) await utimes(blobFile(setup.path, descriptor), 1, 1);
  await setup.open().prune();
  expect(await readdir(join(setup.path, 'blobs', 'sha256'))).toHaveLength(second.contents.length);
  expect((await setup.repository().resolve(tagOf('latest'))).digest).toBe(second.root.descriptor.digest);
});
