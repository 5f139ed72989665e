import { beforeEach, describe, expect, it } from 'vitest';
import { cancelled, OciError } from '../../../src/oci/errors.ts';
import type { Logger } from '../../../src/oci/telemetry/logger.ts';
import { Availability, type AvailabilityChange } from '../../../src/oci/transport/availability.ts';
import { CIRCUIT_BREAKER_DEFAULTS } from '../../../src/oci/transport/breaker.ts';
import { guarded } from '../../../src/oci/transport/guard.ts';
import { RETRY_DEFAULTS, retrying } from '../../../src/oci/transport/retry.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from '../../../src/oci/transport/transport.ts';
import { failure } from '../../support/failure.ts';
import { VirtualClock } from '../../support/simulation/virtualClock.ts';

const url = new URL('https://registry.example/v2/');
const get: HttpRequest = { method: 'GET', url };
const put: HttpRequest = { method: 'PUT', url, body: { size: 0, open: async function* () {} } };

/** A status, a failure, or a body that fails. */
type Outcome = number | Error | { readonly body: Error };

let clock: VirtualClock;
let log: string[];
let changes: AvailabilityChange[];
let availability: Availability;
/** What comes next; 200 when there is nothing left. */
let script: Outcome[];
let sent: number;
beforeEach(() => {
  clock = new VirtualClock();
  log = [];
  changes = [];
  const note = (event: string): void => void log.push(event);
  const logger: Logger = { trace: note, debug: note, info: note, warn: note, error: note };
  availability = new Availability({ clock, logger });
  availability.onChange((change) => changes.push(change));
  script = [];
  sent = 0;
});

const unavailable = (): Error =>
  new OciError('REGISTRY_UNAVAILABLE', 'gone', { registry: url.host, reason: 'gone', status: null });

const scripted: Transport = {
  async send(request): Promise<HttpResponse> {
    sent++;
    const outcome = script.shift() ?? 200;
    if (outcome instanceof Error) throw outcome;
    const body = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('body');
      if (typeof outcome === 'object') throw outcome.body;
    };
    const status = typeof outcome === 'number' ? outcome : 200;
    return { status, headers: new Map(), url: request.url, body: body(), discard: async () => {} };
  },
  close: async () => {},
};

function guard(options: Partial<typeof CIRCUIT_BREAKER_DEFAULTS> = {}, inner: Transport = scripted): Transport {
  const hosts = { availability, nameOf: ({ host }: URL) => host };
  return guarded(inner, { ...CIRCUIT_BREAKER_DEFAULTS, failureThreshold: 2, ...options }, hosts);
}

/** Sends and reads to the end, however that ends. */
async function exchange(transport: Transport, request = get, options: SendOptions = {}): Promise<string | number> {
  try {
    const response = await transport.send(request, options);
    for await (const _ of response.body);
    return response.status;
  } catch (error) {
    return (error as OciError).code;
  }
}

const state = (): string => availability.breaker(url.host).state;
const failures = (): number => availability.breaker(url.host).failures;

describe('a request counts as failed', () => {
  it.each<readonly [string, Outcome]>([
    ['without an answer', unavailable()],
    ['with 408', 408],
    ['with 429', 429],
    ['with 500', 500],
    ['with 503', 503],
    ['with a body that breaks off', { body: unavailable() }],
  ])('%s', async (_, outcome) => {
    script = [outcome];
    await exchange(guard());
    expect(failures()).toBe(1);
  });

  it('once, after all its attempts, and not at all when one of them goes right', async () => {
    const transport = guard({}, retrying(scripted, RETRY_DEFAULTS, { availability, nameOf: ({ host }) => host }));
    script = [503, 503, 503];
    expect(await clock.run(() => exchange(transport))).toBe(503);
    expect([sent, failures()]).toEqual([3, 1]);
    script = [503, unavailable()];
    expect(await clock.run(() => exchange(transport))).toBe(200);
    expect([sent, failures()]).toEqual([6, 0]);
  });
});

