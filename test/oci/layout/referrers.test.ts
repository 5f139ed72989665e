import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { isManifestDescriptor } from '../../../src/oci/spec/descriptor.ts';
import { referrersTagOf } from '../../../src/oci/spec/referrersTag.ts';
import { artifact, imageIndex, multiPlatform, put, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { referrerOf } from '../../support/referrerContract.ts';
import { blobPath, newLayout, readIndex, tagsOf } from './support/layouts.ts';

const SBOM = 'application/vnd.example.sbom';
const graph = artifact(1);
const { digest } = graph.root.descriptor;

async function digestsOf(store: LayoutStore): Promise<readonly string[]> {
  return (await Array.fromAsync(store.referrers(digest))).map((referrer) => referrer.digest);
}

describe('the referrers in a layout', () => {
  it('are found without a tag of their own, as oras leaves them, and by another process', async () => {
    const store = await newLayout();
    await putGraph(store, graph, 'v1');
    const sbom = referrerOf(graph.root, SBOM);
    await put(store, sbom);
    expect(await tagsOf(store)).toEqual(['v1']);
    expect(await digestsOf(await LayoutStore.open(store.path))).toEqual([sbom.descriptor.digest]);
  });

  it('are found in an index under a referrers tag, as regctl leaves them', async () => {
    const store = await newLayout();
    await putGraph(store, graph, 'v1');
    const sbom = referrerOf(graph.root, SBOM);
    await put(store, sbom);
    await put(store, imageIndex([sbom]), referrersTagOf(digest));
    expect((await readIndex(store)).manifests).toHaveLength(2);
    expect(await digestsOf(await LayoutStore.open(store.path))).toEqual([sbom.descriptor.digest]);
  });

  it('are those that can be used: others are not there, and hide none', async () => {
    const store = await newLayout();
    await putGraph(store, graph, 'v1');
    const [damaged, whole] = [referrerOf(graph.root, SBOM, 'damaged'), referrerOf(graph.root, SBOM, 'whole')];
    await put(store, damaged);
    await put(store, whole);
    await writeFile(blobPath(store, damaged.descriptor.digest), 'not what it was');
    expect(await digestsOf(await LayoutStore.open(store.path))).toEqual([whole.descriptor.digest]);
  });

  it('are seen when another process adds them', async () => {
    const store = await newLayout();
    await putGraph(store, graph, 'v1');
    expect(await digestsOf(store)).toEqual([]);
    const sbom = referrerOf(graph.root, SBOM);
    await put(await LayoutStore.open(store.path), sbom);
    expect(await digestsOf(store)).toEqual([sbom.descriptor.digest]);
  });
});

describe('deleting from a layout', () => {
  it('a second time says that the manifest is not there', async () => {
    const store = await newLayout();
    await putGraph(store, graph, 'v1');
    await store.delete(graph.root.descriptor);
    await expect(store.delete(graph.root.descriptor)).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
  });

  it('keeps what an index has, and says which', async () => {
    const store = await newLayout();
    const index = multiPlatform(1);
    await putGraph(store, index, 'v1');
    const part = index.contents.map(({ descriptor }) => descriptor).find(isManifestDescriptor);
    if (!part) throw new Error('the index has no manifest');
    const what = expect.stringContaining(index.root.descriptor.digest);
    await expect(store.delete(part)).rejects.toEqual(failure('UNSUPPORTED', { what }));
    expect(await store.exists(index.root.descriptor)).toBe(true);
  });
});
