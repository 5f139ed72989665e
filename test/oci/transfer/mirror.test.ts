import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { OciError } from '../../../src/oci/errors.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { mirror } from '../../../src/oci/transfer/mirror.ts';
import { SharedWrites } from '../../../src/oci/transfer/sharedWrites.ts';
import { artifact, blob, emptyConfig, imageManifest, put, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { ObservedStore, turns, writtenTo } from '../../support/stores.ts';

async function sourceWith(...tags: readonly string[]): Promise<MemoryStore> {
  const store = new MemoryStore('source');
  for (const [seed, tag] of tags.entries()) await putGraph(store, artifact(seed), tag);
  return store;
}

const unavailable = (): OciError =>
  new OciError('REGISTRY_UNAVAILABLE', 'no', { registry: 'r', reason: 'no', status: 503 });

describe('a mirror', () => {
  it('copies the tags that pass the filter, in their order', async () => {
    const source = await sourceWith('v1', 'v2', 'latest');
    const copied: string[] = [];
    const result = await mirror(source, async (tag) => copied.push(tag), { filter: (tag) => tag.startsWith('v') });
    expect(copied.sort()).toEqual(['v1', 'v2']);
    expect(result.copied.map(({ tag }) => tag)).toEqual(['v1', 'v2']);
    expect(result.failed).toEqual([]);
  });

  it('goes on after a tag that fails, and reports it', async () => {
    const source = await sourceWith('a', 'b', 'c');
    const result = await mirror(source, async (tag) => {
      if (tag === 'b') throw unavailable();
      return tag;
    });
    expect(result.copied.map(({ result: tag }) => tag)).toEqual(['a', 'c']);
    expect(result.failed).toEqual([{ tag: 'b', error: failure('REGISTRY_UNAVAILABLE') }]);
  });

  it('does not hide what is no error of ours', async () => {
    const source = await sourceWith('a', 'b');
    const failing = mirror(source, async () => {
      throw new TypeError('a mistake');
    });
    await expect(failing).rejects.toThrow(TypeError);
  });

  it('ends with CANCELLED once what is under way has ended', async () => {
    const source = await sourceWith(...Array.from({ length: 20 }, (_, i) => `v${i}`));
    const controller = new AbortController();
    let running = 0;
    const mirroring = mirror(
      source,
      async () => {
        running++;
        await turns(3);
        controller.abort();
        await turns(3);
        running--;
      },
      { signal: controller.signal },
    );
    await expect(mirroring).rejects.toEqual(failure('CANCELLED'));
    expect(running).toBe(0);
  });

  it('of an empty repository is empty', async () => {
    expect(await mirror(await sourceWith(), async () => 1)).toEqual({ copied: [], failed: [] });
  });

  it('writes a blob that artifacts share once, though they are copied at once', async () => {
    const source = new MemoryStore();
    const shared = blob(1, { size: 5000 });
    for (let i = 0; i < 6; i++) {
      const own = blob(`own ${i}`);
      for (const content of [emptyConfig, shared, own]) await put(source, content);
      await put(source, imageManifest([shared, own]), `v${i}`);
    }
    const destination = new ObservedStore();
    destination.interfere = (call) => (call === 'write' ? turns(2) : undefined);
    const target = new SharedWrites(destination);
    const { copied } = await mirror(source, (tag) => copy(source, tag, target, { tags: [tag] }));
    const outcomes = copied.flatMap(({ result }) =>
      result.blobs.filter(({ descriptor }) => descriptor.digest === shared.descriptor.digest),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...Array(5).fill('existed'), 'written']);
    expect(await Array.fromAsync(destination.tags())).toHaveLength(6);
  });
});

describe('shared writes', () => {
  it('let the second writer try when the first one fails', async () => {
    const destination = new ObservedStore();
    const content = blob(1);
    let calls = 0;
    destination.interfere = async (call) => {
      if (call !== 'write' || ++calls > 1) return;
      await turns(3);
      throw unavailable();
    };
    const target = new SharedWrites(destination);
    const write = () =>
      target.write(content.descriptor, async function* () {
        yield content.bytes;
      });
    const [first, second] = await Promise.allSettled([write(), write()]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toEqual({ status: 'fulfilled', value: 'written' });
  });

  it('are one write for whoever comes while it is under way', async () => {
    const destination = new ObservedStore();
    const content = blob(1);
    destination.interfere = (call) => (call === 'write' ? turns(3) : undefined);
    const target = new SharedWrites(destination);
    const write = () =>
      target.write(content.descriptor, async function* () {
        yield content.bytes;
      });
    expect(await Promise.all([write(), write(), write()])).toEqual(['written', 'existed', 'existed']);
    expect(writtenTo(destination)).toHaveLength(1);
  });
});
