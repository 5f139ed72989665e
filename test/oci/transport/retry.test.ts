import type { RequestListener } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { silentTelemetry, type Telemetry } from '../../../src/oci/telemetry/telemetry.ts';
import { ownHosts } from '../../../src/oci/transport/availability.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { limited } from '../../../src/oci/transport/limit.ts';
import {
  checkRetry,
  delayAfter,
  RETRY_DEFAULTS,
  type RetryOptions,
  retryAfter,
  retrying,
  waitAsked,
} from '../../../src/oci/transport/retry.ts';
import type { HttpRequest, Transport } from '../../../src/oci/transport/transport.ts';
import { closedPort, serve, type TestServer } from '../../support/transportServer.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function server(handler: RequestListener): Promise<TestServer> {
  const made = await serve((request, response) => {
    request.resume();
    request.on('end', () => handler(request, response));
  });
  cleanup.push(() => made.close());
  return made;
}

function transport(options: Partial<RetryOptions> = {}): Transport {
  const hosts = ownHosts();
  const limit = limited(createUndiciTransport({}), undefined, hosts);
  const made = retrying(limit, { ...RETRY_DEFAULTS, initialDelayMs: 1, ...options }, hosts);
  cleanup.push(() => made.close());
  return made;
}

/** Answers with the statuses, one after the other, then with 200. */
function sequence(...statuses: readonly number[]): RequestListener {
  let next = 0;
  return (_, response) => response.writeHead(statuses[next++] ?? 200).end('body');
}

async function statusOf(sent: ReturnType<Transport['send']>): Promise<number> {
  const response = await sent;
  await response.discard();
  return response.status;
}

const bodyOf = (text: string): NonNullable<HttpRequest['body']> => ({
  size: text.length,
  open: async function* () {
    yield Buffer.from(text);
  },
});

describe('a request is repeated', () => {
  it.each([408, 429, 500, 502, 503, 504])('after %i', async (status) => {
    const { url, requests } = await server(sequence(status, status));
    expect(await statusOf(transport().send({ method: 'GET', url }))).toBe(200);
    expect(requests).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 405, 409, 412, 416, 501])('never after %i', async (status) => {
    const { url, requests } = await server(sequence(status));
    expect(await statusOf(transport().send({ method: 'GET', url }))).toBe(status);
    expect(requests).toHaveLength(1);
  });

  it('and counted, each time', async () => {
    const counted: unknown[] = [];
    const telemetry: Telemetry = { ...silentTelemetry, count: (...args) => void counted.push(args) };
    const inner = createUndiciTransport({});
    const sender = retrying(inner, { ...RETRY_DEFAULTS, initialDelayMs: 1 }, { ...ownHosts(), telemetry });
    cleanup.push(() => sender.close());
    const { url } = await server(sequence(503, 503));
    expect(await statusOf(sender.send({ method: 'GET', url }))).toBe(200);
    const once = ['floe_oci_retries_total', { registry: url.host }];
    expect(counted).toEqual([once, once]);
  });

  it('after a connection that broke', async () => {
    let times = 0;
    const { url } = await server((request, response) => (times++ === 0 ? request.socket.destroy() : response.end()));
    expect(await statusOf(transport().send({ method: 'GET', url }))).toBe(200);
  });

  it('until the attempts are used up; then the last answer or error stands', async () => {
    const { url, requests } = await server(sequence(503, 502, 500));
    expect(await statusOf(transport({ maxAttempts: 3 }).send({ method: 'GET', url }))).toBe(500);
    expect(requests).toHaveLength(3);
    await expect(transport().send({ method: 'GET', url: await closedPort() })).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
    });
  });

  it('not at all with one attempt', async () => {
    const { url, requests } = await server(sequence(503));
    expect(await statusOf(transport({ maxAttempts: 1 }).send({ method: 'GET', url }))).toBe(503);
    expect(requests).toHaveLength(1);
  });

  it.each<HttpRequest['method']>(['GET', 'HEAD', 'DELETE', 'POST'])('when it is a %s without body', async (method) => {
    const { url } = await server(sequence(503));
    expect(await statusOf(transport().send({ method, url }))).toBe(200);
  });

  it.each<HttpRequest['method']>(['PUT', 'PATCH', 'POST'])('never when it is a %s with a body', async (method) => {
    const { url, requests } = await server(sequence(503));
    expect(await statusOf(transport().send({ method, url, body: bodyOf('x') }))).toBe(503);
    expect(requests).toHaveLength(1);
  });

  it('never after a failure of TLS', async () => {
    let sent = 0;
    const inner = createUndiciTransport({});
    cleanup.push(() => inner.close());
    const counted: Transport = {
      send: (request, options) => {
        sent++;
        return inner.send(request, options);
      },
      close: async () => {},
    };
    const { url } = await server(sequence());
    const secure = new URL(`https://${url.host}/`);
    await expect(retrying(counted).send({ method: 'GET', url: secure })).rejects.toMatchObject({ code: 'TLS_FAILED' });
    expect(sent).toBe(1);
  });
});

