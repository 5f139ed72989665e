import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Activity,
  type ActivityEntry,
  anonymous,
  causesOf,
  createStores,
  describeFailure,
  type Observer,
  observeOperation,
  parseRegistryReference,
  parseTag,
  type RegistryReference,
  readVerified,
  type Stores,
  startTelemetry,
  TelemetryRelay,
} from '../../../src/oci/index.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { Recorder } from '../../views/support/recorder.ts';

let registry: TestRegistry;
let activity: Activity;
let observer: Observer;
let stores: Stores;
let log: Recorder;
let clock: number;
beforeEach(async () => {
  registry = await startRegistry();
  clock = 1_000_000;
  activity = new Activity({
    describe: (error) => ({ ...describeFailure(error), causes: causesOf(error) }),
    now: () => clock,
  });
  const telemetry = new TelemetryRelay();
  telemetry.listen(activity);
  log = new Recorder();
  const logger = activity.keeping(log);
  observer = { telemetry, logger };
  stores = createStores({
    engine: 'undici',
    credentials: anonymous,
    userAgent: 'test',
    retry: { initialDelayMs: 0, maxDelayMs: 0 },
    ...observer,
  });
});
afterEach(async () => {
  await stores.close();
  await registry.close();
});

const last = (): ActivityEntry => activity.entries[0] ?? expect.fail('nothing was done');

function orders(): RegistryReference {
  return parseRegistryReference(`${registry.host}/team/orders`);
}

async function push(): Promise<void> {
  const graph = artifact(1, { layers: 1, size: 10_000 });
  await observeOperation(observer, 'push', async (tell) => {
    tell({ registry: registry.host, repository: 'team/orders', tag: 'v1' });
    await putGraph(await stores.repository(orders()), graph, 'v1');
  });
}

