import { mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { artifact, type Graph } from '../../support/artifacts.ts';
import { type CacheSetup, publish, pull, setUp, sizeOnDisk } from './support/caches.ts';
import { startPuller } from './support/processes.ts';

interface Published extends CacheSetup {
  readonly graphs: ReadonlyMap<string, Graph>;
}

async function withArtifacts(count: number, size: number): Promise<Published> {
  const setup = await setUp();
  const graphs = new Map(
    Array.from({ length: count }, (_, i): [string, Graph] => [`v${i}.0.0`, artifact(i + 1, { size })]),
  );
  for (const [tag, graph] of graphs) publish(setup.remote, graph, tag);
  return { ...setup, graphs };
}

/** Starts somewhere else each time, so that processes meet at all of them. */
function rotated<T>(items: readonly T[], by: number): readonly T[] {
  return [...items.slice(by % items.length), ...items.slice(0, by % items.length)];
}

async function temporaryFiles(path: string): Promise<readonly string[]> {
  return (await readdir(path)).filter((name) => name.startsWith('.floe-oci-'));
}

/** Nothing wrong in it, and all that is listed there. */
async function expectSound({ open, path }: CacheSetup): Promise<void> {
  const cache = open();
  expect((await cache.verify()).removed).toEqual([]);
  expect(await temporaryFiles(path)).toEqual([]);
  const index = JSON.parse(await readFile(join(path, 'index.json'), 'utf8'));
  expect(index.manifests).toHaveLength((await cache.list()).length);
}

describe('processes that pull through one cache', () => {
  it('may be many, and be killed at any moment: nothing is corrupt, nobody waits for ever', async () => {
    const setup = await withArtifacts(20, 100_000);
    const tags = [...setup.graphs.keys()];
    const { host } = setup.remote.server;
    // One that ends leaves what it has compiled to the others, which then spend their time on the cache.
    await startPuller({ path: `${setup.path}-of-its-own`, host, tags: ['v0.0.0'] }).ended;
    const pullers = Array.from({ length: 40 }, (_, i) => ({
      isDoomed: i % 3 === 0,
      ...startPuller({ path: setup.path, host, tags: rotated(tags, i) }),
    }));
    const doomed = pullers.filter(({ isDoomed }) => isDoomed);
    await Promise.all(
      doomed.map(async (puller) => {
        while (puller.said.length === 0 && puller.process.exitCode === null) await sleep(5);
        await sleep(Math.random() * 500);
        puller.process.kill('SIGKILL');
      }),
    );
    const survivors = pullers.filter(({ isDoomed }) => !isDoomed);
    expect(await Promise.all(survivors.map(({ ended }) => ended))).toEqual(survivors.map(() => 0));
    await Promise.all(doomed.map(({ ended }) => ended));
    for (const { said } of survivors) expect(said).toHaveLength(tags.length);
    await expectSound(setup);
    setup.asked();
    for (const [tag, graph] of setup.graphs) await pull(setup.repository({ cache: setup.open() }), tag, graph);
    expect(setup.asked()).toEqual([]);
  }, 240_000);

  it('keep to the limit, though each makes room for itself', async () => {
    const setup = await withArtifacts(10, 100_000);
    const tags = [...setup.graphs.keys()];
    const limit = 700_000;
    const { host } = setup.remote.server;
    const pullers = Array.from({ length: 8 }, (_, i) =>
      startPuller({ path: setup.path, host, tags: rotated(tags, i), maxSizeBytes: limit }),
    );
    expect(await Promise.all(pullers.map(({ ended }) => ended))).toEqual(pullers.map(() => 0));
    expect(await sizeOnDisk(setup.path)).toBeLessThanOrEqual(limit);
    await expectSound(setup);
  }, 60_000);

  it('are not held up by a lock that somebody else keeps, killed or stopped', async () => {
    const setup = await withArtifacts(2, 1000);
    const tags = [...setup.graphs.keys()];
    const { host } = setup.remote.server;
    await startPuller({ path: setup.path, host, tags: ['v0.0.0'] }).ended;
    const lock = join(setup.path, 'index.json.lock');
    await mkdir(lock);
    const sign = setInterval(() => utimes(lock, new Date(), new Date()).catch(() => {}), 500);
    const puller = startPuller({ path: setup.path, host, tags });
    expect(await puller.ended).toBe(0);
    clearInterval(sign);
    expect(puller.said).toEqual(['v0.0.0 from the cache', 'v1.0.0 from the registry']);
    await utimes(lock, 1, 1);
    await expectSound(setup);
  }, 60_000);
});
