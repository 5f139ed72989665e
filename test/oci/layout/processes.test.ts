import { once } from 'node:events';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { tagsOf } from './support/layouts.ts';
import { startWorker } from './support/processes.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

/** All that the tags name is there, and every blob is what its name says. */
async function expectWhole(store: LayoutStore): Promise<void> {
  for await (const tag of store.tags()) expect(await store.exists(await store.resolve(tag))).toBe(true);
  const blobs = join(store.path, 'blobs', 'sha256');
  for (const name of await readdir(blobs)) {
    expect(digestOf(await readFile(join(blobs, name)))).toBe(`sha256:${name}`);
  }
}

describe('processes that push into one layout at once', () => {
  it("lose none of each other's tags, though none found a layout there", async () => {
    const path = join(temporaryFolder(), 'new', 'layout');
    const workers = Array.from({ length: 6 }, (_, i) => startWorker('pushTags.ts', path, `w${i}`, '8'));
    expect(await Promise.all(workers.map((worker) => worker.ended))).toEqual(workers.map(() => 0));
    const store = await LayoutStore.open(path);
    const expected = workers.flatMap((worker) => worker.said);
    expect(expected).toHaveLength(48);
    expect(await tagsOf(store)).toEqual(expected.sort());
    await expectWhole(store);
    expect((await readdir(path)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  }, 60_000);

  it('lose none when they all find the lock of a dead process', async () => {
    const path = temporaryFolder();
    const store = await LayoutStore.open(path, { create: true });
    const lock = join(path, 'index.json.lock');
    const holder = startWorker('holdLock.ts', lock);
    await once(holder.lines, 'line');
    holder.process.kill('SIGKILL');
    await holder.ended;
    const workers = Array.from({ length: 6 }, (_, i) => startWorker('pushTags.ts', path, `w${i}`, '2'));
    await sleep(1000);
    await utimes(lock, 1, 1);
    expect(await Promise.all(workers.map((worker) => worker.ended))).toEqual(workers.map(() => 0));
    expect(await tagsOf(store)).toEqual(workers.flatMap((worker) => worker.said).sort());
  }, 60_000);

  it('may be killed at any moment: what they said is done stays done, and a later one completes and clears up', async () => {
    const path = temporaryFolder();
    const said: string[] = [];
    for (let round = 0; round < 3; round++) {
      const workers = Array.from({ length: 3 }, (_, i) => startWorker('pushTags.ts', path, `r${round}${i}`, '1000'));
      for (const worker of workers) await once(worker.lines, 'line');
      for (const worker of workers) {
        await sleep(Math.random() * 60);
        worker.process.kill('SIGKILL');
      }
      expect(await Promise.all(workers.map((worker) => worker.ended))).toEqual(workers.map(() => null));
      said.push(...workers.flatMap((worker) => worker.said));
      const left = await readdir(path);
      if (left.includes('index.json.lock')) await utimes(join(path, 'index.json.lock'), 1, 1);
    }
    const store = await LayoutStore.open(path);
    const found = await tagsOf(store);
    expect(said.filter((tag) => !found.includes(tag))).toEqual([]);
    await expectWhole(store);
    const last = startWorker('pushTags.ts', path, 'last', '1');
    expect(await last.ended).toBe(0);
    expect(await tagsOf(store)).toEqual([...found, 'last-1'].sort());
    expect((await readdir(path)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  }, 60_000);
});
