import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, MAX_MANIFEST_SIZE, sourceOf } from '../../../src/oci/content/verify.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { artifact, emptyConfig, imageManifest, manifestOf, put, putGraph, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import type { Fault } from '../../support/registry/index.ts';
import { type Connected, connect } from './support.ts';

let connected: Connected;
beforeEach(async () => {
  connected = await connect();
});
afterEach(() => connected[Symbol.asyncDispose]());

const graph = artifact(1, { layers: 1 });
const { descriptor } = graph.root;

it('is asked for by GET where HEAD is answered with 405', async () => {
  connected.server.fail({ method: 'HEAD', path: /manifests/, fault: { kind: 'status', status: 405 } });
  const store = connected.repository();
  expect(await store.exists(descriptor)).toBe(false);
  await putGraph(store, graph, 'v1');
  expect(await store.exists(descriptor)).toBe(true);
});

describe('a manifest that the registry gets wrong', () => {
  beforeEach(() => putGraph(connected.repository(), graph, 'v1'));

  const invalidResponse = failure('INVALID_RESPONSE', { status: 200 });
  const invalidManifest = failure('INVALID_MANIFEST');
  const oversized = Buffer.alloc(MAX_MANIFEST_SIZE + 1, ' ');
  const answers: readonly (readonly [string, Fault, object])[] = [
    ['an HTML page', { kind: 'html' }, invalidResponse],
    ['the wrong content type', { kind: 'header', name: 'content-type', value: 'application/json' }, invalidResponse],
    ['no content type', { kind: 'header', name: 'content-type', value: null }, invalidResponse],
    ['a digest header that is none', { kind: 'header', name: 'docker-content-digest', value: '../x' }, invalidResponse],
    [
      'the wrong digest header',
      { kind: 'header', name: 'docker-content-digest', value: digestOf('other') },
      failure('DIGEST_MISMATCH', { expected: digestOf('other'), actual: descriptor.digest }),
    ],
    ['a changed byte', { kind: 'corrupt', at: 5 }, failure('DIGEST_MISMATCH', { expected: descriptor.digest })],
    ['8 MiB and a byte', { kind: 'body', body: oversized }, failure('LIMIT_EXCEEDED', { limit: MAX_MANIFEST_SIZE })],
    ['a body that breaks off', { kind: 'truncate', afterBytes: 30 }, failure('REGISTRY_UNAVAILABLE')],
    ['a body that is cut by a reset', { kind: 'reset', afterBytes: 30 }, failure('REGISTRY_UNAVAILABLE')],
    [
      'another media type inside',
      { kind: 'header', name: 'content-type', value: MediaType.imageIndex },
      invalidManifest,
    ],
  ];

  it.each(answers)('is an error with a code: %s', async (_, fault, error) => {
    connected.server.fail({ path: /manifests/, fault });
    await expect(connected.repository().resolve(tagOf('v1'))).rejects.toEqual(error);
  });

  it.each(answers)('leaves nothing behind that a later read would take for it: %s', async (_, fault) => {
    connected.server.fail({ path: /manifests/, times: 3, fault });
    // Another client, whose memory is empty.
    const fresh = connected.fresh();
    await fresh.resolve(tagOf('v1')).catch(() => undefined);
    connected.server.clearFaults();
    expect(await bytesOf(fresh.read(descriptor))).toEqual(Buffer.from(graph.root.bytes));
  });

  it.each([
    ['truncated JSON', '{"schemaVersion":2,"config":{'],
    ['JSON that is no object', '[]'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['nothing at all', ''],
    ['an object of another shape', '{"schemaVersion":2,"layers":[]}'],
    ['a manifest and an index in one', '{"schemaVersion":2,"manifests":[],"layers":[],"config":{}}'],
  ])('is INVALID_MANIFEST when it is %s', async (_, content) => {
    connected.server.repository('team/product').putManifest(content, MediaType.imageManifest, 'bad');
    await expect(connected.repository().resolve(tagOf('bad'))).rejects.toEqual(invalidManifest);
  });

  it('is refused while it is read when the registry does not say how large it is', async () => {
    connected.server.fail(
      { path: /manifests/, fault: { kind: 'body', body: oversized } },
      { path: /manifests/, fault: { kind: 'chunked' } },
    );
    const resolved = connected.repository().resolve(tagOf('v1'));
    await expect(resolved).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: MAX_MANIFEST_SIZE }));
  });

  it('is asked for again when its body breaks off once', async () => {
    connected.server.fail({ path: /manifests/, times: 1, fault: { kind: 'reset', afterBytes: 30 } });
    expect((await connected.repository().resolve(tagOf('v1'))).digest).toBe(descriptor.digest);
  });
});

