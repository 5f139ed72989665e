import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentSource } from '../../../src/oci/content/store.ts';
import { sourceOf } from '../../../src/oci/content/verify.ts';
import { ALWAYS_HASHED } from '../../../src/oci/remote/checkedBody.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import type { RemoteRepository } from '../../../src/oci/remote/repository.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import type { Transport } from '../../../src/oci/transport/transport.ts';
import { blob, type Content } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { timesHashed } from '../../support/hashing.ts';
import type { Fault } from '../../support/registry/index.ts';
import { type Connected, type ConnectOptions, connect } from './support.ts';

const MIB = 1024 * 1024;
/** More than is always hashed; two chunks. */
const content = blob(1, { size: ALWAYS_HASHED + 4 * MIB });
const { size } = content.descriptor;
const other = blob(2, { size });
const wrong = failure('DIGEST_MISMATCH', { expected: content.descriptor.digest, actual: other.descriptor.digest });

/** As a file gives it, piece by piece. */
const inPieces = (bytes: Uint8Array): ContentSource =>
  async function* () {
    for (let at = 0; at < bytes.length; at += MIB) yield bytes.subarray(at, at + MIB);
  };
const atRest = (bytes: Uint8Array): ContentSource => Object.assign(inPieces(bytes), { atRest: true } as const);

let connected: Connected;
/** Content goes out whole before this is the answer, whatever the registry says. */
let answer: { readonly status: number; readonly code?: string } | undefined;
const start = async (options: ConnectOptions = {}): Promise<void> => {
  answer = undefined;
  connected = await connect(options);
  const { server, transport } = connected;
  const answered: Transport = {
    async send(request, how) {
      const response = await transport.send(request, how);
      if (answer === undefined || request.method !== 'PUT') return response;
      await response.discard();
      const { status, code } = answer;
      const errors = JSON.stringify({ errors: [{ code }] });
      return {
        ...response,
        status,
        headers: new Map(),
        body: sourceOf(Buffer.from(errors))(),
        discard: async () => {},
      };
    },
    close: () => transport.close(),
  };
  const { uploadMode } = options;
  const registry = new Registry({
    host: server.host,
    plainHttp: true,
    transport: answered,
    retry: { maxAttempts: 3, initialDelayMs: 1, multiplier: 1, maxDelayMs: 1, jitter: false },
    ...(uploadMode && { uploadMode }),
  });
  repository = registry.repository(parseRepositoryName('team/product'));
};
let repository: RemoteRepository;
const write = (source: ContentSource, { descriptor }: Content = content): Promise<string> =>
  repository.write(descriptor, source);
/** What we hash; the registry hashes a blob as one piece. */
const hashed = (act: () => Promise<unknown>): Promise<number> => timesHashed(size, act);
const left = () => {
  const { blobs, uploads } = connected.server.repository('team/product');
  return { isStored: blobs.has(content.descriptor.digest), sessions: uploads.size };
};
const puts = (): readonly number[] => connected.server.requests({ method: 'PUT' }).map(({ received }) => received);
afterEach(() => connected[Symbol.asyncDispose]());

