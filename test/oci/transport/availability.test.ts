import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/oci/telemetry/logger.ts';
import { type ReadGauge, silentTelemetry, type Telemetry } from '../../../src/oci/telemetry/telemetry.ts';
import {
  Availability,
  type AvailabilityChange,
  type Hosts,
  ownHosts,
} from '../../../src/oci/transport/availability.ts';
import { CIRCUIT_BREAKER_DEFAULTS } from '../../../src/oci/transport/breaker.ts';
import { guarded } from '../../../src/oci/transport/guard.ts';
import { limited } from '../../../src/oci/transport/limit.ts';
import { RETRY_DEFAULTS, retrying } from '../../../src/oci/transport/retry.ts';
import type { HttpResponse, Transport } from '../../../src/oci/transport/transport.ts';
import { failure } from '../../support/failure.ts';
import { VirtualClock } from '../../support/simulation/virtualClock.ts';

let clock: VirtualClock;
let changes: AvailabilityChange[];
let hosts: Hosts;
let sent: string[];
let answers: (readonly [status: number, retryAfter: string])[];
let transport: Transport;
beforeEach(() => {
  clock = new VirtualClock();
  changes = [];
  hosts = { availability: new Availability({ clock }), nameOf: ({ host }) => host };
  hosts.availability.onChange((change) => changes.push(change));
  sent = [];
  answers = [];
  const placed = limited(engine, 3, hosts, RETRY_DEFAULTS.maxDelayMs);
  transport = guarded(retrying(placed, { ...RETRY_DEFAULTS, jitter: false }, hosts), CIRCUIT_BREAKER_DEFAULTS, hosts);
});

const engine: Transport = {
  async send({ url }): Promise<HttpResponse> {
    sent.push(`${clock.now()} ${url.host}${url.pathname}`);
    const [status, after] = answers.shift() ?? [200, ''];
    await clock.sleep(10);
    const headers = new Map(after === '' ? [] : [['retry-after', after]]);
    return { status, headers, url, body: (async function* () {})(), discard: async () => {} };
  },
  close: async () => {},
};

async function get(path: string, signal?: AbortSignal): Promise<number> {
  const url = new URL(`https://${path}`);
  const response = await transport.send({ method: 'GET', url }, signal ? { signal } : {});
  await response.discard();
  return response.status;
}

describe('a host that asks for patience', () => {
  it.each([
    ['20', 'seconds'],
    ['Thu, 01 Jan 1970 00:00:20 GMT', 'a date'],
  ])('with %s gets nothing until then (%s)', async (after) => {
    answers = [[429, after]];
    const work = async (): Promise<readonly number[]> => {
      const first = get('busy.example/1');
      await clock.sleep(20);
      return Promise.all([first, get('busy.example/2'), get('idle.example/3')]);
    };
    expect(await clock.run(work)).toEqual([200, 200, 200]);
    const again = after === '20' ? 20_010 : 20_000;
    expect(sent.slice(0, 2)).toEqual(['0 busy.example/1', '20 idle.example/3']);
    expect(sent.slice(2).toSorted()).toEqual([`${again} busy.example/1`, `${again} busy.example/2`]);
  });

  it('gets nothing from those who were waiting for a place either', async () => {
    answers = [
      [429, '5'],
      [429, '5'],
      [429, '5'],
    ];
    await clock.run(() => Promise.all(['1', '2', '3', '4', '5'].map((name) => get(`busy.example/${name}`))));
    expect(sent.filter((line) => !line.startsWith('0 '))).toHaveLength(5);
    for (const line of sent.slice(3)) expect(Number(line.split(' ')[0])).toBeGreaterThanOrEqual(5010);
  });

  it('is seen to be paused, until when and why, and then no more', async () => {
    answers = [[503, '20']];
    const work = async (): Promise<void> => {
      const first = get('busy.example/1');
      await clock.sleep(20);
      expect(hosts.availability.pauses).toEqual([pause]);
      await first;
    };
    const pause = {
      host: 'busy.example',
      until: '1970-01-01T00:00:20.010Z',
      reason: 'it answered 503 and asked to wait',
    };
    await clock.run(work);
    expect(changes).toEqual([{ kind: 'pause', pause }]);
    expect(hosts.availability.pauses).toEqual([]);
  });

  it('for just the longest delay is waited for', async () => {
    hosts.availability.pause('busy.example', RETRY_DEFAULTS.maxDelayMs, 'x');
    answers = [[429, '30']];
    expect(await clock.run(() => get('busy.example/1'))).toBe(200);
    expect(sent).toEqual(['30000 busy.example/1', '60010 busy.example/1']);
  });

  it('for longer than the longest delay is not waited for, nor asked before', async () => {
    answers = [[429, '31']];
    expect(await clock.run(() => get('busy.example/1'))).toBe(429);
    expect(hosts.availability.pauses).toMatchObject([{ host: 'busy.example', until: '1970-01-01T00:00:31.010Z' }]);
    await expect(get('busy.example/2')).rejects.toEqual(
      failure('REGISTRY_UNAVAILABLE', { registry: 'busy.example', status: null, retryAfterSeconds: 31 }),
    );
    await clock.run(() => clock.sleep(1500));
    expect(await clock.run(() => get('busy.example/3'))).toBe(200);
    expect(sent).toHaveLength(2);
  });

  it('for longer than the longest delay is not waited for by those who wait for a place either', async () => {
    answers = [
      [429, '3600'],
      [429, '3600'],
      [429, '3600'],
    ];
    const names = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
    const asked = names.map((name) => get(`busy.example/${name}`).catch((error: unknown) => error));
    const ends = await clock.run(() => Promise.all(asked));
    expect(clock.now()).toBeLessThan(1000);
    expect(ends.slice(3)).toEqual(ends.slice(3).map(() => failure('REGISTRY_UNAVAILABLE', { status: null })));
    // The host has not failed: nobody asked.
    expect(hosts.availability.circuits).toMatchObject([{ state: 'closed' }]);
  });

  it('for a day is asked again after an hour', async () => {
    answers = [[429, '86400']];
    await clock.run(() => get('busy.example/1'));
    expect(hosts.availability.pauses).toMatchObject([{ until: '1970-01-01T01:00:00.010Z' }]);
  });

  it('does not hold those who are cancelled', async () => {
    answers = [[429, '20']];
    const abort = new AbortController();
    const work = async (): Promise<void> => {
      const first = get('busy.example/1', abort.signal).catch((error: unknown) => error);
      await clock.sleep(20);
      const second = get('busy.example/2', abort.signal).catch((error: unknown) => error);
      await clock.sleep(20);
      abort.abort();
      expect([await first, await second]).toEqual([failure('CANCELLED'), failure('CANCELLED')]);
      expect(clock.now()).toBe(40);
    };
    await clock.run(work);
    expect(sent).toHaveLength(1);
  });

  it('is not paused for less by a later, shorter wish, nor again by the same', () => {
    hosts.availability.pause('busy.example', 5000, 'long');
    hosts.availability.pause('busy.example', 5000, 'the same');
    hosts.availability.pause('busy.example', 1000, 'short');
    expect(hosts.availability.pauseLeft('busy.example')).toBe(5000);
    expect(hosts.availability.pauseOf('busy.example')?.reason).toBe('long');
    expect(hosts.availability.pauseOf('idle.example')).toBeUndefined();
    expect(changes).toHaveLength(1);
  });

  it('is not paused where no time is asked for, and is told of in the log', () => {
    const said: unknown[] = [];
    const logger = { ...silentLogger, info: (...line: readonly unknown[]) => void said.push(line) };
    const availability = new Availability({ clock, logger });
    availability.pause('busy.example', 0, 'none');
    availability.pause('busy.example', -1, 'less');
    expect([availability.pauses, said]).toEqual([[], []]);
    availability.pause('busy.example', 1, 'some');
    expect(said).toEqual([
      ['host_paused', { host: 'busy.example', until: '1970-01-01T00:00:00.001Z', reason: 'some' }],
    ]);
  });

  it('is paused no more at the moment that it asked for', async () => {
    hosts.availability.pause('busy.example', 1000, 'x');
    await clock.run(() => clock.sleep(999));
    expect(hosts.availability.pauses).toHaveLength(1);
    await clock.run(() => clock.sleep(1));
    expect(hosts.availability.pauses).toEqual([]);
    expect(hosts.availability.pauseLeft('busy.example')).toBe(0);
  });
});