describe('a request does not count as failed', () => {
  it.each<readonly [string, Outcome]>([
    ...[200, 201, 202, 204, 206, 304, 307, 400, 401, 403, 404, 405, 409, 412, 416, 501].map(
      (status) => [`with ${status}`, status] as const,
    ),
    ['when it was cancelled', cancelled()],
    ['when its body was cancelled', { body: cancelled() }],
    ['for TLS', new OciError('TLS_FAILED', 'x', { registry: 'x', reason: 'x' })],
    ['for what it sends', new OciError('SIZE_MISMATCH', 'x', { digest: 'x', expected: 1, actual: 2 })],
  ])('%s', async (_, outcome) => {
    script = [outcome];
    await exchange(guard());
    expect(failures()).toBe(0);
  });

  it('when whoever sent it repeats it', async () => {
    const transport = guard();
    script = [503, unavailable(), { body: unavailable() }];
    expect(await exchange(transport, put, { isLastAttempt: false })).toBe(503);
    expect(await exchange(transport, put, { isLastAttempt: false })).toBe('REGISTRY_UNAVAILABLE');
    expect(await exchange(transport, get, { isLastAttempt: false })).toBe('REGISTRY_UNAVAILABLE');
    expect(failures()).toBe(0);
    script = [503];
    await exchange(transport, put);
    expect(failures()).toBe(1);
  });

  it('but a GET without an answer does: what could be repeated has been', async () => {
    script = [unavailable()];
    await exchange(guard(), get, { isLastAttempt: false });
    expect(failures()).toBe(1);
  });
});

describe('an open circuit', () => {
  it('answers at once, sends nothing, and says when it is tried again', async () => {
    const transport = guard();
    script = [503, 503];
    await exchange(transport);
    await exchange(transport);
    const error = transport.send(get);
    await expect(error).rejects.toEqual(
      failure('CIRCUIT_OPEN', { registry: url.host, failures: 2, retryAt: '1970-01-01T00:01:00.000Z' }),
    );
    expect(sent).toBe(2);
  });

  it('concerns one host', async () => {
    const transport = guard({ failureThreshold: 1 });
    script = [503];
    await exchange(transport);
    expect(await exchange(transport)).toBe('CIRCUIT_OPEN');
    expect(await exchange(transport, { ...get, url: new URL('https://storage.example/') })).toBe(200);
  });

  it('is open for every transport of the process', async () => {
    script = [503];
    await exchange(guard({ failureThreshold: 1 }));
    expect(await exchange(guard({ failureThreshold: 1 }))).toBe('CIRCUIT_OPEN');
  });

  it('lets one request through after its time, rejects others meanwhile, and closes when it is answered', async () => {
    const gate = Promise.withResolvers<void>();
    const slow: Transport = {
      ...scripted,
      send: async (request, options) => {
        if (sent > 0) await gate.promise;
        return scripted.send(request, options);
      },
    };
    const transport = guard({ failureThreshold: 1 }, slow);
    script = [503];
    await exchange(transport);
    await clock.pass(60_000);
    const probe = exchange(transport);
    expect(await exchange(transport)).toBe('CIRCUIT_OPEN');
    gate.resolve();
    expect([await probe, state()]).toEqual([200, 'closed']);
    expect(log).toEqual(['circuit_opened', 'circuit_half_open', 'circuit_closed']);
  });

  it('opens again when trying fails', async () => {
    const transport = guard({ failureThreshold: 1 });
    script = [503, 503];
    await exchange(transport);
    await clock.pass(60_000);
    expect(await exchange(transport)).toBe(503);
    expect(await exchange(transport)).toBe('CIRCUIT_OPEN');
    expect(log.at(-1)).toBe('circuit_reopened');
  });

  it('gets its place to try back from a request that is cancelled', async () => {
    const transport = guard({ failureThreshold: 1 });
    script = [503, cancelled()];
    await exchange(transport);
    await clock.pass(60_000);
    expect(await exchange(transport)).toBe('CANCELLED');
    expect([await exchange(transport), state()]).toEqual([200, 'closed']);
  });
});

describe('a circuit', () => {
  it('is seen by whoever listens, and by whoever looks', async () => {
    const transport = guard({ failureThreshold: 1 });
    script = [503];
    await exchange(transport);
    const circuit = { registry: url.host, state: 'open', failures: 1, retryAt: '1970-01-01T00:01:00.000Z' };
    expect(changes).toEqual([{ kind: 'circuit', change: 'opened', circuit }]);
    expect(availability.circuits).toEqual([circuit]);
  });

  it('that is switched off is never open', async () => {
    const transport = guard({ enabled: false, failureThreshold: 1 });
    script = [503, 503, 503];
    for (let time = 0; time < 3; time++) expect(await exchange(transport)).toBe(503);
    expect(availability.circuits).toEqual([]);
  });
});
