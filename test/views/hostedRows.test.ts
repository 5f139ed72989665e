import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseRepositoryName, parseTag } from '../../src/oci/index.ts';
import { Hosting } from '../../src/views/hosting.ts';
import type { Node } from '../../src/views/tree/node.ts';
import { RepositoryTree } from '../../src/views/tree/repositoryTree.ts';
import { putArtifact } from '../oci/registries/support.ts';
import { startHarbor, type TestHarbor } from './support/harbor.ts';
import { MemoryPlace } from './support/places.ts';

const APP = parseRepositoryName('acme/app');
const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => {} }) };

let harbor: TestHarbor;
let place: MemoryPlace;
let tree: RepositoryTree;
beforeEach(async () => {
  harbor = await startHarbor('harbor');
  place = new MemoryPlace({ id: harbor.server.host, hosting: harbor.hosting });
  place.repository(APP);
  tree = new RepositoryTree({
    places: () => [place],
    placesHaveRows: true,
    pageSize: () => 100,
    changed: () => {},
    logError: () => {},
  });
});
afterEach(() => harbor.close());

async function tagRow(tag: string): Promise<Node> {
  const row = await tree.find(place, APP, parseTag(tag));
  if (row === undefined) throw new Error(`No row ${tag}`);
  return row;
}

it('a registry says what it is, and what it can do', async () => {
  const [row] = await tree.children(undefined);
  if (row === undefined) throw new Error('No row');
  const item = tree.item(row);
  expect([item.description, item.contextValue]).toEqual(['Harbor', 'registry;page']);
  const { tooltip } = await tree.resolve(item, row, never);
  const text = String(Object(tooltip).value);
  expect(text).toContain('Kind: Harbor, as the settings say');
  expect(text).toContain('Can: delete tags');
});

it('tags say what the list of their registry says, and nothing is asked for each', async () => {
  const digest = putArtifact(harbor.server, APP, ['v1.0.0', 'latest'], 2_000);
  const kept = tree.item(await tagRow('v1.0.0'));
  expect(kept.description).toMatch(new RegExp(`^2 kB · .* · immutable · ${digest.slice(7, 19)}$`));
  expect(kept.contextValue).toBe('tag;page');
  const row = await tagRow('latest');
  const { tooltip } = await tree.resolve(tree.item(row), row, never);
  expect(String(Object(tooltip).value)).toContain(digest.slice(7));
  expect(tree.item(row).description).not.toContain('immutable');
  expect(harbor.server.requests({ path: /manifests/ })).toEqual([]);
  expect(place.requests).toBe(1);
});

it('tags in the order of their dates are listed by the same request', async () => {
  putArtifact(harbor.server, APP, ['v1.0.0', 'latest']);
  await tree.arrange(place, APP, { order: 'created' });
  await tagRow('latest');
  expect(harbor.server.requests({ path: /manifests/ })).toEqual([]);
});

it('a tag that its registry cannot take away alone says so to the menus', async () => {
  putArtifact(harbor.server, APP, ['latest']);
  const { host } = harbor.server;
  const stores = async () => harbor.stores;
  const capabilities = () => ({ tagDeletion: false });
  const hosting = new Hosting({ registry: host, stores, chosen: () => 'zot', seems: () => undefined, capabilities });
  place = new MemoryPlace({ id: host, hosting });
  place.repository(APP);
  expect(tree.item(await tagRow('latest')).contextValue).toBe('tag;kept;page');
});

it('a registry of whose limit little is left says so on its row, and how much in its tooltip', async () => {
  const { host } = harbor.server;
  const stores = async () => harbor.stores;
  const capabilities = () => ({ rateLimit: { limit: 100, remaining: 4 } });
  const hosting = new Hosting({
    registry: host,
    stores,
    chosen: () => undefined,
    seems: () => undefined,
    capabilities,
  });
  place = new MemoryPlace({ id: host, hosting });
  const [row] = await tree.children(undefined);
  if (row === undefined) throw new Error('No row');
  expect(tree.item(row).description).toBe('few requests left');
  const { tooltip } = await tree.resolve(tree.item(row), row, never);
  expect(String(Object(tooltip).value)).toContain('4 of 100 requests left');
});
