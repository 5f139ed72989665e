import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { bytesOf, readVerified } from '../../../src/oci/content/verify.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { unpack } from '../../../src/oci/transfer/unpack.ts';
import { validate } from '../../../src/oci/transfer/validate.ts';
import { writeFileFrom } from '../../../src/oci/transfer/writeFileFrom.ts';
import { artifact, putGraph, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { makeFolder, removeFolder } from '../../support/fileTree.ts';
import type { Fault } from '../../support/registry/index.ts';
import { type Connected, connect } from './support.ts';

const graph = artifact(1, { layers: 1, size: 2_000_000 });
const layer = graph.contents[1] as (typeof graph.contents)[number];

let connected: Connected;
let folder: string;
beforeEach(async () => {
  connected = await connect();
  await putGraph(connected.repository(), graph, 'v1');
  connected.server.clearRequests();
  folder = await makeFolder({});
});
afterEach(async () => {
  await removeFolder(folder);
  await connected[Symbol.asyncDispose]();
});

const BLOB = /blobs\/sha256:(?!44136fa)/;
const gets = (): number => connected.server.requests({ method: 'GET', path: BLOB }).length;

describe.each<readonly [string, Fault]>([
  ['changed', { kind: 'corrupt', at: 1_999_999 }],
  ['short', { kind: 'body', body: layer.bytes.subarray(0, 1000) }],
  ['long', { kind: 'body', body: Buffer.concat([layer.bytes, Buffer.from('x')]) }],
])('content of a registry that comes %s', (_, fault) => {
  it.each<readonly [string, () => Promise<unknown>]>([
    ['copy', () => copy(connected.fresh(), tagOf('v1'), new MemoryStore())],
    ['read', () => readVerified(connected.fresh(), layer.descriptor)],
    ['unpack', () => unpack(connected.fresh(), graph.root.descriptor, join(folder, 'out'))],
    ['write a file', () => writeFileFrom(connected.fresh(), layer.descriptor, join(folder, 'file'))],
    ['validate', async () => expect((await validate(connected.fresh(), [graph.root.descriptor])).problems).toEqual([])],
  ])('is fetched again to %s', async (_name, use) => {
    connected.server.fail({ method: 'GET', path: BLOB, times: 1, fault });
    await use();
    expect(gets()).toBe(2);
  });

  it('is never written, when it always does', async () => {
    connected.server.fail({ method: 'GET', path: BLOB, fault });
    const target = new MemoryStore();
    const wrong = { code: expect.stringMatching(/^(DIGEST|SIZE)_MISMATCH$/) };
    await expect(copy(connected.fresh(), tagOf('v1'), target)).rejects.toMatchObject(wrong);
    expect(await target.exists(layer.descriptor)).toBe(false);
    expect(gets()).toBe(3);
    await expect(writeFileFrom(connected.fresh(), layer.descriptor, join(folder, 'file'))).rejects.toMatchObject(wrong);
    await expect(readFile(join(folder, 'file'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a manifest that comes changed', () => {
  it.each(['tag', 'digest'])('is fetched again by %s', async (by) => {
    connected.server.fail({ times: 1, fault: { kind: 'corrupt', at: 20 } });
    const reference = by === 'tag' ? tagOf('v1') : graph.root.descriptor.digest;
    expect(await connected.fresh().resolve(reference)).toEqual(graph.root.descriptor);
    expect(connected.server.requests()).toHaveLength(2);
  });

  it('is fetched again although the registry announces no digest, when it is asked for by digest', async () => {
    connected.server.fail(
      { fault: { kind: 'header', name: 'docker-content-digest', value: null } },
      { times: 1, fault: { kind: 'corrupt', at: 20 } },
    );
    expect(await connected.fresh().resolve(graph.root.descriptor.digest)).toEqual(graph.root.descriptor);
  });

  it('is an error when it always does', async () => {
    connected.server.fail({ fault: { kind: 'corrupt', at: 20 } });
    await expect(connected.fresh().resolve(tagOf('v1'))).rejects.toEqual(failure('DIGEST_MISMATCH'));
    expect(connected.server.requests()).toHaveLength(3);
  });
});

it('content of which more is promised than there is, is taken when it is right', async () => {
  await using impatient = await connect({ timeoutSeconds: 0.3 });
  await putGraph(impatient.repository(), graph);
  impatient.server.fail({ method: 'GET', path: BLOB, fault: { kind: 'length', by: 7 } });
  const read = await bytesOf(impatient.repository().read(layer.descriptor));
  expect(read).toEqual(Buffer.from(layer.bytes));
});

describe('a registry that asks for more patience than there is', () => {
  it('is not sent an upload again', async () => {
    connected.server.fail({
      method: 'PUT',
      fault: { kind: 'status', status: 503, headers: { 'retry-after': '3600' } },
    });
    const other = artifact(2);
    await expect(putGraph(connected.repository(), other)).rejects.toEqual(
      failure('REGISTRY_UNAVAILABLE', { status: 503, retryAfterSeconds: 3600 }),
    );
    expect(connected.server.requests({ method: 'PUT' })).toHaveLength(1);
  });
});
