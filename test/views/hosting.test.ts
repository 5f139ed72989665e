import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseRepositoryName, parseTag } from '../../src/oci/index.ts';
import { tagEntries } from '../../src/views/tree/tagEntries.ts';
import { putArtifact } from '../oci/registries/support.ts';
import { startHarbor, type TestHarbor } from './support/harbor.ts';
import { MemoryPlace } from './support/places.ts';

const ORDERS = parseRepositoryName('acme/team/orders');
const signal = new AbortController().signal;

let harbor: TestHarbor;
beforeEach(async () => {
  harbor = await startHarbor();
});
afterEach(() => harbor.close());

it('of a registry is not known before it is asked for its repositories', async () => {
  putArtifact(harbor.server, ORDERS, ['v1.0']);
  const { hosting } = harbor;
  expect([hosting.kind, hosting.describesTags]).toEqual([undefined, false]);
  expect(await Array.fromAsync(hosting.repositories())).toEqual([ORDERS]);
  expect([hosting.kind, hosting.isChosen, hosting.describesTags]).toEqual(['harbor', false, true]);
});

it('is what the user says it is, before all', async () => {
  const other = await startHarbor('quay');
  expect([other.hosting.kind, other.hosting.isChosen]).toEqual(['quay', true]);
  await other.close();
});

it('tells of all tags in one request what they are', async () => {
  const digest = putArtifact(harbor.server, ORDERS, ['v1.0', 'latest'], 300);
  const { hosting } = harbor;
  await Array.fromAsync(hosting.repositories());
  harbor.server.clearRequests();
  const entries = await Array.fromAsync(tagEntries(new MemoryPlace({ hosting }), ORDERS, { signal }));
  expect(entries).toMatchObject([
    { name: 'v1.0', digest, size: 300, isImmutable: true },
    { name: 'latest', digest, size: 300, isImmutable: false },
  ]);
  expect(harbor.server.requests()).toHaveLength(1);
});

it('gives way to whoever stands in for a registry that is not available', async () => {
  const { hosting } = harbor;
  const place = new MemoryPlace({ hosting });
  place.repository(ORDERS);
  await Array.fromAsync(hosting.repositories());
  await harbor.server.close();
  expect(await Array.fromAsync(tagEntries(place, ORDERS, { signal }))).toEqual([]);
});

it('tells nothing of where a tag led where the registry keeps no such thing', async () => {
  putArtifact(harbor.server, ORDERS, ['v1.0']);
  await Array.fromAsync(harbor.hosting.repositories());
  expect(await Array.fromAsync(harbor.hosting.tagHistory(ORDERS, parseTag('v1.0')))).toEqual([]);
});

it('leads to the page of what is in it, and of itself', async () => {
  putArtifact(harbor.server, ORDERS, ['v1.0']);
  const { hosting } = harbor;
  await Array.fromAsync(hosting.repositories());
  const page = await hosting.webUrl({ repository: ORDERS });
  expect(page?.pathname).toBe('/harbor/projects/1/repositories/team%2Forders');
  expect((await hosting.webUrl(undefined))?.href).toBe(`${harbor.server.url}/`);
});

it('leads nowhere where a registry has no pages', async () => {
  expect(await harbor.hosting.webUrl(undefined)).toBeUndefined();
});
