import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { diffManifests, readManifest } from '../../../src/oci/transfer/diff.ts';
import {
  blob,
  type Content,
  emptyConfig,
  imageIndex,
  imageManifest,
  type ManifestContent,
  put,
} from '../../support/artifacts.ts';

const none = { manifest: [], annotations: [], layers: [], manifests: [] };

async function compare(left: ManifestContent, right: ManifestContent, ...contents: readonly Content[]) {
  const store = new MemoryStore();
  for (const content of [emptyConfig, ...contents, left, right]) await put(store, content);
  return diffManifests(await readManifest(store, left.descriptor), await readManifest(store, right.descriptor));
}

describe('comparing manifests', () => {
  it('finds none between equal ones, whatever the order of annotations', async () => {
    const a = blob('a', { title: 'a' });
    const left = imageManifest([a], { annotations: { x: '1', y: '2' } });
    const right = imageManifest([a], { annotations: { y: '2', x: '1' } });
    expect(await compare(left, right, a)).toEqual(none);
  });

  it('names what was added, removed and changed', async () => {
    const [a, b, c] = [blob('a', { title: 'a' }), blob('b', { title: 'b' }), blob('c', { title: 'c' })];
    const a2 = blob('a2', { title: 'a' });
    const left = imageManifest([a, b], {
      artifactType: 'application/x',
      annotations: { gone: '1', same: 's', other: '1' },
    });
    const right = imageManifest([a2, c], {
      artifactType: 'application/y',
      annotations: { same: 's', other: '2', new: '3' },
    });
    expect(await compare(left, right, a, b, c, a2)).toEqual({
      manifest: [{ name: 'artifactType', left: 'application/x', right: 'application/y' }],
      annotations: [
        { name: 'gone', left: '1' },
        { name: 'other', left: '1', right: '2' },
        { name: 'new', right: '3' },
      ],
      layers: [
        { name: 'a', left: a.descriptor, right: a2.descriptor },
        { name: 'b', left: b.descriptor },
        { name: 'c', right: c.descriptor },
      ],
      manifests: [],
    });
  });

  it('compares layers without a title by their place', async () => {
    const [a, b, c] = [blob('a'), blob('b'), blob('c')];
    const { layers } = await compare(imageManifest([a, b]), imageManifest([a, c, b]), a, b, c);
    expect(layers).toEqual([
      { name: '#2', left: b.descriptor, right: c.descriptor },
      { name: '#3', right: b.descriptor },
    ]);
  });

  it('sees another config and another kind of manifest', async () => {
    const config = blob('{"a":1}', { mediaType: 'application/vnd.example.config' });
    const { manifest } = await compare(imageManifest([], {}, config), imageIndex([]), config);
    expect(manifest.map(({ name }) => name)).toEqual(['mediaType', 'config.mediaType', 'config.digest']);
  });

  it('compares the manifests of an index by platform', async () => {
    const [a, b] = [imageManifest([], { annotations: { a: '' } }), imageManifest([], { annotations: { b: '' } })];
    const on = ({ descriptor, bytes }: Content, architecture: string): Content => ({
      bytes,
      descriptor: { ...descriptor, platform: { os: 'linux', architecture } },
    });
    const left = imageIndex([on(a, 'amd64')]);
    const right = imageIndex([on(b, 'amd64'), on(a, 'arm64')]);
    const { manifests } = await compare(left, right, a, b);
    expect(manifests.map((each) => [each.name, each.left?.digest, each.right?.digest])).toEqual([
      ['linux/amd64', a.descriptor.digest, b.descriptor.digest],
      ['linux/arm64', undefined, a.descriptor.digest],
    ]);
  });
});