describe('an abort', () => {
  it('ends a pause at once', async () => {
    const abort = new AbortController();
    const { url, requests } = await server((_, response) => {
      response.writeHead(503).end();
      setTimeout(() => abort.abort(), 20);
    });
    const sent = transport({ initialDelayMs: 3_600_000, maxDelayMs: 3_600_000 }).send(
      { method: 'GET', url },
      { signal: abort.signal },
    );
    await expect(sent).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(requests).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  it('is waited for', async () => {
    const order: string[] = [];
    const asked = Promise.withResolvers<void>();
    const busy = await server((_, response) => {
      order.push('busy');
      if (order.length === 1) response.setHeader('retry-after', '1').writeHead(429);
      response.end();
      asked.resolve();
    });
    const idle = await server((_, response) => {
      order.push('idle');
      response.end();
    });
    const sender = transport();
    const told = statusOf(sender.send({ method: 'GET', url: busy.url }));
    await asked.promise;
    await statusOf(sender.send({ method: 'GET', url: idle.url }));
    expect([await told, order]).toEqual([200, ['busy', 'idle', 'busy']]);
  });

  it('holds back every request to that host, and no other host', async () => {
    const order: string[] = [];
    const busy = await server((request, response) => {
      order.push(`busy ${request.url}`);
      if (order.length === 1) response.setHeader('retry-after', '1').writeHead(503);
      response.end();
    });
    const idle = await server((_, response) => {
      order.push('idle');
      response.end();
    });
    const sender = transport({ maxAttempts: 2 });
    const first = await sender.send({ method: 'PUT', url: new URL('1', busy.url), body: bodyOf('x') });
    await first.discard();
    const held = statusOf(sender.send({ method: 'GET', url: new URL('2', busy.url) }));
    await statusOf(sender.send({ method: 'GET', url: idle.url }));
    await held;
    expect(order).toEqual(['busy /1', 'idle', 'busy /2']);
  });

  it('of longer than the longest delay is not waited for: the answer is returned', async () => {
    const { url, requests } = await server((_, response) =>
      response.setHeader('retry-after', '31').writeHead(429).end(),
    );
    expect(await statusOf(transport().send({ method: 'GET', url }))).toBe(429);
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5000],
    ['Thu, 01 Jan 1970 00:00:30 GMT', 20_000],
    ['Thu, 01 Jan 1970 00:00:05 GMT', 0],
    ['Thursday, 01-Jan-70 00:00:30 GMT', 20_000],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['999999999', 999_999_999_000],
    ['1000000000', undefined],
    ['5 s', undefined],
    ['s 5', undefined],
    ['soon', undefined],
    ['2', 2000],
    [undefined, undefined],
  ])('%s, ten seconds after the epoch, means %s milliseconds', (value, milliseconds) => {
    expect(retryAfter(value, 10_000)).toBe(milliseconds);
  });

  it.each([
    [{ 'x-retry-after': '1700000030' }, 30_000],
    [{ 'x-retry-after': '1600000000' }, 0],
    [{ 'x-retry-after': ' 1700000030 ' }, 30_000],
    [{ 'x-retry-after': '30' }, undefined],
    [{ 'x-retry-after': '17000000300' }, undefined],
    [{ 'x-retry-after': '1700000030 s' }, undefined],
    [{ 'x-retry-after': 's 1700000030' }, undefined],
    [{ 'retry-after': '5', 'x-retry-after': '1700000030' }, 5000],
    [{}, undefined],
  ])('of %j asks to wait for %s', (headers: Record<string, string>, milliseconds) => {
    expect(waitAsked(new Map(Object.entries(headers)), 1_700_000_000_000)).toBe(milliseconds);
  });
});

describe('the delay', () => {
  const steady = { ...RETRY_DEFAULTS, jitter: false };

  it('doubles from one second up to its cap', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => delayAfter(attempt, steady, 0.5))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
  });

  it('is spread by a quarter both ways, never beyond the cap', () => {
    expect(delayAfter(1, RETRY_DEFAULTS, 0)).toBe(750);
    expect(delayAfter(1, RETRY_DEFAULTS, 1)).toBe(1250);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const delay = delayAfter(attempt, RETRY_DEFAULTS, random);
        expect(delay).toBeGreaterThanOrEqual(750);
        expect(delay).toBeLessThanOrEqual(RETRY_DEFAULTS.maxDelayMs);
      }),
    );
  });
});

describe('settings', () => {
  it.each<readonly [Partial<RetryOptions>, string, RegExp]>([
    [{ maxAttempts: 0 }, 'retry.maxAttempts', /from 1 up/],
    [{ maxAttempts: 1.5 }, 'retry.maxAttempts', /from 1 up/],
    [{ multiplier: 0.5 }, 'retry.multiplier', /from 1 up/],
    [{ maxDelayMs: -1 }, 'retry.maxDelayMs', /0 or more/],
    [{ initialDelayMs: -1 }, 'retry.initialDelayMs', /from 0 to maxDelayMs, which is 30000/],
    [{ initialDelayMs: 2000, maxDelayMs: 1000 }, 'retry.initialDelayMs', /from 0 to maxDelayMs, which is 1000/],
    [{ initialDelayMs: Number.NaN }, 'retry.initialDelayMs', /from 0/],
  ])('%o are refused, naming %s and what is accepted', (options, argument, accepted) => {
    expect(() => checkRetry({ ...RETRY_DEFAULTS, ...options })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: expect.objectContaining({ argument, accepted: expect.stringMatching(accepted) }),
      }),
    );
  });

  it.each<Partial<RetryOptions>>([
    {},
    { maxAttempts: 1, multiplier: 1, initialDelayMs: 0, maxDelayMs: 0 },
    { initialDelayMs: RETRY_DEFAULTS.maxDelayMs },
  ])('have defaults that are accepted, and are up to their bounds: %o', (options) => {
    expect(() => checkRetry({ ...RETRY_DEFAULTS, ...options })).not.toThrow();
  });
});
