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
    await expect(store.delete(part.descriptor)).rejects.toEqual(failure('UNSUPPORTED'));
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
});
