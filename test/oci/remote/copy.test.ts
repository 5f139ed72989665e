import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { validate } from '../../../src/oci/transfer/validate.ts';
import { artifact, multiPlatform, putGraph, tagOf } from '../../support/artifacts.ts';
import { type Connected, connect } from './support.ts';

let connected: Connected;
let memory: MemoryStore;
beforeEach(async () => {
  connected = await connect();
  memory = new MemoryStore();
});
afterEach(() => connected[Symbol.asyncDispose]());

const v1 = tagOf('v1');
const counts = (): Readonly<Record<string, number>> => {
  const all = connected.server.requests().map(({ method, path }) => `${method} ${/blobs|manifests/.exec(path)?.[0]}`);
  return Object.fromEntries([...new Set(all)].map((line) => [line, all.filter((other) => other === line).length]));
};

describe('a copy into a registry', () => {
  it('of an artifact with one layer takes eight requests when it is new', async () => {
    await putGraph(memory, artifact(1, { layers: 1 }), 'v1');
    await copy(memory, v1, connected.repository(), { tags: [v1] });
    expect(counts()).toEqual({
      'HEAD manifests': 1,
      'HEAD blobs': 2,
      'POST blobs': 2,
      'PUT blobs': 2,
      'PUT manifests': 1,
    });
  });

  it('looks at nothing below a manifest that is there', async () => {
    await putGraph(memory, multiPlatform(1), 'v1');
    await copy(memory, v1, connected.repository(), { tags: [v1] });
    connected.server.clearRequests();
    await copy(memory, v1, connected.repository());
    expect(counts()).toEqual({ 'HEAD manifests': 1 });
  });

  it('asks once for the manifest of a tag that was resolved before', async () => {
    await putGraph(connected.repository(), artifact(4, { layers: 1 }), 'v1');
    connected.server.clearRequests();
    const source = connected.fresh();
    await copy(source, await source.resolve(v1), memory, { tags: [v1] });
    expect(counts()).toEqual({ 'GET manifests': 1, 'GET blobs': 1 });
  });

  it('moves no byte from another repository of the same registry', async () => {
    const graph = artifact(2, { layers: 3, size: 50_000 });
    await putGraph(connected.repository('from/here'), graph, 'v1');
    connected.server.clearRequests();
    const { blobs } = await copy(connected.fresh('from/here'), v1, connected.fresh('to/there'), { tags: [v1] });
    expect(blobs.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 4 }, () => 'mounted'));
    expect(connected.server.requests({ path: /blobs/ }).map(({ received, sent }) => received + sent)).toEqual(
      Array.from({ length: 4 }, () => 0),
    );
  });

  it('mends a registry that claims to have what it lacks', async () => {
    const graph = artifact(3, { layers: 2 });
    await putGraph(memory, graph, 'v1');
    const lost = graph.contents[1]?.descriptor.digest;
    connected.server.fail({ method: 'HEAD', path: new RegExp(`${lost}`), fault: { kind: 'status', status: 200 } });
    await copy(memory, v1, connected.repository(), { tags: [v1] });
    connected.server.clearFaults();
    expect((await validate(connected.fresh(), [graph.root.descriptor])).problems).toEqual([]);
  });
});
