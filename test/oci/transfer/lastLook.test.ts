import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { artifact, multiPlatform, putGraph, tagOf } from '../../support/artifacts.ts';
import { ObservedStore, turns, writtenTo } from '../../support/stores.ts';

const tags = [tagOf('v1')];

describe.each([
  ['an artifact', artifact(1)],
  ['an index', multiPlatform(2)],
] as const)('the last look of a copy of %s', (_, graph) => {
  const root = graph.root.descriptor;
  const sourceOf = async (): Promise<MemoryStore> => {
    const source = new MemoryStore('source');
    await putGraph(source, graph);
    return source;
  };

  it('comes once, when all but the root has been handed over, while an answer is still waited for', async () => {
    const destination = new ObservedStore();
    // Answers come late, after all of the content has been taken.
    const write = destination.write.bind(destination);
    destination.write = async (...parameters) => {
      const outcome = await write(...parameters);
      destination.running++;
      await turns(20);
      destination.running--;
      return outcome;
    };
    const looks: { readonly running: number; readonly isRootWritten: boolean }[] = [];
    await copy(await sourceOf(), root.digest, destination, {
      tags,
      lastLook: async () => {
        looks.push({ running: destination.running, isRootWritten: writtenTo(destination).includes(root.digest) });
      },
    });
    expect(looks).toEqual([{ running: expect.any(Number), isRootWritten: false }]);
    expect(looks[0]?.running).toBeGreaterThan(0);
  });

  it('keeps the root and its tags from being written when it fails, and is awaited', async () => {
    const destination = new MemoryStore();
    const lastLook = async (): Promise<void> => {
      await turns(10);
      throw new Error('taken');
    };
    await expect(copy(await sourceOf(), root.digest, destination, { tags, lastLook })).rejects.toThrow('taken');
    expect(await destination.exists(root)).toBe(false);
    expect(await Array.fromAsync(destination.tags())).toEqual([]);
  });

  it('does not come when nothing has to be sent', async () => {
    const destination = new MemoryStore();
    await putGraph(destination, graph);
    const lastLook = (): Promise<void> => Promise.reject(new Error('looked'));
    const { changed } = await copy(await sourceOf(), root.digest, destination, { tags, lastLook });
    expect(changed).toBe(false);
    expect((await destination.resolve(tagOf('v1'))).digest).toBe(root.digest);
  });

  it('does not come when something has failed', async () => {
    const destination = new ObservedStore();
    destination.interfere = (call) => {
      if (call === 'write') throw new Error('full');
    };
    let looks = 0;
    const lastLook = async (): Promise<void> => {
      looks += 1;
    };
    await expect(copy(await sourceOf(), root.digest, destination, { tags, lastLook })).rejects.toThrow('full');
    expect(looks).toBe(0);
  });
});