it('a listener that has left hears nothing', () => {
  const heard: AvailabilityChange[] = [];
  hosts.availability.onChange((change) => heard.push(change))();
  hosts.availability.pause('busy.example', 1, 'x');
  expect(heard).toEqual([]);
});

describe('a host that does not answer', () => {
  const down = async (): Promise<void> => {
    answers = Array.from({ length: 15 }, () => [503, ''] as const);
    for (let i = 0; i < 5; i++) await clock.run(() => get('down.example/1'));
  };

  it('is tried again by the next request when somebody wants to know', async () => {
    await down();
    await expect(get('down.example/1')).rejects.toEqual(failure('CIRCUIT_OPEN'));
    hosts.availability.tryNow('other.example');
    hosts.availability.tryNow('down.example');
    expect(await clock.run(() => get('down.example/1'))).toBe(200);
    expect(hosts.availability.circuits).toEqual([
      { registry: 'down.example', state: 'closed', failures: 0, retryAt: null },
    ]);
  });

  it('is counted, with the state of its circuit, for whoever measures', async () => {
    const gauges = new Map<string, ReadGauge>();
    const telemetry: Telemetry = {
      ...silentTelemetry,
      watch: (name, read) => {
        gauges.set(name, read);
      },
    };
    const said: string[] = [];
    const logger = {
      ...silentLogger,
      info: (event: string) => {
        said.push(`info ${event}`);
      },
      warn: (event: string) => {
        said.push(`warn ${event}`);
      },
    };
    hosts = { ...hosts, availability: new Availability({ clock, telemetry, logger }) };
    transport = guarded(engine, CIRCUIT_BREAKER_DEFAULTS, hosts);
    answers = Array.from({ length: 5 }, () => [503, ''] as const);
    const read = () => [...gauges].map(([name, readings]) => [name, readings()]);
    for (let i = 0; i < 5; i++) await clock.run(() => get('down.example/1'));
    const facts = { registry: 'down.example' };
    expect(read()).toEqual([
      ['floe_oci_circuit_breaker_state', [{ value: 1, facts }]],
      ['floe_oci_circuit_breaker_failures', [{ value: 5, facts }]],
    ]);
    hosts.availability.tryNow('down.example');
    await clock.run(() => get('down.example/1'));
    expect(read()).toEqual([
      ['floe_oci_circuit_breaker_state', [{ value: 0, facts }]],
      ['floe_oci_circuit_breaker_failures', [{ value: 0, facts }]],
    ]);
    expect(said).toEqual(['warn circuit_opened', 'info circuit_half_open', 'info circuit_closed']);
  });
});

it('a layer on its own knows a host by its name and port, and nothing of others', () => {
  const { nameOf, availability } = ownHosts();
  expect(nameOf(new URL('https://r.example:5000/v2/'))).toBe('r.example:5000');
  availability.pause('r.example', 1000, 'x');
  expect(ownHosts().availability.pauses).toEqual([]);
});
