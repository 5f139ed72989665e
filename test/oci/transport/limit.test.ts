import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentTelemetry, type Telemetry } from '../../../src/oci/telemetry/telemetry.ts';
import { ownHosts } from '../../../src/oci/transport/availability.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { limited } from '../../../src/oci/transport/limit.ts';
import type { HttpBody, HttpResponse, Transport } from '../../../src/oci/transport/transport.ts';
import { serve, settled, type TestServer } from '../../support/transportServer.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function server(handler: RequestListener): Promise<TestServer> {
  const made = await serve(handler);
  cleanup.push(() => made.close());
  return made;
}

function transport(concurrency?: number): Transport {
  const made = limited(createUndiciTransport({ timeoutSeconds: 10 }), concurrency);
  cleanup.push(() => made.close());
  return made;
}

/** A server that keeps everybody waiting until told. */
async function patient(): Promise<TestServer & { readonly waiting: ServerResponse[] }> {
  const waiting: ServerResponse[] = [];
  const made = await server((request, response) => {
    request.resume();
    waiting.push(response);
  });
  return Object.assign(made, { waiting });
}

const small = (home: TestServer): URL => new URL('/v2/a/tags/list', home.url);
const blob = (home: TestServer): URL => new URL('/v2/a/blobs/sha256:0', home.url);

async function drained(sent: Promise<HttpResponse>): Promise<void> {
  for await (const _ of (await sent).body);
}

describe('requests to one host', () => {
  it('are at most eight at a time', async () => {
    const home = await patient();
    const sender = transport();
    const sent = Array.from({ length: 20 }, () => drained(sender.send({ method: 'GET', url: small(home) })));
    expect(await settled(() => home.waiting.length)).toBe(8);
    home.waiting.splice(0, 3).map((response) => response.end());
    expect(await settled(() => home.waiting.length)).toBe(8);
    while (home.waiting.length > 0) {
      for (const response of home.waiting.splice(0)) response.end();
      await settled(() => home.waiting.length);
    }
    await Promise.all(sent);
    expect(home.requests).toHaveLength(20);
  });

  it('do not count for another host', async () => {
    const [home, other] = [await patient(), await patient()];
    const sender = transport(3);
    const sent = [home, other].flatMap((host) =>
      Array.from({ length: 4 }, () => drained(sender.send({ method: 'GET', url: small(host) }))),
    );
    expect(await settled(() => home.waiting.length)).toBe(3);
    expect(other.waiting).toHaveLength(3);
    for (const host of [home, other]) {
      for (const response of host.waiting.splice(0)) response.end();
      await vi.waitFor(() => expect(host.waiting).toHaveLength(1));
      host.waiting[0]?.end();
    }
    await Promise.all(sent);
  });

  it('are counted while they wait', async () => {
    const counted: unknown[] = [];
    const telemetry: Telemetry = { ...silentTelemetry, count: (...args) => void counted.push(args) };
    const sender = limited(createUndiciTransport({}), 3, { ...ownHosts(), telemetry });
    cleanup.push(() => sender.close());
    const home = await patient();
    const sent = Array.from({ length: 4 }, () => drained(sender.send({ method: 'GET', url: small(home) })));
    await vi.waitFor(() => expect(home.waiting).toHaveLength(3));
    const waits = (by: number): unknown => ['floe_oci_queue_length', { registry: home.url.host }, by];
    expect(counted).toEqual([waits(1)]);
    for (const response of home.waiting.splice(0)) response.end();
    await vi.waitFor(() => expect(home.waiting).toHaveLength(1));
    expect(counted).toEqual([waits(1), waits(-1)]);
    home.waiting[0]?.end();
    await Promise.all(sent);
  });

  it('last until their body is through', async () => {
    const home = await server((_, response) => response.end('body'));
    const sender = transport(3);
    const open = [];
    for (let time = 0; time < 3; time++) open.push(await sender.send({ method: 'GET', url: small(home) }));
    const fourth = drained(sender.send({ method: 'GET', url: small(home) }));
    expect(await settled(() => home.requests.length)).toBe(3);
    await open[1]?.discard();
    await fourth;
    for (const response of open) await response.discard();
  });
});

