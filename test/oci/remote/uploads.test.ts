import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ContentSource } from '../../../src/oci/content/store.ts';
import { bytesOf, sourceOf } from '../../../src/oci/content/verify.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import type { Transport } from '../../../src/oci/transport/transport.ts';
import { blob, put } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { type Fault, startRegistry } from '../../support/registry/index.ts';
import { type Connected, connect } from './support.ts';

let connected: Connected;
beforeEach(async () => {
  connected = await connect({ quirks: { exactLocations: true } });
});
afterEach(() => connected[Symbol.asyncDispose]());

const content = blob(1, { size: 300_000 });
const nothing = { size: 0, open: sourceOf(new Uint8Array()) };
const write = (source: ContentSource = sourceOf(content.bytes)) =>
  connected.repository().write(content.descriptor, source);
const methods = (): readonly string[] => connected.server.requests().map(({ method }) => method);
const stored = (): boolean => connected.server.repository('team/product').blobs.has(content.descriptor.digest);
const sessions = (): number => connected.server.repository('team/product').uploads.size;

describe('an upload', () => {
  it('asks, opens a session and sends everything at once', async () => {
    expect(await write()).toBe('written');
    expect(methods()).toEqual(['HEAD', 'POST', 'PUT']);
    const [request] = connected.server.requests({ method: 'PUT' });
    expect(request?.headers).toMatchObject({ 'content-length': '300000', 'content-type': 'application/octet-stream' });
    expect(request?.path).toMatch(new RegExp(`&digest=${content.descriptor.digest}$`));
    expect(sessions()).toBe(0);
  });

  it('goes to an absolute location as well', async () => {
    const absolute = await connect({ quirks: { locations: 'absolute', exactLocations: true } });
    try {
      expect(await absolute.repository().write(content.descriptor, sourceOf(content.bytes))).toBe('written');
    } finally {
      await absolute[Symbol.asyncDispose]();
    }
  });

  it('goes to another origin without the password', async () => {
    const storage = await startRegistry();
    const password = { username: 'ann', password: 'secret' };
    const guarded = await connect({ auth: password, credential: password });
    try {
      const begun = await fetch(`${storage.url}/v2/team/product/blobs/uploads/`, { method: 'POST' });
      const value = new URL(begun.headers.get('location') ?? '', storage.url).href;
      guarded.server.fail({ method: 'POST', fault: { kind: 'header', name: 'location', value } });
      expect(await guarded.repository().write(content.descriptor, sourceOf(content.bytes))).toBe('written');
      const [upload] = storage.requests({ method: 'PUT' });
      expect(upload?.received).toBe(300_000);
      expect(upload?.headers['authorization']).toBeUndefined();
    } finally {
      await guarded[Symbol.asyncDispose]();
      await storage.close();
    }
  });

  it.each<readonly [string, string | null, object]>([
    ['no location', null, failure('INVALID_RESPONSE')],
    ['a location that is no URL', 'http://:x', failure('INVALID_RESPONSE')],
    ['a location for another protocol', 'file:///etc/passwd', failure('REDIRECT_REFUSED')],
    ['a location with a password', 'http://a:b@127.0.0.1/', failure('REDIRECT_REFUSED')],
  ])('sends nothing to %s', async (_, value, error) => {
    connected.server.fail({ method: 'POST', fault: { kind: 'header', name: 'location', value } });
    await expect(write()).rejects.toEqual(error);
    expect(methods()).toEqual(['HEAD', 'POST']);
  });

  it.each<readonly [string, Fault]>([
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
    ['a reset half-way', { kind: 'resetRequest', afterBytes: 100_000 }],
    ['a session that is gone', { kind: 'status', status: 404, code: 'BLOB_UPLOAD_UNKNOWN' }],
    ['a session that is elsewhere', { kind: 'status', status: 416 }],
  ])('starts over in a new session after %s', async (_, fault) => {
    connected.server.fail({ method: 'PUT', times: 1, fault });
    expect(await write()).toBe('written');
    const puts = connected.server.requests({ method: 'PUT' });
    expect(puts).toHaveLength(2);
    expect(puts[0]?.path.split('?')[0]).not.toBe(puts[1]?.path.split('?')[0]);
    expect(sessions()).toBe(0);
  });

  it('is not repeated when it landed although its answer was lost', async () => {
    connected.server.fail({ method: 'PUT', times: 1, fault: { kind: 'reset', afterBytes: 0 } });
    expect(await write()).toBe('written');
    expect(methods()).toEqual(['HEAD', 'POST', 'PUT', 'DELETE', 'HEAD']);
  });

  it('gives up after as many sessions as there are attempts, and leaves none', async () => {
    connected.server.fail({ method: 'PUT', fault: { kind: 'status', status: 503 } });
    await expect(write()).rejects.toEqual(failure('REGISTRY_UNAVAILABLE', { status: 503 }));
    expect(connected.server.requests({ method: 'PUT' })).toHaveLength(3);
    expect(sessions()).toBe(0);
  });

  it.each<readonly [number, string, object]>([
    [401, 'UNAUTHORIZED', failure('UNAUTHORIZED')],
    [403, 'DENIED', failure('DENIED')],
    [413, 'SIZE_INVALID', failure('REGISTRY_ERROR', { status: 413 })],
    [404, 'NAME_UNKNOWN', failure('NOT_FOUND', { kind: 'repository' })],
  ])('is not repeated after %i %s', async (status, code, error) => {
    connected.server.fail({ method: 'PUT', fault: { kind: 'status', status, code } });
    await expect(write()).rejects.toEqual(error);
    expect(connected.server.requests({ method: 'PUT' })).toHaveLength(1);
    expect(connected.server.requests({ method: 'DELETE' })).toHaveLength(1);
  });
});

