import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/oci/content/verify.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import {
  artifact,
  blob,
  type Content,
  emptyConfig,
  imageIndex,
  imageManifest,
  multiPlatform,
  put,
  putGraph,
  tagOf,
} from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { referrerOf } from '../../support/referrerContract.ts';
import { blobPath, newLayout, readIndex, writeIndex } from './support/layouts.ts';

const filesIn = (store: LayoutStore): Promise<string[]> => readdir(join(store.path, 'blobs', 'sha256'));
const namesOf = (...contents: readonly Content[]): readonly string[] =>
  [...new Set(contents.map(({ descriptor }) => descriptor.digest.replace('sha256:', '')))].sort();
const expectFiles = async (store: LayoutStore, ...contents: readonly Content[]): Promise<void> =>
  expect((await filesIn(store)).sort()).toEqual(namesOf(...contents));

describe('deleting a manifest from a layout', () => {
  it('removes all that it consisted of', async () => {
    const store = await newLayout();
    const index = multiPlatform(2);
    await putGraph(store, index, 'v1', 'latest');
    await store.delete(index.root.descriptor);
    await expectFiles(store);
    expect((await readIndex(store)).manifests).toEqual([]);
  });

  it('keeps what something else needs: a blob, or a manifest of an index', async () => {
    const store = await newLayout();
    const [one, other] = [artifact(1), artifact(2)];
    const shared = imageManifest([one.contents[1] as Content]);
    const index = imageIndex([other.root]);
    await putGraph(store, one, 'one');
    await put(store, shared, 'shared');
    await putGraph(store, other, 'other');
    await put(store, index, 'index');
    await store.delete(one.root.descriptor);
    await store.delete(other.root.descriptor);
    await expectFiles(store, emptyConfig, one.contents[1] as Content, shared, ...other.contents, index);
    expect(await store.exists(shared.descriptor)).toBe(true);
    expect(await store.exists(index.descriptor)).toBe(true);
  });

  it('does not need a subject: its referrers stay, and it goes', async () => {
    const store = await newLayout();
    const graph = artifact(1);
    const referrer = referrerOf(graph.root, 'application/vnd.example.x');
    await putGraph(store, graph, 'v1');
    await put(store, referrer);
    await store.delete(graph.root.descriptor);
    expect(existsSync(blobPath(store, graph.root.descriptor.digest))).toBe(false);
    expect(await store.exists(referrer.descriptor)).toBe(true);
  });

  it('leaves what it had nothing to do with, for a push of it may not have ended', async () => {
    const store = await newLayout();
    const stray = blob('stray');
    await put(store, stray);
    await putGraph(store, artifact(1), 'v1');
    await store.delete(artifact(1).root.descriptor);
    await expectFiles(store, stray);
  });

  it('removes nothing when something listed is of a kind that we do not know', async () => {
    const store = await newLayout();
    const graph = artifact(1);
    await putGraph(store, graph, 'v1');
    const index = await readIndex(store);
    const foreign = { mediaType: 'application/vnd.example.unknown+json', digest: digestOf('x'), size: 1 };
    await writeIndex(store, { ...index, manifests: [...index.manifests, foreign] });
    await store.delete(graph.root.descriptor);
    expect((await readIndex(store)).manifests).toEqual([foreign]);
    await expectFiles(store, ...graph.contents);
  });

  it('removes nothing when something listed cannot be read, and goes on when it is not there', async () => {
    const store = await newLayout();
    const [graph, broken, third] = [artifact(1), artifact(2), artifact(3)];
    for (const [at, each] of [graph, broken, third].entries()) await putGraph(store, each, `v${at}`);
    await writeFile(blobPath(store, broken.root.descriptor.digest), 'garbage');
    await store.delete(graph.root.descriptor);
    expect(await filesIn(store)).toEqual(expect.arrayContaining([...namesOf(...graph.contents)]));
    await rm(blobPath(store, broken.root.descriptor.digest));
    await store.delete(third.root.descriptor);
    expect(existsSync(blobPath(store, third.root.descriptor.digest))).toBe(false);
  });
});

describe('writing a manifest whose content a deletion has taken away meanwhile', () => {
  it('lists nothing, and says what is missing', async () => {
    const store = await newLayout();
    const graph = artifact(1);
    const other = imageManifest(graph.contents.slice(1, 2), { artifactType: 'application/vnd.example.y' });
    await putGraph(store, graph, 'v1');
    // Between the moment when the new manifest is looked at and the one when it is listed.
    const deleter = await LayoutStore.open(store.path);
    const written = store.write(
      other.descriptor,
      async function* () {
        await deleter.delete(graph.root.descriptor);
        yield other.bytes;
      },
      { tags: [tagOf('v2')] },
    );
    const missing = expect.arrayContaining([graph.contents[1]?.descriptor.digest]);
    await expect(written).rejects.toEqual(failure('MISSING_REFERENCE', { missing }));
    await expect(store.resolve(tagOf('v2'))).rejects.toEqual(failure('NOT_FOUND', { kind: 'tag' }));
  });

  it('is not what a manifest is that exists already', async () => {
    const store = await newLayout();
    const graph = artifact(1);
    await putGraph(store, graph);
    const { root } = graph;
    expect(await store.write(root.descriptor, sourceOf(root.bytes), { tags: [tagOf('v1')] })).toBe('existed');
  });
});
