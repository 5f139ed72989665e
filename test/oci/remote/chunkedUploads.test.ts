import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentSource } from '../../../src/oci/content/store.ts';
import { bytesOf, sourceOf } from '../../../src/oci/content/verify.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { blob } from '../../support/artifacts.ts';
import { startDockerRegistry } from '../../support/dockerRegistry.ts';
import { failure } from '../../support/failure.ts';
import type { Fault } from '../../support/registry/index.ts';
import { type Connected, type ConnectOptions, connect } from './support.ts';

const MIB = 1024 * 1024;
/** Two chunks and a bit. */
const content = blob(1, { size: 16 * MIB + 12_345 });

let connected: Connected | undefined;
afterEach(() => connected?.[Symbol.asyncDispose]());

const start = async (options: ConnectOptions = {}): Promise<Connected> => {
  connected = await connect({
    uploadMode: 'chunked',
    ...options,
    quirks: { exactLocations: true, ...options.quirks },
  });
  return connected;
};
const write = ({ repository }: Connected, source: ContentSource = sourceOf(content.bytes)) =>
  repository().write(content.descriptor, source);
const methods = ({ server }: Connected): readonly string[] => server.requests().map(({ method }) => method);
const left = ({ server }: Connected) => {
  const { blobs, uploads } = server.repository('team/product');
  return { isStored: blobs.has(content.descriptor.digest), sessions: uploads.size };
};

describe('an upload in chunks', () => {
  it('sends one after the other, each to where the one before said, and ends with the digest', async () => {
    const all = await start({ quirks: { locations: 'absolute' } });
    expect(await write(all)).toBe('written');
    expect(methods(all)).toEqual(['HEAD', 'POST', 'PATCH', 'PATCH', 'PATCH', 'PUT']);
    const ranges = all.server.requests({ method: 'PATCH' }).map(({ headers }) => headers['content-range']);
    expect(ranges).toEqual(['0-8388607', '8388608-16777215', '16777216-16789560']);
    expect(left(all)).toEqual({ isStored: true, sessions: 0 });
  });

  it('makes chunks as large as the registry wants them', async () => {
    const all = await start({ quirks: { minChunk: 12 * MIB } });
    expect(await write(all)).toBe('written');
    expect(all.server.requests({ method: 'PATCH' }).map(({ received }) => received)).toEqual([
      12 * MIB,
      4 * MIB + 12_345,
    ]);
  });

  it('sends a small blob as its only chunk, and an empty one in none', async () => {
    const all = await start();
    const [small, empty] = [blob(2), blob('')];
    expect(await all.repository().write(small.descriptor, sourceOf(small.bytes))).toBe('written');
    expect(await all.repository().write(empty.descriptor, sourceOf(empty.bytes))).toBe('written');
    expect(methods(all)).toEqual(['HEAD', 'POST', 'PATCH', 'PUT', 'HEAD', 'POST', 'PUT']);
  });

  it('says which algorithm the digest will be of', async () => {
    const all = await start();
    const long = blob(3, { algorithm: 'sha512' });
    expect(await all.repository().write(long.descriptor, sourceOf(long.bytes))).toBe('written');
    expect(all.server.requests({ method: 'POST' })[0]?.path).toMatch(/\?digest-algorithm=sha512$/);
  });

  it.each<readonly [string, Fault]>([
    ['was refused as not the next', { kind: 'status', status: 416 }],
    ['was not taken for now', { kind: 'status', status: 503 }],
    ['broke off half-way', { kind: 'resetRequest', afterBytes: 3 * MIB }],
    ['arrived, though the answer was lost', { kind: 'reset', afterBytes: 0 }],
  ])('goes on from where the registry stands after a chunk that %s', async (_, fault) => {
    const all = await start();
    all.server.fail({ method: 'PATCH', skip: 1, times: 1, fault });
    expect(await write(all)).toBe('written');
    expect(all.server.requests({ method: 'POST' })).toHaveLength(1);
    expect(all.server.requests({ method: 'GET' })).toHaveLength(1);
    expect(left(all)).toEqual({ isStored: true, sessions: 0 });
  });

  it('starts over in a new session when the registry does not say where it stands', async () => {
    const all = await start();
    all.server.fail({ method: 'PATCH', skip: 1, times: 1, fault: { kind: 'status', status: 503 } });
    all.server.fail({ method: 'GET', times: 1, fault: { kind: 'status', status: 404, code: 'BLOB_UPLOAD_UNKNOWN' } });
    expect(await write(all)).toBe('written');
    expect(all.server.requests({ method: 'POST' })).toHaveLength(2);
    expect(left(all)).toEqual({ isStored: true, sessions: 0 });
  });

  it.each(['dropped', 'refused'] as const)('goes in one piece where chunks are %s, from then on', async (chunks) => {
    const all = await start({ quirks: { chunks } });
    expect(await write(all)).toBe('written');
    expect(left(all)).toEqual({ isStored: true, sessions: 0 });
    all.server.clearRequests();
    const next = blob(4, { size: 9 * MIB });
    expect(await all.repository().write(next.descriptor, sourceOf(next.bytes))).toBe('written');
    expect(methods(all)).toEqual(['HEAD', 'POST', 'PUT']);
  });

  it('never sends the last chunk of what proves wrong', async () => {
    const all = await start();
    const wrong = Buffer.from(content.bytes);
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
    const inPieces: ContentSource = async function* () {
      for (let at = 0; at < wrong.length; at += 65_536) yield wrong.subarray(at, at + 65_536);
    };
    await expect(write(all, inPieces)).rejects.toEqual(failure('DIGEST_MISMATCH'));
    expect(all.server.requests({ method: 'PUT' })).toEqual([]);
    expect(left(all)).toEqual({ isStored: false, sessions: 0 });
  });

  it('ends when it is cancelled, and cancels the session', async () => {
    const all = await start();
    const controller = new AbortController();
    const source: ContentSource = async function* () {
      yield content.bytes.subarray(0, 9 * MIB);
      controller.abort();
      yield content.bytes.subarray(9 * MIB);
    };
    const written = all.repository().write(content.descriptor, source, { signal: controller.signal });
    await expect(written).rejects.toEqual(failure('CANCELLED'));
    expect(left(all)).toEqual({ isStored: false, sessions: 0 });
  });
});