describe('a source that is not what was announced', () => {
  const wrong = Buffer.from(content.bytes);
  wrong[299_999] = (wrong[299_999] ?? 0) ^ 1;
  const inPieces = (bytes: Uint8Array): ContentSource =>
    async function* () {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    };

  it('never reaches the registry whole, not even one that would take anything', async () => {
    connected.server.fail({ method: 'PUT', fault: { kind: 'status', status: 201 } });
    await expect(write(inPieces(wrong))).rejects.toEqual(failure('DIGEST_MISMATCH'));
    for (const { received } of connected.server.requests({ method: 'PUT' })) expect(received).toBeLessThan(300_000);
    expect(stored()).toBe(false);
  });

  it('is told as what it threw, once, and the session is cancelled', async () => {
    const error = new Error('the disk is gone');
    let opened = 0;
    const source: ContentSource = async function* () {
      opened++;
      yield content.bytes.subarray(0, 100_000);
      throw error;
    };
    await expect(write(source)).rejects.toBe(error);
    expect(opened).toBe(1);
    expect(sessions()).toBe(0);
  });

  it('is found out when it should have no bytes', async () => {
    const written = connected.repository().write(blob('').descriptor, sourceOf(Buffer.from('x')));
    await expect(written).rejects.toEqual(failure('SIZE_MISMATCH'));
    expect(sessions()).toBe(0);
  });

  it('is no success when the registry says so without having it', async () => {
    const { server, transport } = connected;
    const losing: Transport = {
      send: (request, options) =>
        transport.send(request.method === 'PUT' ? { ...request, body: nothing } : request, options),
      close: () => transport.close(),
    };
    server.fail({ method: 'PUT', fault: { kind: 'status', status: 201 } });
    const registry = new Registry({ host: server.host, plainHttp: true, transport: losing });
    const written = registry.repository(parseRepositoryName('a')).write(content.descriptor, sourceOf(content.bytes));
    await expect(written).rejects.toEqual(failure('INVALID_RESPONSE', { status: 201 }));
  });
});

describe('cancelling an upload', () => {
  it('ends it half-way and cancels the session', async () => {
    const controller = new AbortController();
    const source: ContentSource = async function* () {
      yield content.bytes.subarray(0, 100_000);
      yield content.bytes.subarray(100_000, 200_000);
      await vi.waitUntil(() => (connected.server.requests({ method: 'PUT' })[0]?.received ?? 0) > 0);
      controller.abort();
      yield content.bytes.subarray(200_000);
    };
    const written = connected.repository().write(content.descriptor, source, { signal: controller.signal });
    await expect(written).rejects.toEqual(failure('CANCELLED'));
    expect(methods()).toEqual(['HEAD', 'POST', 'PUT', 'DELETE']);
    expect([stored(), sessions()]).toEqual([false, 0]);
  });
});

