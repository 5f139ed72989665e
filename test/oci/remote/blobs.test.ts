import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { descriptorOf, EMPTY_DESCRIPTOR } from '../../../src/oci/spec/descriptor.ts';
import { blob, put } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { type Fault, startRegistry } from '../../support/registry/index.ts';
import { type Connected, connect } from './support.ts';

let connected: Connected;
beforeEach(async () => {
  connected = await connect({ timeoutSeconds: 0.3 });
  await put(connected.repository(), content);
  connected.server.clearRequests();
});
afterEach(() => connected[Symbol.asyncDispose]());

const content = blob(1, { size: 300_000 });
const read = (): Promise<Uint8Array> => bytesOf(connected.repository().read(content.descriptor));
const ranges = (): readonly (string | undefined)[] =>
  connected.server.requests().map(({ headers }) => headers['range']);

describe('reading a blob', () => {
  it('asks for nothing that is known already', async () => {
    const bytes = Buffer.from('embedded');
    const embedded = { ...descriptorOf('text/plain', bytes), data: bytes.toString('base64') };
    expect(await bytesOf(connected.repository().read(embedded))).toEqual(bytes);
    expect(await bytesOf(connected.repository().readAfter(embedded, 2))).toEqual(bytes.subarray(2));
    expect(await bytesOf(connected.repository().read(EMPTY_DESCRIPTOR))).toEqual(Buffer.from('{}'));
    expect(connected.server.requests()).toEqual([]);
  });

  it('is asked for all the same where its descriptor embeds something else', async () => {
    const data = Buffer.alloc(content.bytes.length).toString('base64');
    const read = connected.repository().read({ ...content.descriptor, data });
    expect(await bytesOf(read)).toEqual(Buffer.from(content.bytes));
  });

  it.each<readonly [string, Fault]>([
    ['is reset', { kind: 'reset', afterBytes: 100_000 }],
    ['ends early', { kind: 'truncate', afterBytes: 100_000 }],
    ['falls silent', { kind: 'stall', afterBytes: 100_000 }],
  ])('goes on where it was when the connection %s', async (_, fault) => {
    connected.server.fail({ times: 1, fault });
    expect(await read()).toEqual(Buffer.from(content.bytes));
    expect(ranges()).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
  });

  it('goes on again and again, as long as that helps', async () => {
    const large = blob(2, { size: 5_000_000 });
    await put(connected.repository(), large);
    connected.server.clearRequests();
    connected.server.fail({ fault: { kind: 'truncate', afterBytes: 1_100_000 } });
    expect(await bytesOf(connected.repository().read(large.descriptor))).toEqual(Buffer.from(large.bytes));
    expect(ranges()).toHaveLength(5);
  });

  it('fails in the end when the connection always breaks', async () => {
    connected.server.fail({ fault: { kind: 'truncate', afterBytes: 10 } });
    await expect(read()).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect(ranges()).toHaveLength(3);
  });

  it.each<readonly [string, Fault]>([
    ['starts over', { kind: 'status', status: 200, body: 'again from the start' }],
    ['continues elsewhere', { kind: 'header', name: 'content-range', value: 'bytes 0-299999/300000' }],
    ['says that there is no more', { kind: 'status', status: 416 }],
  ])('does not glue on what does not fit, and begins anew: a registry that %s', async (_, fault) => {
    connected.server.fail({ times: 1, fault: { kind: 'truncate', afterBytes: 100_000 } }, { skip: 1, times: 1, fault });
    expect(await read()).toEqual(Buffer.from(content.bytes));
    expect(ranges()).toEqual([undefined, expect.stringMatching(/^bytes=/), undefined]);
  });

  it.each<readonly [string, Fault, object]>([
    ['changed', { kind: 'corrupt', at: 299_999 }, failure('DIGEST_MISMATCH', { expected: content.descriptor.digest })],
    ['shorter', { kind: 'body', body: content.bytes.subarray(0, 299_999) }, failure('SIZE_MISMATCH')],
    ['longer', { kind: 'body', body: Buffer.concat([content.bytes, Buffer.from('x')]) }, failure('SIZE_MISMATCH')],
    ['an HTML page', { kind: 'html' }, failure('SIZE_MISMATCH')],
  ])('fails before it ends when the content is %s', async (_, fault, error) => {
    connected.server.fail({ fault });
    await expect(read()).rejects.toEqual(error);
  });

  it('does without the length', async () => {
    connected.server.fail({ fault: { kind: 'chunked' } });
    expect(await read()).toEqual(Buffer.from(content.bytes));
  });

  it('follows to the storage behind the registry, without the password', async () => {
    const storage = await startRegistry();
    const password = { username: 'ann', password: 'secret' };
    const guarded = await connect({ auth: password, credential: password });
    try {
      storage.repository('team/product').putBlob(content.bytes);
      // From here on the client knows that the registry wants the password.
      await guarded.registry.ping();
      guarded.server.fail({ fault: { kind: 'redirect', location: (path) => `${storage.url}${path}` } });
      expect(await bytesOf(guarded.repository().read(content.descriptor))).toEqual(Buffer.from(content.bytes));
      expect(guarded.server.requests().at(-1)?.headers['authorization']).toBeDefined();
      expect(storage.requests().map(({ headers }) => headers['authorization'])).toEqual([undefined]);
    } finally {
      await guarded[Symbol.asyncDispose]();
      await storage.close();
    }
  });
});

describe('asking whether a blob exists', () => {
  const exists = (): Promise<boolean> => connected.repository().exists(content.descriptor);

  it.each([403, 405])('reads a byte where HEAD is answered with %i', async (status) => {
    connected.server.fail({ method: 'HEAD', fault: { kind: 'status', status } });
    expect(await exists()).toBe(true);
    expect(await connected.repository().exists(blob(2).descriptor)).toBe(false);
  });

  it.each<readonly [number, object]>([
    [401, failure('UNAUTHORIZED')],
    [403, failure('DENIED')],
    [429, failure('REGISTRY_UNAVAILABLE', { status: 429 })],
    [503, failure('REGISTRY_UNAVAILABLE', { status: 503 })],
  ])('is not a no when the answer is %i', async (status, error) => {
    connected.server.fail({ fault: { kind: 'status', status } });
    await expect(exists()).rejects.toEqual(error);
  });

  it('of no bytes works there too', async () => {
    const empty = blob('');
    await put(connected.repository(), empty);
    connected.server.fail({ method: 'HEAD', fault: { kind: 'status', status: 403 } });
    expect(await connected.repository().exists(empty.descriptor)).toBe(true);
  });
});