describe('a place is given back', () => {
  /** Uses up every place several times over, then sees whether requests still get through. */
  const leavesPlaces = async (use: (sender: Transport, home: TestServer) => Promise<void>): Promise<void> => {
    const big = Buffer.alloc(1024 * 1024);
    const home = await server((request, response) => {
      if (request.url?.includes('silent')) return;
      if (request.url?.includes('broken')) request.socket.destroy();
      else if (request.url?.includes('half')) {
        response.writeHead(200, { 'content-length': '10' });
        response.write('half', () => response.destroy());
      } else response.end(request.url?.includes('big') ? big : 'ok');
    });
    const sender = transport();
    for (let time = 0; time < 50; time++) await use(sender, home);
    await Promise.all(Array.from({ length: 20 }, () => drained(sender.send({ method: 'GET', url: blob(home) }))));
  };

  it('after aborts before the answer', () =>
    leavesPlaces(async (sender, home) => {
      const abort = new AbortController();
      const sent = sender.send({ method: 'GET', url: new URL('/silent', home.url) }, { signal: abort.signal });
      setImmediate(() => abort.abort());
      await expect(sent).rejects.toMatchObject({ code: 'CANCELLED' });
    }));

  it('after aborts of answers that nobody has read', () =>
    leavesPlaces(async (sender, home) => {
      const abort = new AbortController();
      await sender.send({ method: 'GET', url: new URL('/big', home.url) }, { signal: abort.signal });
      abort.abort();
    }));

  it('after aborts within the body', () =>
    leavesPlaces(async (sender, home) => {
      const abort = new AbortController();
      const { body } = await sender.send({ method: 'GET', url: new URL('/big', home.url) }, { signal: abort.signal });
      const iterator = body[Symbol.asyncIterator]();
      await iterator.next();
      abort.abort();
    }));

  it('after bodies that were left early', () =>
    leavesPlaces(async (sender, home) => {
      for await (const _ of (await sender.send({ method: 'GET', url: new URL('/big', home.url) })).body) break;
    }));

  it('after bodies that were discarded', () =>
    leavesPlaces(async (sender, home) => {
      await (await sender.send({ method: 'GET', url: new URL('/big', home.url) })).discard();
    }));

  it('after connections that broke', () =>
    leavesPlaces(async (sender, home) => {
      await expect(sender.send({ method: 'GET', url: new URL('/broken', home.url) })).rejects.toThrow();
    }));

  it('after bodies that broke off', () =>
    leavesPlaces(async (sender, home) => {
      await expect(drained(sender.send({ method: 'GET', url: new URL('/half', home.url) }))).rejects.toThrow();
    }));

  it('by an abort while waiting for it, which sends nothing', async () => {
    const home = await patient();
    const sender = transport(3);
    const sent = Array.from({ length: 3 }, () => drained(sender.send({ method: 'GET', url: small(home) })));
    await vi.waitFor(() => expect(home.waiting).toHaveLength(3));
    const abort = new AbortController();
    const waiting = sender.send({ method: 'GET', url: small(home) }, { signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    for (const response of home.waiting) response.end();
    await Promise.all(sent);
    expect(home.requests).toHaveLength(3);
  });
});

describe('small requests', () => {
  it('get through while blobs are downloading, more than there are places', async () => {
    const home = await server((request, response) => {
      // Blobs never end.
      if (request.url?.includes('/blobs/')) response.write('x');
      else response.end('tags');
    });
    const sender = transport();
    const abort = new AbortController();
    const blobs = Array.from({ length: 20 }, async () => {
      const response = await sender.send({ method: 'GET', url: blob(home) }, { signal: abort.signal });
      await drained(Promise.resolve(response));
    });
    const ended = Promise.allSettled(blobs);
    expect(await settled(() => home.requests.length)).toBeLessThan(8);
    for (let time = 0; time < 5; time++) await drained(sender.send({ method: 'GET', url: small(home) }));
    abort.abort();
    await ended;
  });
});

describe('uploads whose content is downloaded from the same host', () => {
  it.each([1, 2, 3, 8])('do not wait for themselves, with %i places', async (concurrency) => {
    const home = await server((request, response) => {
      request.resume();
      request.on('end', () => response.end('content'));
    });
    const sender = transport(concurrency);
    const body: HttpBody = {
      size: 7,
      open: async function* () {
        yield* (await sender.send({ method: 'GET', url: blob(home) })).body;
      },
    };
    const url = new URL('/v2/b/blobs/uploads/1', home.url);
    await Promise.all(Array.from({ length: 20 }, () => drained(sender.send({ method: 'PUT', url, body }))));
    expect(home.requests).toHaveLength(40);
  });

  it.each([1, 8])('nor when the download was begun first, with %i places', async (concurrency) => {
    const home = await server((request, response) => {
      request.resume();
      request.on('end', () => response.end('content'));
    });
    const sender = transport(concurrency);
    const url = new URL('/v2/b/blobs/uploads/1', home.url);
    const copy = async (): Promise<void> => {
      for await (const chunk of (await sender.send({ method: 'GET', url: blob(home) })).body) {
        const open = async function* (): AsyncGenerator<Uint8Array> {
          yield chunk;
        };
        await drained(sender.send({ method: 'PATCH', url, body: { size: chunk.length, open } }));
      }
    };
    await Promise.all(Array.from({ length: 20 }, copy));
    expect(home.requests).toHaveLength(40);
  });
});
