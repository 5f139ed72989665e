import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectArtifact } from '../../src/floe/inspectArtifact.ts';
import { listTags } from '../../src/floe/listTags.ts';
import { pullDocument } from '../../src/floe/pullArtifact.ts';
import { pushArtifact } from '../../src/floe/pushArtifact.ts';
import {
  createStores,
  parseReference,
  parseTag,
  type Stores,
  silentLogger,
  type TagLister,
  type Target,
} from '../../src/oci/index.ts';
import { temporaryFolder } from '../oci/layout/support/temporaryFolder.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { documentOf, FULL_DOCUMENT, fixture, minimalDocument } from './documents.ts';

const v1 = parseTag('v1.0.0');
const v2 = parseTag('v2.0.0');
const latest = parseTag('latest');
const document = fixture(FULL_DOCUMENT);
const other = documentOf(minimalDocument());

let registry: TestRegistry;
let stores: Stores;
let folder: string;

beforeEach(async () => {
  registry = await startRegistry();
  folder = temporaryFolder();
  stores = createStores({
    engine: 'undici',
    credentials: { credentialFor: async () => undefined },
    retry: { maxAttempts: 1 },
    logger: silentLogger,
    userAgent: 'test',
  });
});
afterEach(async () => {
  await stores.close();
  await registry.close();
});

const repository = (): Promise<Target & TagLister> => stores.open(parseReference(`oci://${registry.host}/ports/tides`));

async function tripsOf(act: (store: Target & TagLister) => Promise<unknown>): Promise<number> {
  const store = await repository();
  registry.clearRequests();
  return registry.roundTrips(() => act(store));
}

describe('round trips, one after the other', () => {
  it('are four for a push of what is new, and one more to read a protected tag back', async () => {
    expect(await tripsOf((store) => pushArtifact(store, v1, document))).toBe(5);
    expect(await tripsOf((store) => pushArtifact(store, v2, other))).toBe(5);
  });

  it('are four for a push that moves a tag', async () => {
    await pushArtifact(await repository(), latest, other);
    expect(await tripsOf((store) => pushArtifact(store, latest, document))).toBe(4);
  });

  it('are one for a push of what is there', async () => {
    await pushArtifact(await repository(), v1, document);
    expect(await tripsOf((store) => pushArtifact(store, v1, document))).toBe(1);
    expect(registry.lines()).toEqual(['GET /v2/ports/tides/manifests/v1.0.0']);
  });

  it('are two for a pull', async () => {
    await pushArtifact(await repository(), v1, document);
    expect(await tripsOf((store) => pullDocument(store, v1, join(folder, 'document.json')))).toBe(2);
    expect(registry.requests()).toHaveLength(2);
  });

  it('are one to inspect', async () => {
    await pushArtifact(await repository(), v1, document);
    expect(await tripsOf((store) => inspectArtifact(store, v1))).toBe(1);
  });

  it('are fourteen at most to list a hundred tags with what their manifests say', async () => {
    const { descriptor } = await pushArtifact(await repository(), v1, document);
    for (let i = 1; i < 100; i++) registry.repository('ports/tides').tags.set(`v1.0.${i}`, descriptor.digest);
    expect(await tripsOf((store) => listTags(store))).toBeLessThanOrEqual(14);
    expect(registry.requests()).toHaveLength(101);
  });
});

describe('what a push of new content sends', () => {
  it('is each blob once, though it begins before it knows what is there', async () => {
    await tripsOf((store) => pushArtifact(store, v1, document));
    const { uploads } = registry.repository('ports/tides');
    expect([uploads.size, registry.requests({ method: 'PUT', path: /uploads/ }).length]).toEqual([0, 2]);
  });

  it('is nothing that is there, and no session stays open', async () => {
    await pushArtifact(await repository(), v1, document);
    await tripsOf((store) => pushArtifact(store, v2, document, { annotations: { team: 'ports' } }));
    expect(registry.requests({ method: 'PUT' }).map(({ path }) => path)).toEqual(['/v2/ports/tides/manifests/v2.0.0']);
    expect(registry.repository('ports/tides').uploads.size).toBe(0);
  });
});
