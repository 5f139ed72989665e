import { afterAll, beforeAll, expect, it } from 'vitest';
import { anonymous, createStores, parseReference, parseRepositoryName, type Stores } from '../../../src/oci/index.ts';
import type { TagNode } from '../../../src/views/tree/node.ts';
import { RepositoryTree } from '../../../src/views/tree/repositoryTree.ts';
import { artifact } from '../../support/artifacts.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { MemoryPlace } from '../support/places.ts';
import { Recorder } from '../support/recorder.ts';

const TAGS = 10_000;
const VISIBLE = 40;
/** Milliseconds, on a machine that has other things to do. */
const PATIENCE = 20_000;

let registry: TestRegistry;
let stores: Stores;
beforeAll(async () => {
  registry = await startRegistry({ quirks: { pageSize: 1_000, maxPageSize: 1_000 } });
  for (const [name, tags] of [
    ['app', TAGS],
    ['thousand', 1_000],
  ] as const) {
    const { root, contents } = artifact(1);
    const content = registry.repository(name);
    for (const { bytes } of contents.slice(0, -1)) content.putBlob(bytes);
    content.putManifest(root.bytes, root.descriptor.mediaType);
    for (let at = 0; at < tags; at += 1) content.tags.set(`1.${at}.0`, root.descriptor.digest);
  }
  stores = createStores({
    engine: 'undici',
    credentials: anonymous,
    connection: () => ({}),
    logger: new Recorder(),
    userAgent: 'test',
  });
});
afterAll(async () => {
  await stores.close();
  await registry.close();
});

/** The tree over one repository of the registry. */
async function treeOf(name: string, pageSize: number) {
  registry.clearRequests();
  const place = new MemoryPlace({ id: registry.host });
  place.put(name, await stores.repository(parseReference(`oci://${registry.host}/${name}`)));
  const tree = new RepositoryTree({
    places: () => [place],
    placesHaveRows: true,
    pageSize: () => pageSize,
    changed: () => {},
    logError: () => {},
  });
  return { place, tree };
}

it('a page of 10,000 tags takes a request a thousand tags; rows in view take one each, and all others none', async () => {
  const { place, tree } = await treeOf('app', 1_000);
  await tree.children(undefined);
  const repository = await tree.find(place, parseRepositoryName('app'));
  const rows = await tree.children(repository);
  const lists = registry.lines().filter((line) => line.includes('/tags/list'));
  expect([rows.length, lists.length]).toEqual([1_001, TAGS / 1_000]);
  expect(registry.lines().length - lists.length).toBeLessThanOrEqual(1);

  const tags = rows.filter((node): node is TagNode => node.kind === 'tag');
  for (const node of tags) tree.item(node);
  for (const { id } of tags.slice(0, VISIBLE)) tree.inView(id);
  await expect
    .poll(() => tags.filter(({ content }) => content !== undefined).length, { timeout: PATIENCE })
    .toBe(VISIBLE);
  const reads = registry.lines().filter((line) => line.includes('/manifests/'));
  // Four at a time: their order on the way is anybody's.
  expect(reads.toSorted()).toEqual(
    tags
      .slice(0, VISIBLE)
      .map(({ tag }) => `GET /v2/app/manifests/${tag}`)
      .toSorted(),
  );
});

it('the rows in view of 1,000 tags are filled in far fewer round trips than a second has at 20 ms each', async () => {
  const { place, tree } = await treeOf('thousand', 100);
  await tree.children(undefined);
  const roundTrips = await registry.roundTrips(async () => {
    const rows = await tree.children(await tree.find(place, parseRepositoryName('thousand')));
    const tags = rows.filter((node): node is TagNode => node.kind === 'tag').slice(0, VISIBLE);
    for (const node of tags) tree.item(node);
    for (const { id } of tags) tree.inView(id);
    const known = () => tags.filter(({ content }) => content !== undefined).length;
    await expect.poll(known, { timeout: PATIENCE }).toBe(VISIBLE);
  });
  // The list of tags, perhaps the way to it, and the rows four at a time.
  expect(roundTrips).toBeLessThanOrEqual(2 + VISIBLE / 4);
});