describe('an upload in one piece', () => {
  let all: Connected;
  beforeEach(async () => {
    all = await start({ uploadMode: 'monolithic' });
  });

  it('that breaks off late goes on from where the registry stands', async () => {
    all.server.fail({ method: 'PUT', times: 1, fault: { kind: 'resetRequest', afterBytes: 12 * MIB } });
    expect(await write(all)).toBe('written');
    expect(methods(all)).toEqual(['HEAD', 'POST', 'PUT', 'GET', 'PATCH', 'PUT']);
    const moved = all.server.requests().reduce((sum, { received }) => sum + received, 0);
    expect(moved).toBe(content.descriptor.size);
    expect(left(all)).toEqual({ isStored: true, sessions: 0 });
  });

  it('that breaks off early starts over', async () => {
    all.server.fail({ method: 'PUT', times: 1, fault: { kind: 'resetRequest', afterBytes: MIB } });
    expect(await write(all)).toBe('written');
    expect(methods(all)).toEqual(['HEAD', 'POST', 'PUT', 'GET', 'DELETE', 'HEAD', 'POST', 'PUT']);
  });

  it('that is too large for a proxy on the way goes in chunks, from then on', async () => {
    await all[Symbol.asyncDispose]();
    all = await start({ uploadMode: 'monolithic', quirks: { maxBody: 8 * MIB } });
    expect(await write(all)).toBe('written');
    expect(methods(all)).toEqual(['HEAD', 'POST', 'PUT', 'DELETE', 'HEAD', 'POST', 'PATCH', 'PATCH', 'PATCH', 'PUT']);
    expect(left(all)).toEqual({ isStored: true, sessions: 0 });
  });
});

it("goes to Debian's docker-registry in chunks, and comes back", async () => {
  await using server = await startDockerRegistry();
  const transport = createUndiciTransport({});
  try {
    const registry = new Registry({ host: server.host, plainHttp: true, transport, uploadMode: 'chunked' });
    const repository = registry.repository(parseRepositoryName('team/product'));
    const large = blob(5, { size: 33 * MIB });
    expect(await repository.write(large.descriptor, sourceOf(large.bytes))).toBe('written');
    expect(digestOf(await bytesOf(repository.read(large.descriptor)))).toBe(large.descriptor.digest);
    expect(server.log().match(/PATCH /g)?.length).toBeGreaterThanOrEqual(5);
    // In parts: how large they are follows from how fast the line is.
    expect(server.log().match(/GET .* 206 /g)?.length).toBeGreaterThanOrEqual(2);
    const other = registry.repository(parseRepositoryName('other/product'));
    expect(await other.write(large.descriptor, sourceOf(large.bytes))).toBe('mounted');
  } finally {
    await transport.close();
  }
});
