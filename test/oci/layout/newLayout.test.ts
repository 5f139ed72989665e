import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/oci/content/store.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { openLayoutStore } from '../../../src/oci/layout/newLayout.ts';
import { artifact, putGraph, tagOf } from '../../support/artifacts.ts';
import { deletionContract } from '../../support/deletionContract.ts';
import { referrerContract } from '../../support/referrerContract.ts';
import { failure, storeContract } from '../../support/storeContract.ts';
import { tagsOf } from './support/layouts.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

const make = async () => ({
  store: await openLayoutStore(join(temporaryFolder(), 'new'), { create: true }),
  abilities: { sha512: true, enforcesClosure: true },
  deletion: { untags: true, deletes: true },
  cleanup: async () => {},
});
storeContract('a layout that is not there yet', make);
referrerContract('a layout that is not there yet', make);
deletionContract('a layout that is not there yet', make);

const graph = artifact(1);

/** What fails in one that is not there. */
async function lookEverywhere(store: Repository): Promise<void> {
  const missing = failure('NOT_FOUND');
  expect(await tagsOf(store)).toEqual([]);
  expect(await Array.fromAsync(store.referrers(graph.root.descriptor.digest))).toEqual([]);
  expect(await store.exists(graph.root.descriptor)).toBe(false);
  await expect(store.resolve(tagOf('v1'))).rejects.toEqual(missing);
  await expect(store.tag(graph.root.descriptor, tagOf('v1'))).rejects.toEqual(missing);
  await expect(store.untag(tagOf('v1'))).rejects.toEqual(missing);
  await expect(store.delete(graph.root.descriptor)).rejects.toEqual(missing);
}

describe('a layout that is not there yet', () => {
  it('is made by the first write, whatever is looked for before', async () => {
    const path = join(temporaryFolder(), 'a', 'b');
    const store = await openLayoutStore(path, { create: true });
    expect(store.name).toBe(`layout:${path}`);
    await lookEverywhere(store);
    expect(existsSync(join(path, '..'))).toBe(false);
    await putGraph(store, graph, 'v1');
    expect(await tagsOf(await LayoutStore.open(path))).toEqual(['v1']);
  });

  it('is not found unless it may be made', async () => {
    const path = join(temporaryFolder(), 'new');
    await expect(openLayoutStore(path)).rejects.toEqual(failure('NOT_FOUND', { kind: 'layout' }));
  });

  it('is the one that somebody else has made meanwhile', async () => {
    const path = join(temporaryFolder(), 'new');
    const [one, two] = [await openLayoutStore(path, { create: true }), await openLayoutStore(path, { create: true })];
    await Promise.all([putGraph(one, graph, 'v1'), putGraph(two, artifact(2), 'v2')]);
    expect(await tagsOf(one)).toEqual(['v1', 'v2']);
  });

  it('says what is wrong with its place, and may be written to once that is mended', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    const store = await openLayoutStore(join(file, 'new'), { create: true });
    await writeFile(file, '');
    await expect(putGraph(store, graph, 'v1')).rejects.toEqual(
      failure('FILE_NOT_WRITABLE', { path: join(file, 'new'), inTheWay: file }),
    );
    expect(await readdir(folder)).toEqual(['file']);
    await rm(file);
    await putGraph(store, graph, 'v1');
    expect(await tagsOf(store)).toEqual(['v1']);
  });

  it('has from the beginning what its maker, who was killed, has listed', async () => {
    const path = temporaryFolder();
    await putGraph(await LayoutStore.open(path, { create: true }), graph, 'v1');
    await rm(join(path, 'oci-layout'));
    expect(await tagsOf(await openLayoutStore(path, { create: true }))).toEqual(['v1']);
  });
});
