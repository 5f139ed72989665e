import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { sourceOf } from '../../../src/oci/content/verify.ts';
import { isManifestDescriptor } from '../../../src/oci/spec/descriptor.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { artifact, blob, emptyConfig, manifestOf, multiPlatform, put, putGraph } from '../../support/artifacts.ts';
import { deletionContract } from '../../support/deletionContract.ts';
import { failure } from '../../support/failure.ts';
import { referrerContract } from '../../support/referrerContract.ts';
import { storeContract } from '../../support/storeContract.ts';

const make = async () => ({
  store: new MemoryStore(),
  abilities: { sha512: true, enforcesClosure: true },
  deletion: { untags: true, deletes: true },
  cleanup: async () => {},
});
storeContract('memory', make);
referrerContract('memory', make);
deletionContract('memory', make);

describe('a memory store', () => {
  it('never holds a manifest that is none', async () => {
    const store = new MemoryStore();
    const { descriptor, bytes } = manifestOf('<html>', 'application/vnd.oci.image.manifest.v1+json');
    await expect(store.write(descriptor, sourceOf(bytes))).rejects.toEqual(failure('INVALID_MANIFEST'));
    expect(await store.exists(descriptor)).toBe(false);
  });

  it('does not take the bytes of a manifest for the manifest', async () => {
    const store = new MemoryStore();
    const { root } = artifact(1);
    const asBlob = blob(root.bytes);
    await put(store, asBlob);
    expect([await store.exists(asBlob.descriptor), await store.exists(root.descriptor)]).toEqual([true, false]);
    await expect(store.resolve(root.descriptor.digest)).rejects.toEqual(failure('NOT_FOUND'));
  });

  it('writes what it has once more when it is asked to', async () => {
    const store = new MemoryStore();
    await put(store, emptyConfig);
    const write = store.write(emptyConfig.descriptor, sourceOf(emptyConfig.bytes), { rewrite: true });
    expect(await write).toBe('written');
  });

  it('keeps a manifest that an index has', async () => {
    const store = new MemoryStore();
    const graph = multiPlatform(1);
    await putGraph(store, graph, 'v1');
    const part = graph.contents.find(({ descriptor }) => descriptor.mediaType === MediaType.imageManifest);
    if (!part || !isManifestDescriptor(part.descriptor)) throw new Error('the index has no manifest');
    const instead = `The index ${graph.root.descriptor.digest} has to be removed first`;
    const what = `removing ${part.descriptor.digest} from memory while the index ${graph.root.descriptor.digest} has it`;
    await expect(store.delete(part.descriptor)).rejects.toEqual(failure('UNSUPPORTED', { what, instead }));
    await store.delete(graph.root.descriptor);
    await store.delete(part.descriptor);
    await expect(store.resolve(part.descriptor.digest)).rejects.toEqual(failure('NOT_FOUND'));
  });

  it('lists its tags in order', async () => {
    const store = new MemoryStore('mine');
    for (const content of artifact(1).contents) await put(store, content);
    await put(store, artifact(1).root, 'b', 'a', 'C');
    const tags: string[] = [];
    for await (const tag of store.tags()) tags.push(tag);
    expect([store.name, ...tags]).toEqual(['mine', 'C', 'a', 'b']);
  });

  it('has not even the bytes of a manifest that was removed', async () => {
    const store = new MemoryStore();
    const graph = artifact(1);
    await store.delete(await putGraph(store, graph));
    expect(await store.exists(blob(graph.root.bytes).descriptor)).toBe(false);
  });

  it('says what a manifest names that is not there', async () => {
    const { root } = artifact(1);
    const missing = artifact(1).contents.filter((content) => content.descriptor.digest !== root.descriptor.digest);
    await expect(put(new MemoryStore(), root)).rejects.toEqual(
      failure('MISSING_REFERENCE', {
        manifest: root.descriptor.digest,
        missing: expect.arrayContaining(missing.map(({ descriptor }) => descriptor.digest)),
      }),
    );
  });

  it.each([1, 8])(
    'keeps nothing of what was given up after its piece %i of eight, and reads no further',
    async (last) => {
      const store = new MemoryStore();
      const { descriptor, bytes } = blob(1);
      const controller = new AbortController();
      let passed = 0;
      const source = async function* (): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += 8) {
          passed += 1;
          yield bytes.subarray(at, at + 8);
          if (passed === last) controller.abort();
        }
      };
      const write = store.write(descriptor, source, { signal: controller.signal });
      await expect(write).rejects.toEqual(failure('CANCELLED'));
      expect(await store.exists(descriptor)).toBe(false);
      expect(passed).toBe(Math.min(last + 1, 8));
    },
  );

  it('writes nothing for who has given up, not even what it has', async () => {
    const store = new MemoryStore();
    await put(store, emptyConfig);
    const write = store.write(emptyConfig.descriptor, sourceOf(emptyConfig.bytes), { signal: AbortSignal.abort() });
    await expect(write).rejects.toEqual(failure('CANCELLED'));
  });
});
