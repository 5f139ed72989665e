import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectArtifact } from '../../src/floe/inspectArtifact.ts';
import { listTags } from '../../src/floe/listTags.ts';
import { findDocument } from '../../src/floe/pullArtifact.ts';
import { pushArtifact } from '../../src/floe/pushArtifact.ts';
import {
  createStores,
  parseReference,
  parseTag,
  readVerified,
  type Stores,
  silentLogger,
  type TagLister,
  type Target,
  validate,
} from '../../src/oci/index.ts';
import { temporaryFolder } from '../oci/layout/support/temporaryFolder.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { FULL_DOCUMENT, fixture } from './documents.ts';
import { pushPythonForm } from './pythonForm.ts';

const v2 = parseTag('v2.0.1');
const latest = parseTag('latest');
const document = fixture(FULL_DOCUMENT);

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

const inRegistry = (): Promise<Target & TagLister> =>
  stores.open(parseReference(`oci://${registry.host}/ports/harbour-traffic`));
const inLayout = (): Promise<Target & TagLister> =>
  stores.open(parseReference(`layout:${join(folder, 'layout')}`), { create: true });

describe.each([
  ['a registry', inRegistry],
  ['an image layout', inLayout],
] as const)('in %s', (_, open) => {
  it('what is pushed is listed, inspected and pulled, with one digest everywhere', async () => {
    const store = await open();
    const { descriptor, outcome } = await pushArtifact(store, v2, document);
    expect(outcome).toBe('pushed');
    expect((await pushArtifact(store, v2, document)).outcome).toBe('unchanged');

    const { digest } = descriptor;
    expect((await inspectArtifact(store, v2)).digest).toBe(digest);
    expect(await listTags(store)).toMatchObject({ tags: [{ name: 'v2.0.1', digest, immutable: true }], errors: [] });
    const found = await findDocument(store, digest);
    expect((await readVerified(store, found.document)).bytes).toEqual(document.bytes);
    expect(await validate(store, [descriptor])).toMatchObject({ problems: [] });
  });

  it('a protected tag stays what it is', async () => {
    const store = await open();
    await pushArtifact(store, v2, document);
    const pushed = pushArtifact(store, v2, document, { annotations: { team: 'ports' } });
    await expect(pushed).rejects.toMatchObject({ code: 'TAG_IMMUTABLE', details: { onlyAnnotationsDiffer: true } });
  });

  it("what floe's Python client wrote is read", async () => {
    const store = await open();
    const { digest } = await pushPythonForm(store, document.bytes, [latest]);
    expect((await inspectArtifact(store, latest)).digest).toBe(digest);
    const found = await findDocument(store, latest);
    expect((await readVerified(store, found.document)).bytes).toEqual(document.bytes);
  });
});

describe('a registry is asked no more than it takes', () => {
  it('sends nothing when the tag names the manifest already', async () => {
    const store = await inRegistry();
    await pushArtifact(store, v2, document);
    registry.clearRequests();
    await pushArtifact(store, v2, document);
    expect(registry.lines()).toEqual(['GET /v2/ports/harbour-traffic/manifests/v2.0.1']);
  });

  it('inspects with one request', async () => {
    const store = await inRegistry();
    await pushArtifact(store, v2, document);
    registry.clearRequests();
    await inspectArtifact(await inRegistry(), v2);
    expect(registry.lines()).toEqual(['GET /v2/ports/harbour-traffic/manifests/v2.0.1']);
  });

  it('lists with one request for the tags and one for each', async () => {
    const store = await inRegistry();
    await pushArtifact(store, v2, document);
    await pushArtifact(store, latest, document);
    registry.clearRequests();
    await listTags(store);
    expect(registry.requests()).toHaveLength(3);
  });
});

describe('a registry that fails', () => {
  it('costs a list the rows whose manifests it spoils', async () => {
    const store = await inRegistry();
    await pushArtifact(store, v2, document);
    await pushArtifact(store, latest, document);
    registry.fail({ path: /manifests\/latest$/, fault: { kind: 'html' } });
    expect(await listTags(store)).toMatchObject({
      tags: [{ name: 'v2.0.1' }],
      errors: [{ tag: 'latest', code: 'INVALID_RESPONSE' }],
    });
  });

  it('knows no such repository', async () => {
    await expect(listTags(await inRegistry())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is pushed to when it knows no such repository yet', async () => {
    expect((await pushArtifact(await inRegistry(), v2, document)).outcome).toBe('pushed');
  });

  it('is told of a race when somebody else has moved the tag', async () => {
    const store = await inRegistry();
    const mine = await pushArtifact(store, latest, document);
    const theirs = await pushArtifact(store, latest, document, { annotations: { theirs: 'yes' } });
    const { bytes } = await readVerified(store, theirs.descriptor);
    registry.fail(
      { method: 'GET', path: /manifests\/v2\.0\.1$/, times: 1, fault: { kind: 'status', status: 404 } },
      { method: 'GET', path: /manifests\/v2\.0\.1$/, skip: 1, fault: { kind: 'body', body: bytes } },
      {
        method: 'GET',
        path: /manifests\/v2\.0\.1$/,
        skip: 1,
        fault: { kind: 'header', name: 'docker-content-digest', value: theirs.descriptor.digest },
      },
    );
    await expect(pushArtifact(store, v2, document)).rejects.toMatchObject({
      code: 'TAG_RACE',
      details: { expected: mine.descriptor.digest, actual: theirs.descriptor.digest },
    });
  });
});
