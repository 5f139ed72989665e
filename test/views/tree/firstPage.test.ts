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
  const { root, contents } = artifact(1);
  const content = registry.repository('app');
  for (const { bytes } of contents.slice(0, -1)) content.putBlob(bytes);
  content.putManifest(root.bytes, root.descriptor.mediaType);
  for (let at = 0; at < TAGS; at += 1) content.tags.set(`1.${at}.0`, root.descriptor.digest);
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

it('a page of 10,000 tags takes a request a thousand tags; rows in view take one each, and all others none', async () => {
  const place = new MemoryPlace({ id: registry.host });
  place.put('app', await stores.repository(parseReference(`oci://${registry.host}/app`)));
  const drawn: unknown[] = [];
  const tree = new RepositoryTree({
    places: () => [place],
    placesHaveRows: true,
    pageSize: () => 1_000,
    changed: (node) => drawn.push(node),
    logError: () => {},
  });
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
