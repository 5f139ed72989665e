import { appendFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeFailure, type RunningTelemetry, startTelemetry } from '../../../src/oci/index.ts';
import { Availability } from '../../../src/oci/transport/availability.ts';
import { CIRCUIT_BREAKER_DEFAULTS } from '../../../src/oci/transport/breaker.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { limited } from '../../../src/oci/transport/limit.ts';
import { artifact } from '../../support/artifacts.ts';
import { serve, settled } from '../../support/transportServer.ts';
import { blobFile, HOUR, publish, pull, setUp } from '../cache/support/caches.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function running(): Promise<RunningTelemetry> {
  const made = await startTelemetry({ settings: { resource: {}, sampled: 1 }, onFailure: () => {} });
  cleanup.push(() => made.end());
  return made;
}

it('nothing is registered for others', async () => {
  await running();
  expect(
    Object.getOwnPropertySymbols(globalThis)
      .map(String)
      .filter((name) => name.includes('opentelemetry')),
  ).toEqual([]);
});

it('the queue of a host is as long as many wait', async () => {
  const { telemetry, prometheus } = await running();
  const waiting: ServerResponse[] = [];
  const server = await serve((_, response) => void waiting.push(response));
  cleanup.push(() => server.close());
  const hosts = { availability: new Availability(), nameOf: () => 'registry', telemetry };
  const transport = limited(createUndiciTransport({ timeoutSeconds: 10 }), 3, hosts);
  cleanup.push(() => transport.close());
  const url = new URL('/v2/a/tags/list', server.url);
  const sent = Array.from({ length: 5 }, async () => (await transport.send({ method: 'GET', url })).discard());
  // The first takes its time: the client is loaded for it.
  await vi.waitFor(() => expect(waiting).toHaveLength(3), 10_000);
  expect(await settled(() => waiting.length)).toBe(3);
  expect(await prometheus()).toContain('floe_oci_queue_length{registry="registry"} 2\n');
  while (waiting.length > 0) {
    for (const response of waiting.splice(0)) response.end();
    await settled(() => waiting.length);
  }
  await Promise.all(sent);
  expect(await prometheus()).toContain('floe_oci_queue_length{registry="registry"} 0\n');
});

it('a circuit is read as it is: closed, open, half-open', async () => {
  const { telemetry, prometheus } = await running();
  const availability = new Availability({ telemetry });
  const breaker = availability.breaker('registry');
  const options = { ...CIRCUIT_BREAKER_DEFAULTS, failureThreshold: 2, recoveryTimeoutMs: 60_000 };
  breaker.admit(options)?.failed();
  expect(await prometheus()).toContain('floe_oci_circuit_breaker_state{registry="registry"} 0\n');
  breaker.admit(options)?.failed();
  const text = await prometheus();
  expect(text).toContain('floe_oci_circuit_breaker_state{registry="registry"} 1\n');
  expect(text).toContain('floe_oci_circuit_breaker_failures{registry="registry"} 2\n');
  breaker.tryNow();
  const trial = breaker.admit(options);
  expect(await prometheus()).toContain('floe_oci_circuit_breaker_state{registry="registry"} 2\n');
  trial?.completed();
  const closed = await prometheus();
  expect(closed).toContain('floe_oci_circuit_breaker_state{registry="registry"} 0\n');
  expect(closed).toContain('floe_oci_circuit_breaker_failures{registry="registry"} 0\n');
});

it('a cache counts what it misses, finds, lets expire, repairs and evicts', async () => {
  const { telemetry, prometheus } = await running();
  const [first, second] = [artifact(1, { layers: 1, size: 10_000 }), artifact(2, { layers: 1, size: 10_000 })];
  const { remote, repository, clock, path } = await setUp({ telemetry, ttlHours: 2, maxSizeBytes: 15_000 });
  publish(remote, first, 'latest');
  publish(remote, second, 'v2');
  const count = async (operation: string): Promise<number> => {
    const line = new RegExp(`^floe_oci_cache_operations_total\\{operation="${operation}"\\} (\\d+)$`, 'm');
    return Number(line.exec(await prometheus())?.[1] ?? 0);
  };
  await pull(repository(), 'latest', first);
  expect(await count('miss')).toBeGreaterThan(0);
  expect(await Promise.all(['expire', 'repair', 'evict'].map(count))).toEqual([0, 0, 0]);
  const hits = await count('hit');
  clock.now += 2 * HOUR;
  await pull(repository(), 'latest', first);
  expect(await count('hit')).toBeGreaterThan(hits);
  expect(await count('expire')).toBe(1);
  await appendFile(blobFile(path, first.contents[1]?.descriptor ?? expect.fail()), 'more');
  await pull(repository(), 'latest', first);
  expect(await count('repair')).toBe(1);
  clock.now += HOUR / 2;
  await pull(repository(), 'v2', second);
  expect(await count('evict')).toBe(1);
});

it('labels hold whatever a name holds', async () => {
  const { telemetry, prometheus } = await running();
  telemetry.count('floe_oci_retries_total', { registry: 'a"b\\c\nd' });
  expect(await prometheus()).toContain('floe_oci_retries_total{registry="a\\"b\\\\c\\nd"} 1\n');
});

describe('a failure', () => {
  it('is described by its code, without secrets', () => {
    const error = Object.assign(new Error('GET https://u:p@h/x?sig=abc failed'), { code: 'ECONNRESET' });
    expect(describeFailure(error)).toEqual({ code: 'ECONNRESET', message: 'GET https://h/x?sig=*** failed' });
  });
});
