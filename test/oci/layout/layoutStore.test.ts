import { existsSync, symlinkSync } from 'node:fs';
import { readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, sourceOf } from '../../../src/oci/content/verify.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import {
  artifact,
  blob,
  emptyConfig,
  imageIndex,
  imageManifest,
  manifestOf,
  multiPlatform,
  put,
  putGraph,
  tagOf,
} from '../../support/artifacts.ts';
import { deletionContract } from '../../support/deletionContract.ts';
import { referrerContract } from '../../support/referrerContract.ts';
import { failure, storeContract } from '../../support/storeContract.ts';
import { blobPath, newLayout, readIndex, tagsOf, writeIndex } from './support/layouts.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

const make = async () => ({
  store: await newLayout(),
  abilities: { sha512: true, enforcesClosure: true },
  deletion: { untags: true, deletes: true },
  cleanup: async () => {},
});
storeContract('an image layout', make);
referrerContract('an image layout', make);
deletionContract('an image layout', make);

const refName = 'org.opencontainers.image.ref.name';

describe('the files of a layout', () => {
  it('are those of the specification and nothing else', async () => {
    const store = await newLayout();
    const graph = artifact(1);
    await putGraph(store, graph, '1.0.0');
    expect((await readdir(store.path)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
    expect(await readdir(join(store.path, 'blobs'))).toEqual(['sha256']);
    expect((await readdir(join(store.path, 'blobs', 'sha256'))).length).toBe(graph.contents.length);
  });

  it('leave nothing behind from a write that failed', async () => {
    const store = await newLayout();
    const { descriptor } = blob('expected');
    await expect(store.write(descriptor, sourceOf(Buffer.from('deviates')))).rejects.toEqual(
      failure('DIGEST_MISMATCH'),
    );
    expect((await readdir(store.path)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
    expect(await readdir(join(store.path, 'blobs', 'sha256'))).toEqual([]);
  });

  it('do not show content before it is whole', async () => {
    const store = await newLayout();
    const { descriptor, bytes } = blob(2, { size: 1000 });
    const seen: boolean[] = [];
    await store.write(descriptor, async function* () {
      yield bytes.subarray(0, 500);
      seen.push(existsSync(blobPath(store, descriptor.digest)));
      yield bytes.subarray(500);
      seen.push(existsSync(blobPath(store, descriptor.digest)));
    });
    expect([...seen, existsSync(blobPath(store, descriptor.digest))]).toEqual([false, false, true]);
  });
});

describe('index.json', () => {
  it('has one entry for a tag, with the tag as its annotation', async () => {
    const store = await newLayout();
    const { mediaType, digest, size } = await putGraph(store, artifact(1), '1.0.0', 'latest');
    const entry = (tag: string): object => ({ mediaType, digest, size, annotations: { [refName]: tag } });
    expect((await readIndex(store)).manifests).toEqual([entry('1.0.0'), entry('latest')]);
  });

  it('lists a manifest without a tag until it gets one', async () => {
    const store = await newLayout();
    const { mediaType, digest, size } = await putGraph(store, artifact(1));
    expect((await readIndex(store)).manifests).toEqual([{ mediaType, digest, size }]);
    await store.tag(artifact(1).root.descriptor, tagOf('v1'));
    expect((await readIndex(store)).manifests).toEqual([{ mediaType, digest, size, annotations: { [refName]: 'v1' } }]);
  });

  it('lists an index, and not what it references, which is still found by digest', async () => {
    const store = await newLayout();
    const graph = multiPlatform(1, 3);
    await putGraph(store, graph, 'v1');
    expect((await readIndex(store)).manifests.map(({ digest }) => digest)).toEqual([graph.root.descriptor.digest]);
    for (const { descriptor } of graph.contents.filter(
      (content) => content.descriptor.mediaType === MediaType.imageManifest,
    )) {
      expect(await store.resolve(descriptor.digest)).toEqual(descriptor);
    }
  });

  it('keeps on its list what had a place there before the index came', async () => {
    const store = await newLayout();
    const [tagged, foreign] = [artifact(1), artifact(2)];
    await putGraph(store, tagged, 'mine');
    const other = await LayoutStore.open(store.path);
    await putGraph(other, foreign);
    await put(store, imageIndex([tagged.root, foreign.root]), 'both');
    expect((await readIndex(store)).manifests.map(({ annotations }) => annotations?.[refName])).toEqual([
      'mine',
      undefined,
      'both',
    ]);
  });

  it('keeps members and entries that other tools wrote', async () => {
    const store = await newLayout();
    const root = await putGraph(store, artifact(1), 'v1');
    const foreign = [
      { mediaType: 'application/xml', digest: blob('xml').descriptor.digest, size: 3, annotations: { a: 'b' } },
      {
        ...root,
        annotations: { [refName]: 'docker.io/library/app:v1', own: 'x' },
        platform: { os: 'linux', architecture: 'arm64' },
        'x-own': [1],
      },
    ];
    await writeIndex(store, { schemaVersion: 2, annotations: { c: 'd' }, 'x-tool': { e: 1 }, manifests: foreign });
    await store.tag(root, tagOf('v2'));
    const document = await readIndex(store);
    expect(document).toMatchObject({ annotations: { c: 'd' }, 'x-tool': { e: 1 } });
    expect(document.manifests.slice(0, 2)).toEqual(foreign);
    expect(document.manifests[2]).toEqual({ ...root, annotations: { [refName]: 'v2' } });
    expect(await tagsOf(store)).toEqual(['v2']);
  });

  it('without a list is that of an empty layout', async () => {
    const store = await newLayout();
    await writeIndex(store, { schemaVersion: 2, manifests: null });
    expect(await tagsOf(store)).toEqual([]);
    await putGraph(store, artifact(1), 'v1');
    expect(await tagsOf(store)).toEqual(['v1']);
  });

  it('is seen anew when another store has changed it', async () => {
    const store = await newLayout();
    await putGraph(store, artifact(1), 'v1');
    await putGraph(await LayoutStore.open(store.path), artifact(2), 'v2', 'v1');
    expect(await tagsOf(store)).toEqual(['v1', 'v2']);
    expect((await store.resolve(tagOf('v1'))).digest).toBe(artifact(2).root.descriptor.digest);
  });

  it.each([
    ['no JSON', '{"schemaVersion": 2,', 'is not JSON'],
    ['no index', '[]', 'is no image index'],
    ['of another schema version', '{"schemaVersion": 1, "manifests": []}', 'at schemaVersion'],
    [
      'with a bad digest',
      '{"schemaVersion":2,"manifests":[{"mediaType":"a/b","size":1,"digest":"sha256:../../etc"}]}',
      'at manifests.0.digest',
    ],
  ])('that is %s is refused, and says where', async (_, text, reason) => {
    const store = await newLayout();
    await writeFile(join(store.path, 'index.json'), text);
    const refused = expect.objectContaining({
      code: 'INVALID_LAYOUT',
      details: { path: join(store.path, 'index.json'), reason: expect.stringContaining(reason) },
    });
    await expect(store.resolve(tagOf('v1'))).rejects.toEqual(refused);
    await expect(putGraph(store, artifact(1), 'v1')).rejects.toEqual(refused);
  });

  it('that is larger than we take is not read', async () => {
    const store = await newLayout();
    await truncate(join(store.path, 'index.json'), 33 * 1024 * 1024);
    await expect(store.resolve(tagOf('v1'))).rejects.toEqual(failure('LIMIT_EXCEEDED'));
  });

  it('that points a tag at no manifest does not resolve it', async () => {
    const store = await newLayout();
    const { descriptor } = blob('xml');
    await writeIndex(store, { schemaVersion: 2, manifests: [{ ...descriptor, annotations: { [refName]: 'v1' } }] });
    await expect(store.resolve(tagOf('v1'))).rejects.toEqual(failure('INVALID_LAYOUT'));
  });
});

describe('untagging', () => {
  it('takes one tag away and leaves the others', async () => {
    const store = await newLayout();
    const root = await putGraph(store, artifact(1), 'v1', 'latest');
    await store.untag(tagOf('v1'));
    expect(await tagsOf(store)).toEqual(['latest']);
    expect((await readIndex(store)).manifests).toHaveLength(1);
    expect((await store.resolve(tagOf('latest'))).digest).toBe(root.digest);
  });

  it('leaves the manifest, listed and found by its digest', async () => {
    const store = await newLayout();
    const root = await putGraph(store, artifact(1), 'v1');
    await store.untag(tagOf('v1'));
    expect(await tagsOf(store)).toEqual([]);
    expect((await readIndex(store)).manifests).toEqual([root]);
    expect(await store.resolve(root.digest)).toEqual(root);
  });

  it('says when there is no such tag', async () => {
    const store = await newLayout();
    await expect(store.untag(tagOf('v1'))).rejects.toEqual(failure('NOT_FOUND', { kind: 'tag' }));
  });
});

describe('a manifest found by digest that is not listed', () => {
  it.each([
    ['by the type it says', imageManifest([], { annotations: { a: '1' } }), MediaType.imageManifest],
    [
      'by the type of Docker',
      manifestOf({ schemaVersion: 2, mediaType: MediaType.dockerManifest, config: emptyConfig.descriptor, layers: [] }),
      MediaType.dockerManifest,
    ],
    [
      'as a manifest by its members',
      manifestOf({ schemaVersion: 2, config: emptyConfig.descriptor, layers: [] }),
      MediaType.imageManifest,
    ],
    [
      'as an index by its members',
      manifestOf({ schemaVersion: 2, manifests: [] }, MediaType.imageIndex),
      MediaType.imageIndex,
    ],
  ])('is known %s', async (_, { descriptor, bytes }, mediaType) => {
    const store = await newLayout();
    await store.write({ ...descriptor, mediaType: 'application/octet-stream' }, sourceOf(bytes));
    const { digest, size } = descriptor;
    expect(await store.resolve(digest)).toEqual({ mediaType, digest, size });
  });

  it.each([
    ['text', 'hello'],
    ['JSON that is no manifest', '{"schemaVersion":2}'],
    ['of an unknown type', '{"schemaVersion":2,"mediaType":"application/json","config":{},"layers":[]}'],
  ])('is not %s', async (_, text) => {
    const store = await newLayout();
    await put(store, blob(text));
    await expect(store.resolve(blob(text).descriptor.digest)).rejects.toEqual(
      failure('NOT_FOUND', { kind: 'manifest' }),
    );
  });
});

describe('a layout that was damaged', () => {
  it('fails the reader of a blob whose bytes were changed', async () => {
    const store = await newLayout();
    const content = blob('right');
    await put(store, content);
    await writeFile(blobPath(store, content.descriptor.digest), 'wrong');
    await expect(bytesOf(store.read(content.descriptor))).rejects.toEqual(failure('DIGEST_MISMATCH'));
  });

  it('is mended by writing a blob again that was cut off', async () => {
    const store = await newLayout();
    const content = blob(1, { size: 1000 });
    await put(store, content);
    await truncate(blobPath(store, content.descriptor.digest), 500);
    await expect(bytesOf(store.read(content.descriptor))).rejects.toEqual(failure('SIZE_MISMATCH'));
    expect(await store.write(content.descriptor, sourceOf(content.bytes))).toBe('written');
    expect(await bytesOf(store.read(content.descriptor))).toEqual(Buffer.from(content.bytes));
  });

  it('is mended by rewriting a blob whose bytes were changed', async () => {
    const store = await newLayout();
    const content = blob('right');
    await put(store, content);
    await writeFile(blobPath(store, content.descriptor.digest), 'wrong');
    expect(await store.write(content.descriptor, sourceOf(content.bytes), { rewrite: true })).toBe('written');
    expect(await bytesOf(store.read(content.descriptor))).toEqual(Buffer.from(content.bytes));
  });

  it('does not have an index below which a layer is lost', async () => {
    const store = await newLayout();
    const graph = multiPlatform(1);
    await putGraph(store, graph, 'v1');
    const layer = graph.contents.find(({ descriptor }) => descriptor.mediaType === 'application/octet-stream');
    await rm(blobPath(store, layer?.descriptor.digest ?? emptyConfig.descriptor.digest));
    expect(await store.exists(graph.root.descriptor)).toBe(false);
    await putGraph(store, graph);
    expect(await store.exists(graph.root.descriptor)).toBe(true);
  });

  it('does not have a manifest whose bytes were changed', async () => {
    const store = await newLayout();
    const graph = artifact(1);
    await putGraph(store, graph, 'v1');
    await writeFile(blobPath(store, graph.root.descriptor.digest), Buffer.alloc(graph.root.descriptor.size, ' '));
    expect(await store.exists(graph.root.descriptor)).toBe(false);
  });

  it('says that the manifest of a tag is not there', async () => {
    const store = await newLayout();
    const root = await putGraph(store, artifact(1), 'v1');
    await rm(blobPath(store, root.digest));
    await expect(store.resolve(tagOf('v1'))).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
    await expect(store.resolve(root.digest)).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
  });
});

describe('a layout that leads outside', () => {
  it('does not follow a link in place of a blob, for reading or for believing that it exists', async () => {
    const store = await newLayout();
    const content = blob('secret');
    const outside = join(temporaryFolder(), 'outside');
    await writeFile(outside, content.bytes);
    symlinkSync(outside, blobPath(store, content.descriptor.digest));
    const refused = failure('INVALID_LAYOUT', { reason: 'is a symbolic link' });
    await expect(bytesOf(store.read(content.descriptor))).rejects.toEqual(refused);
    await expect(store.exists(content.descriptor)).rejects.toEqual(refused);
    await expect(put(store, content)).rejects.toEqual(refused);
  });

  it.each(['blobs', join('blobs', 'sha256'), 'index.json', 'oci-layout'])(
    'is refused when %s is a link',
    async (name) => {
      const store = await newLayout();
      const moved = join(temporaryFolder(), 'moved');
      await rename(join(store.path, name), moved);
      symlinkSync(moved, join(store.path, name));
      await expect(LayoutStore.open(store.path)).rejects.toEqual(failure('INVALID_LAYOUT'));
      await expect(LayoutStore.open(store.path, { create: true })).rejects.toEqual(failure('INVALID_LAYOUT'));
    },
  );

  it('looks at what repeats itself no more often than it has files', async () => {
    const store = await newLayout();
    await put(store, emptyConfig);
    let top = imageManifest([]);
    await put(store, top);
    for (let depth = 0; depth < 12; depth++) {
      top = imageIndex(Array.from({ length: 20 }, () => top));
      await put(store, top);
    }
    expect(await store.exists(top.descriptor)).toBe(true);
  });
});

describe('a layout that cannot be written', () => {
  it('names the file that is in the way', async () => {
    const store = await newLayout();
    const content = blob(1);
    await rm(join(store.path, 'blobs'), { recursive: true });
    await writeFile(join(store.path, 'blobs'), '');
    const inTheWay = join(store.path, 'blobs');
    await expect(put(store, content)).rejects.toEqual(failure('FILE_NOT_WRITABLE', { inTheWay }));
  });

  it('is said when its folder is gone', async () => {
    const store = await newLayout();
    await putGraph(store, artifact(1));
    await rm(store.path, { recursive: true });
    await expect(store.resolve(tagOf('v1'))).rejects.toEqual(failure('INVALID_LAYOUT'));
  });
});