describe('what was done', () => {
  it('is there with its bytes, its requests, and what was logged at every level', async () => {
    await push();
    expect(last()).toMatchObject({
      id: 1,
      operation: 'push',
      state: 'success',
      duration: 0,
      retries: 0,
      failure: undefined,
      facts: { 'oci.operation': 'push', 'oci.registry': registry.host, 'oci.tag': 'v1' },
    });
    expect(last().sent).toBeGreaterThan(10_000);
    expect(last().requests).toBe(registry.requests().length);
    const events = last().lines.map(({ level, event }) => `${level} ${event}`);
    expect(events).toEqual(expect.arrayContaining(['info push_started', 'trace http_request', 'info push_completed']));
    expect(log.lines.length).toBe(last().lines.length);
  });

  it('counts what comes back, and what was sent once more', async () => {
    await push();
    registry.fail({ path: /manifests/, times: 1, fault: { kind: 'status', status: 503 } });
    await observeOperation(observer, 'pull', async () => {
      const repository = await stores.open(orders());
      await readVerified(repository, await repository.resolve(parseTag('v1')));
    });
    expect(last()).toMatchObject({ id: 2, operation: 'pull', state: 'success', retries: 1, sent: 0 });
    expect(last().received).toBeGreaterThan(100);
  });

  it('shows what runs first, and how long it took when it has ended', async () => {
    const gate = Promise.withResolvers<void>();
    const running = observeOperation(observer, 'mirror', () => gate.promise);
    await push();
    expect(activity.entries.map(({ operation, state }) => `${operation} ${state}`)).toEqual([
      'mirror running',
      'push success',
    ]);
    expect(last().duration).toBeUndefined();
    clock += 1234;
    gate.resolve();
    await running;
    expect(activity.entries.find(({ operation }) => operation === 'mirror')).toMatchObject({
      state: 'success',
      duration: 1234,
    });
  });

  it('that failed keeps why, with what lay underneath, also when fifty others have come', async () => {
    await registry.close();
    const failing = observeOperation(observer, 'list', async () => {
      for await (const _ of (await stores.open(orders())).tags()) expect.fail('there is nobody to list any');
    });
    await expect(failing).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(last()).toMatchObject({
      state: 'failure',
      failure: { code: 'REGISTRY_UNAVAILABLE', causes: [expect.stringContaining('ECONNREFUSED')] },
    });
    for (let count = 0; count < 60; count++) await observeOperation(observer, 'resolve', async () => {});
    expect(activity.entries).toHaveLength(50);
    expect(activity.entries.some(({ state }) => state === 'failure')).toBe(false);
    expect(activity.failures).toMatchObject([{ operation: 'list', state: 'failure' }]);
  });

  it('that was cancelled is no failure', async () => {
    const abort = new AbortController();
    registry.fail({
      fault: () => {
        abort.abort();
        return { kind: 'delay', milliseconds: 60_000 };
      },
    });
    const { signal } = abort;
    const cancelled = observeOperation(observer, 'resolve', async () =>
      (await stores.open(orders())).resolve(parseTag('v1'), { signal }),
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(last().state).toBe('cancelled');
    expect(activity.failures).toEqual([]);
    expect([...activity.samples.values()].flat().filter(({ isFailed }) => isFailed)).toEqual([]);
  });

  it('as a part of something else is not told by itself', async () => {
    await observeOperation(observer, 'copy', () => observeOperation(observer, 'inspect', async () => {}));
    expect(activity.entries.map(({ operation }) => operation)).toEqual(['copy']);
  });

  it('keeps the beginning and the end of what was logged, of very many lines', async () => {
    await observeOperation(observer, 'list', async () => {
      for (let count = 0; count < 500; count++) observer.logger.debug('step', { count });
    });
    const { lines } = last();
    expect(lines).toHaveLength(200);
    expect(lines[0]?.fields).toEqual({ count: 0 });
    expect(lines.at(-1)?.event).toBe('list_completed');
  });
});

describe('how a registry has answered', () => {
  it('is kept for its last requests, failed or not', async () => {
    await push();
    registry.fail({ path: /manifests/, fault: { kind: 'status', status: 503 } });
    const repository = await stores.open(orders());
    await expect(repository.resolve(parseTag('v1'))).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    const samples = activity.samples.get(registry.host) ?? [];
    expect(samples.slice(-3).map(({ isFailed }) => isFailed)).toEqual([true, true, true]);
    expect(samples.slice(0, -3).every(({ isFailed }) => !isFailed)).toBe(true);
    expect(samples.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
  });

  it('that says no has answered', async () => {
    const repository = await stores.open(orders());
    await expect(repository.resolve(parseTag('none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(activity.samples.get(registry.host)?.map(({ isFailed }) => isFailed)).toEqual([false]);
  });
});

describe('a relay', () => {
  it('tells all who listen the same, and who comes later what is to be watched', async () => {
    const telemetry = observer.telemetry as TelemetryRelay;
    telemetry.watch('floe_oci_cache_entries_count', async () => [{ value: 7, facts: {} }]);
    const running = await startTelemetry({ settings: { resource: {}, sampled: 1 }, onFailure: () => {} });
    const leave = telemetry.listen(running.telemetry);
    await push();
    const text = await running.prometheus();
    expect(text).toContain('floe_oci_cache_entries_count 7\n');
    const counted = new RegExp(
      `^floe_oci_transferred_bytes_total\\{direction="upload",registry="${registry.host}"\\} (\\d+)$`,
      'm',
    );
    expect(Number(counted.exec(text)?.[1])).toBe(last().sent);
    leave();
    await push();
    expect(await running.prometheus()).toBe(text);
    await running.end();
  });

  it('gives the ids of whoever has any to the log', async () => {
    const telemetry = observer.telemetry as TelemetryRelay;
    expect(await observeOperation(observer, 'list', async () => telemetry.ids)).toBeUndefined();
    const running = await startTelemetry({ settings: { resource: {}, sampled: 1 }, onFailure: () => {} });
    telemetry.listen(running.telemetry);
    const ids = await observeOperation(observer, 'list', async () => telemetry.ids);
    expect(ids?.traceId).toMatch(/^[0-9a-f]{32}$/);
    await running.end();
  });
});
