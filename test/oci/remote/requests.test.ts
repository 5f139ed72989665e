import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, sourceOf } from '../../../src/oci/content/verify.ts';
import { parseManifest } from '../../../src/oci/spec/manifest.ts';
import { verifyContent } from '../../../src/oci/spec/verifiedContent.ts';
import { artifact, putGraph, tagOf } from '../../support/artifacts.ts';
import { type Connected, connect } from './support.ts';

let connected: Connected;
beforeEach(async () => {
  connected = await connect();
});
afterEach(() => connected[Symbol.asyncDispose]());

const graph = artifact(1, { layers: 1, size: 100_000 });
const [config, layer] = graph.contents;
const { descriptor } = graph.root;
const shortened = (): readonly string[] =>
  connected.server.lines().map((line) => line.replace(/\/v2\/team\/product\//, '').replace(/uploads\/.+/, 'uploads/…'));

describe('the requests of one call after another', () => {
  it('are two for a new manifest and two tags: one for each tag, none for the digest', async () => {
    await putGraph(connected.repository(), graph);
    connected.server.clearRequests();
    const tags = [tagOf('1.0.0'), tagOf('latest')];
    await connected.fresh().write(descriptor, sourceOf(graph.root.bytes), { tags });
    expect(shortened()).toEqual(['PUT manifests/1.0.0', 'PUT manifests/latest']);
  });

  it('are three for a blob that is new and one for a blob that is not', async () => {
    await putGraph(connected.repository(), graph, 'v1');
    expect(shortened()).toEqual([
      `HEAD blobs/${config?.descriptor.digest}`,
      'POST blobs/uploads/',
      'PUT blobs/uploads/…',
      `HEAD blobs/${layer?.descriptor.digest}`,
      'POST blobs/uploads/',
      'PUT blobs/uploads/…',
      'PUT manifests/v1',
    ]);
    connected.server.clearRequests();
    await putGraph(connected.repository(), graph);
    expect(shortened()).toEqual([
      `HEAD blobs/${config?.descriptor.digest}`,
      `HEAD blobs/${layer?.descriptor.digest}`,
      `HEAD manifests/${descriptor.digest}`,
    ]);
  });

  it('are one to resolve a tag and read its manifest', async () => {
    await putGraph(connected.repository(), graph, 'v1');
    connected.server.clearRequests();
    const repository = connected.fresh();
    const resolved = await repository.resolve(tagOf('v1'));
    parseManifest(verifyContent(resolved, await bytesOf(repository.read(resolved))));
    await bytesOf(repository.read(resolved));
    expect(shortened()).toEqual(['GET manifests/v1']);
  });

  it('are two, one after the other, to pull an artifact of one layer', async () => {
    await putGraph(connected.repository(), graph, 'v1');
    connected.server.clearRequests();
    const repository = connected.fresh();
    const resolved = await repository.resolve(tagOf('v1'));
    await bytesOf(repository.read(resolved));
    if (layer) await bytesOf(repository.read(layer.descriptor));
    expect(shortened()).toEqual(['GET manifests/v1', `GET blobs/${layer?.descriptor.digest}`]);
    expect(connected.server.requests().map(({ overlap }) => overlap)).toEqual([1, 1]);
  });

  it('are one to tag what was just read, and two to tag what was not', async () => {
    await putGraph(connected.repository(), graph, 'v1');
    connected.server.clearRequests();
    const repository = connected.fresh();
    await repository.tag(descriptor, tagOf('v2'));
    await repository.tag(descriptor, tagOf('v3'));
    expect(shortened()).toEqual([`GET manifests/${descriptor.digest}`, 'PUT manifests/v2', 'PUT manifests/v3']);
  });

  it('share their connections', async () => {
    await putGraph(connected.repository(), graph, 'v1');
    for (let i = 0; i < 20; i++) await connected.repository().resolve(tagOf('v1'));
    expect(connected.server.connections).toBeLessThanOrEqual(2);
  });
});