describe('a manifest that the registry gets right', () => {
  beforeEach(() => putGraph(connected.repository(), graph, 'v1'));

  it('may come without a digest header', async () => {
    connected.server.fail({ fault: { kind: 'header', name: 'docker-content-digest', value: null } });
    expect(await connected.fresh().resolve(tagOf('v1'))).toEqual(descriptor);
  });

  it('may have parameters and capitals in its content type', async () => {
    const value = 'Application/vnd.oci.image.manifest.v1+json; charset=utf-8';
    connected.server.fail({ fault: { kind: 'header', name: 'content-type', value } });
    expect((await connected.fresh().resolve(tagOf('v1'))).mediaType).toBe(MediaType.imageManifest);
  });

  it('is asked for by every type that we understand', async () => {
    connected.server.clearRequests();
    await connected.fresh().resolve(tagOf('v1'));
    const [request] = connected.server.requests();
    for (const type of [
      MediaType.imageManifest,
      MediaType.imageIndex,
      MediaType.dockerManifest,
      MediaType.dockerManifestList,
    ]) {
      expect(request?.headers['accept']).toContain(type);
    }
  });

  it('is named by the algorithm that the registry uses for it', async () => {
    const bytes = graph.root.bytes;
    const digest = connected.server
      .repository('team/product')
      .putManifest(bytes, MediaType.imageManifest, 'v2', 'sha512');
    expect((await connected.repository().resolve(tagOf('v2'))).digest).toBe(digest);
  });
});

describe('writing a manifest', () => {
  it('is refused with what is missing', async () => {
    await put(connected.repository(), emptyConfig);
    const [, layer] = graph.contents;
    const written = put(connected.repository(), graph.root, 'v1');
    const missing = [layer?.descriptor.digest];
    await expect(written).rejects.toEqual(failure('MISSING_REFERENCE', { manifest: descriptor.digest, missing }));
  });

  it('fails when the registry says that it stored something else', async () => {
    const value = digestOf('other');
    connected.server.fail({
      method: 'PUT',
      path: /manifests/,
      fault: { kind: 'header', name: 'docker-content-digest', value },
    });
    await expect(putGraph(connected.repository(), graph, 'v1')).rejects.toEqual(failure('DIGEST_MISMATCH'));
  });

  it('sends nothing when it is larger than we would read', async () => {
    const large = { ...descriptor, size: MAX_MANIFEST_SIZE + 1 };
    const written = connected.repository().write(large, sourceOf(graph.root.bytes), { tags: [tagOf('v1')] });
    await expect(written).rejects.toEqual(failure('LIMIT_EXCEEDED'));
    await expect(bytesOf(connected.repository().read(large))).rejects.toEqual(failure('LIMIT_EXCEEDED'));
    expect(connected.server.lines()).toEqual([]);
  });

  it.each<readonly [string, Fault]>([
    ['503', { kind: 'status', status: 503 }],
    ['a lost answer', { kind: 'reset', afterBytes: 0 }],
  ])('is tried again after %s', async (_, fault) => {
    connected.server.fail({ method: 'PUT', path: /manifests/, times: 2, fault });
    await putGraph(connected.repository(), graph, 'v1');
    expect(connected.server.requests({ method: 'PUT', path: /manifests/ })).toHaveLength(3);
    expect(connected.server.repository('team/product').tags.get('v1')).toBe(descriptor.digest);
  });

  it('names its own media type, without parameters', async () => {
    const docker = manifestOf({
      schemaVersion: 2,
      mediaType: MediaType.dockerManifest,
      config: emptyConfig.descriptor,
      layers: [],
    });
    await put(connected.repository(), emptyConfig);
    await put(connected.repository(), docker, 'v1');
    const [request] = connected.server.requests({ method: 'PUT', path: /manifests/ });
    expect(request?.headers['content-type']).toBe(MediaType.dockerManifest);
  });

  it('says sha512 where that is its digest, which a tag alone would not', async () => {
    const { bytes } = imageManifest([]);
    const sha512 = { mediaType: MediaType.imageManifest, digest: digestOf(bytes, 'sha512'), size: bytes.length };
    await put(connected.repository(), emptyConfig);
    await connected.repository().write(sha512, sourceOf(bytes), { tags: [tagOf('v1')] });
    expect(await connected.repository().exists(sha512)).toBe(true);
    expect((await connected.repository().resolve(tagOf('v1'))).size).toBe(bytes.length);
  });

  it('to a repository that the registry wants to be made first is NOT_FOUND, repository', async () => {
    await putGraph(connected.repository(), graph);
    connected.server.fail({ method: 'PUT', fault: { kind: 'status', status: 404, code: 'NAME_UNKNOWN' } });
    const tagged = connected.repository().tag(descriptor, tagOf('v1'));
    await expect(tagged).rejects.toEqual(failure('NOT_FOUND', { kind: 'repository' }));
  });
});