describe('large content at rest', () => {
  beforeEach(() => start());

  it('is sent without being hashed: the registry does that', async () => {
    expect(await hashed(async () => expect(await write(atRest(content.bytes))).toBe('written'))).toBe(0);
    expect(left()).toEqual({ isStored: true, sessions: 0 });
  });

  it('is sent again, and further on, without being hashed', async () => {
    connected.server.fail(
      { method: 'PUT', times: 1, fault: { kind: 'status', status: 503 } },
      { method: 'PUT', skip: 1, times: 1, fault: { kind: 'resetRequest', afterBytes: 9 * MIB } },
    );
    expect(await hashed(() => write(atRest(content.bytes)))).toBe(0);
    expect(connected.server.requests({ method: 'PATCH' })).toHaveLength(1);
    expect(left()).toEqual({ isStored: true, sessions: 0 });
  });

  it('is hashed once, as it passes, when it is not at rest', async () => {
    expect(await hashed(() => write(inPieces(content.bytes)))).toBe(1);
    await expect(write(inPieces(content.bytes), other)).rejects.toEqual(failure('DIGEST_MISMATCH'));
    expect(puts()[1]).toBeLessThan(size);
  });

  it('is hashed once, as it passes, up to a size', async () => {
    const small = blob(3, { size: ALWAYS_HASHED });
    expect(await timesHashed(ALWAYS_HASHED, () => write(atRest(small.bytes), small))).toBe(1);
  });

  it.each([
    ['longer', Buffer.concat([content.bytes, Buffer.from('x')])],
    ['shorter', content.bytes.subarray(1)],
  ])('that is %s than announced never reaches the registry whole', async (_, bytes) => {
    await expect(write(atRest(bytes))).rejects.toEqual(failure('SIZE_MISMATCH', { expected: size }));
    for (const received of puts()) expect(received).toBeLessThan(size);
    expect(left()).toEqual({ isStored: false, sessions: 0 });
  });

  it('that is wrong is refused by the registry, and told as what it is', async () => {
    const hashes = await hashed(() => expect(write(atRest(other.bytes))).rejects.toEqual(wrong));
    expect([hashes, puts()]).toEqual([1, [size]]);
    expect(left()).toEqual({ isStored: false, sessions: 0 });
  });

  it.each([
    ['as a session that is lost', { status: 400, code: 'BLOB_UPLOAD_INVALID' }, 3],
    ['as a failure of its own', { status: 500 }, 3],
    ['without a reason', { status: 403 }, 1],
  ])('that is wrong is told as what it is when the registry refuses it %s', async (_, refusal, times) => {
    answer = refusal;
    await expect(write(atRest(other.bytes))).rejects.toEqual(wrong);
    expect(puts()).toHaveLength(times);
  });

  it('that is wrong is told as what it is when it landed all the same, although its answer was lost', async () => {
    answer = { status: 503 };
    const source = async function* (): AsyncGenerator<Uint8Array> {
      connected.server.repository('team/product').blobs.set(content.descriptor.digest, Buffer.from(other.bytes));
      yield* inPieces(other.bytes)();
    };
    await expect(write(Object.assign(source, { atRest: true } as const))).rejects.toEqual(wrong);
    expect(puts()).toEqual([size]);
  });

  it('that is right is hashed when it is refused, and the refusal told', async () => {
    answer = { status: 400, code: 'DIGEST_INVALID' };
    const refused = failure('REGISTRY_ERROR', { status: 400 });
    expect(await hashed(() => expect(write(atRest(content.bytes))).rejects.toEqual(refused))).toBe(1);
    expect(puts()).toHaveLength(1);
    expect(left().sessions).toBe(0);
  });

  it('is told as what its source threw when it cannot be read again', async () => {
    const error = new Error('the disk is gone');
    let opened = 0;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      if (++opened > 1) throw error;
      yield* inPieces(other.bytes)();
    };
    await expect(write(Object.assign(source, { atRest: true } as const))).rejects.toBe(error);
  });

  it('is not hashed when it was never sent whole', async () => {
    connected.server.fail({ method: 'POST', fault: { kind: 'status', status: 400 } });
    const refused = failure('REGISTRY_ERROR', { status: 400 });
    expect(await hashed(() => expect(write(atRest(other.bytes))).rejects.toEqual(refused))).toBe(0);
  });
});

describe('a registry that does not say what it was sent', () => {
  const header = (value: string | null): Fault => ({ kind: 'header', name: 'docker-content-digest', value });
  beforeEach(() => start());

  it.each([
    ['no digest', null],
    ['what is no digest', 'sha256:1'],
    ['a digest of another algorithm', blob(1, { size, algorithm: 'sha512' }).descriptor.digest],
  ])('but %s gets content at rest that is hashed after it', async (_, value) => {
    connected.server.fail({ method: 'PUT', fault: header(value) });
    expect(await hashed(async () => expect(await write(atRest(content.bytes))).toBe('written'))).toBe(1);
  });

  it('and takes anything is found out, and gets nothing more that is wrong', async () => {
    answer = { status: 201 };
    await expect(write(atRest(other.bytes))).rejects.toEqual(wrong);
    await expect(write(atRest(other.bytes))).rejects.toEqual(wrong);
    const [first, second] = puts();
    expect([first, Number(second) < size]).toEqual([size, true]);
  });

  it('but that it was something else is not believed to have it', async () => {
    connected.server.fail({ method: 'PUT', fault: header(other.descriptor.digest) });
    const told = failure('DIGEST_MISMATCH', {
      expected: content.descriptor.digest,
      actual: other.descriptor.digest,
    });
    await expect(write(atRest(content.bytes))).rejects.toEqual(told);
    await expect(write(inPieces(content.bytes), blob(4))).rejects.toEqual(failure('SIZE_MISMATCH'));
    expect(puts()[0]).toBe(size);
  });
});

describe('large content at rest, in chunks', () => {
  beforeEach(() => start({ uploadMode: 'chunked' }));

  it('is sent without being hashed, also after a chunk that was lost', async () => {
    connected.server.fail({ method: 'PATCH', times: 1, fault: { kind: 'status', status: 416 } });
    expect(await hashed(() => write(atRest(content.bytes)))).toBe(0);
    expect(left()).toEqual({ isStored: true, sessions: 0 });
  });

  it('that is wrong is refused at the end, and told as what it is', async () => {
    await expect(write(atRest(other.bytes))).rejects.toEqual(wrong);
    expect(left()).toEqual({ isStored: false, sessions: 0 });
  });
});