describe('a blob that is likely to be new', () => {
  const send = () => connected.repository().write(content.descriptor, sourceOf(content.bytes), { likelyNew: true });

  it('is begun while the registry is asked for it', async () => {
    const trips = await connected.server.roundTrips(async () => expect(await send()).toBe('written'));
    expect(trips).toBe(2);
    expect([...methods()].sort()).toEqual(['HEAD', 'POST', 'PUT']);
  });

  it('is not sent when it is there after all, and the session is given back', async () => {
    await put(connected.repository(), content);
    expect(await send()).toBe('existed');
    await connected.registry.settled();
    expect(connected.server.requests({ method: 'PUT' })).toHaveLength(1);
    expect(sessions()).toBe(0);
  });

  it('is there for whoever may not write, too', async () => {
    await put(connected.repository(), content);
    connected.server.fail({ method: 'POST', fault: { kind: 'status', status: 403 } });
    expect(await send()).toBe('existed');
  });

  it('leaves no session behind when it cannot be asked for', async () => {
    connected.server.fail({ method: 'HEAD', fault: { kind: 'status', status: 401 } });
    await expect(send()).rejects.toEqual(failure('UNAUTHORIZED'));
    await connected.registry.settled();
    expect(sessions()).toBe(0);
  });
});

describe('a blob that another repository has', () => {
  const mounted = () =>
    connected.repository('other/product').write(content.descriptor, sourceOf(content.bytes), {
      origin: connected.repository(),
    });
  beforeEach(async () => {
    await put(connected.repository(), content);
    connected.server.clearRequests();
  });

  it('is mounted, and no byte is moved', async () => {
    expect(await mounted()).toBe('mounted');
    expect(methods()).toEqual(['POST']);
    expect(await bytesOf(connected.repository('other/product').read(content.descriptor))).toHaveLength(300_000);
  });

  it('is uploaded in the session that the registry opens instead', async () => {
    connected.server.repository('team/product').blobs.clear();
    expect(await mounted()).toBe('written');
    expect(methods()).toEqual(['POST', 'HEAD', 'PUT']);
  });

  it('is not moved where it is, by a registry that does not mount', async () => {
    connected.server.fail({ path: /mount=/, fault: { kind: 'status', status: 404 } });
    await put(connected.repository('other/product'), content);
    connected.server.clearRequests();
    expect(await mounted()).toBe('existed');
    expect(methods()).toEqual(['POST', 'HEAD']);
  });

  it('is mounted from wherever it was last seen', async () => {
    const { server } = connected;
    expect(await connected.repository('third/product').write(content.descriptor, sourceOf(content.bytes))).toBe(
      'mounted',
    );
    expect(server.lines()).toEqual([expect.stringContaining('from=team%2Fproduct')]);
  });

  it.each([400, 401, 403, 404, 405])('is uploaded when the mount is answered with %i', async (status) => {
    connected.server.fail({ path: /mount=/, fault: { kind: 'status', status } });
    expect(await mounted()).toBe('written');
    expect(methods()).toEqual(['POST', 'HEAD', 'POST', 'PUT']);
  });

  it('is not mounted from itself', async () => {
    connected.server.repository('team/product').blobs.clear();
    const options = { origin: connected.repository() };
    expect(await connected.repository().write(content.descriptor, sourceOf(content.bytes), options)).toBe('written');
    expect(connected.server.requests({ path: /mount=/ })).toEqual([]);
  });

  it('is not mounted from another registry', async () => {
    const other = await connect();
    try {
      const options = { origin: connected.repository() };
      expect(await other.repository('x').write(content.descriptor, sourceOf(content.bytes), options)).toBe('written');
      expect(other.server.requests({ path: /mount=/ })).toEqual([]);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });
});
