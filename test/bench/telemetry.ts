// What telemetry costs; needs nothing built:
//     node test/bench/telemetry.ts [ROUNDS]
// Ends with 0 when the targets are met.
import './unbuiltVersion.ts';

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CacheSource } from '../../src/oci/cache/cachedRepository.ts';
import { MemoryStore } from '../../src/oci/content/memoryStore.ts';
import {
  anonymous,
  Cache,
  createStores,
  exportSettingsFrom,
  type Observer,
  observeOperation,
  parseRegistryReference,
  parseRepositoryName,
  readManifest,
  readVerified,
  type Stores,
  silentLogger,
  silentTelemetry,
  startTelemetry,
  type Telemetry,
} from '../../src/oci/index.ts';
import { artifact, putGraph, tagOf } from '../support/artifacts.ts';
import { median } from './measure.ts';

/** Shares of what the same costs without. */
export interface TelemetryFigures {
  /** What a hit in the cache pays for being watched by nobody. */
  readonly hitWhenOff: number;
  /** What small pulls from a registry in the same region pay for traces and numbers that are sent, in time. */
  readonly pullsWhenOn: number;
  /** Milliseconds of the processor that one such pull takes, and how many more with export. */
  readonly processorMs: { readonly pull: number; readonly export: number };
}

/** What is asked of them on any machine that does nothing else. */
const TARGETS = { hitWhenOff: 0.01, pullsWhenOn: 0.03 } as const;

const TAG = 'v1.0.0';
/** In a round. */
const PULLS = 125;

export async function telemetryCost(rounds: number): Promise<TelemetryFigures> {
  return { hitWhenOff: await hitWhenOff(), ...(await pullsWhenOn(rounds)) };
}

/** Milliseconds: how long it takes, and how long the processor is busy with it, in all threads. */
async function timed(task: () => Promise<void>): Promise<{ readonly elapsed: number; readonly busy: number }> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(cpu);
  return { elapsed: performance.now() - began, busy: (user + system) / 1000 };
}

/** The calls of a hit, as often as they are made, beside the hit itself. */
async function hitWhenOff(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'telemetry-cost-'));
  const graph = artifact(1, { size: 64 * 1024 });
  const origin = new MemoryStore();
  await putGraph(origin, graph, TAG);
  const source = Object.assign(origin, {
    revalidate: async (reference: Parameters<MemoryStore['resolve']>[0]) => ({
      descriptor: await origin.resolve(reference),
    }),
  }) as CacheSource;
  const place = { registry: 'registry.example', repository: parseRepositoryName('team/bench') };
  let calls = 0;
  const counting: Telemetry = {
    ...silentTelemetry,
    span: (...call) => {
      calls++;
      return silentTelemetry.span(...call);
    },
    stream: (...call) => {
      calls++;
      return silentTelemetry.stream(...call);
    },
    count: () => void calls++,
    record: () => void calls++,
  };
  const hits = async (cache: Cache, times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      const store = cache.repository(place, source);
      await observeOperation({ telemetry: cache.telemetry, logger: silentLogger }, 'pull', async (tell) => {
        tell({ registry: place.registry, repository: place.repository, tag: TAG });
        await store.resolve(tagOf(TAG));
        for (const { descriptor } of graph.contents) for await (const _ of store.read(descriptor));
      });
    }
  };
  try {
    const counted = new Cache({ path: folder, isImmutable: () => true, telemetry: counting });
    await hits(counted, 1);
    calls = 0;
    await hits(counted, 1);
    await counted.close();
    const cache = new Cache({ path: folder, isImmutable: () => true });
    await hits(cache, 100);
    const times = 500;
    const perHit = (await timed(() => hits(cache, times))).busy / times;
    await cache.close();
    const made = 200_000;
    const calling = await timed(async () => {
      for (let call = 0; call < made; call++) {
        await silentTelemetry.span('floe.oci.cache', { 'oci.registry': '' }, async () => {});
      }
    });
    const perCall = calling.busy / made;
    return (calls * perCall) / perHit;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Pulls with and without, in turn, so that whatever else the machine does happens to both. */
async function pullsWhenOn(rounds: number): Promise<Omit<TelemetryFigures, 'hitWhenOff'>> {
  const peer = fork(join(import.meta.dirname, 'telemetryPeer.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ registry, collector }] = (await once(peer, 'message')) as [{ registry: string; collector: string }];
  const { settings } = exportSettingsFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: collector });
  const fail = (reason: string): never => {
    throw new Error(`nothing was measured: ${reason}`);
  };
  const running = await startTelemetry({ settings, onFailure: fail });
  const reference = parseRegistryReference(`${registry}/team/bench`);
  const storesOf = (telemetry: Telemetry): Stores =>
    createStores({ engine: 'undici', credentials: anonymous, logger: silentLogger, telemetry, userAgent: 'bench' });
  const sides = [silentTelemetry, running.telemetry].map((telemetry) => ({
    stores: storesOf(telemetry),
    observer: { telemetry, logger: silentLogger } satisfies Observer,
  }));
  const pulls = async ({ stores, observer }: (typeof sides)[number], times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      await observeOperation(observer, 'pull', async (tell) => {
        tell({ registry, repository: reference.repository, tag: TAG });
        const store = await stores.open(reference);
        const { manifest } = await readManifest(store, await store.resolve(tagOf(TAG)));
        for (const layer of 'layers' in manifest ? manifest.layers : []) await readVerified(store, layer);
      });
    }
  };
  try {
    const [off, on] = sides as [(typeof sides)[number], (typeof sides)[number]];
    await putGraph(await off.stores.repository(reference), artifact(1, { layers: 1, size: 1024 }), TAG);
    for (const side of sides) await pulls(side, PULLS);
    const shares: number[] = [];
    const busy: { readonly without: number; readonly more: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const without = await timed(() => pulls(off, PULLS));
      const withIt = await timed(() => pulls(on, PULLS));
      shares.push(withIt.elapsed / without.elapsed - 1);
      busy.push({ without: without.busy, more: withIt.busy - without.busy });
    }
    const perPull = (times: readonly number[]): number => median(times) / PULLS;
    return {
      pullsWhenOn: median(shares),
      processorMs: { pull: perPull(busy.map(({ without }) => without)), export: perPull(busy.map(({ more }) => more)) },
    };
  } finally {
    await Promise.all(sides.map(({ stores }) => stores.close()));
    await running.end();
    peer.disconnect();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await telemetryCost(Number(process.argv[2] ?? 8));
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  const { hitWhenOff: hit, pullsWhenOn: pulls, processorMs } = figures;
  const { pull, export: more } = processorMs;
  console.log(`a hit in the cache, export off  ${percent(hit)}, less than ${percent(TARGETS.hitWhenOff)} wanted`);
  console.log(`small pulls, export on          ${percent(pulls)}, less than ${percent(TARGETS.pullsWhenOn)} wanted`);
  console.log(`the processor, of each          ${pull.toFixed(2)} ms, and ${more.toFixed(2)} ms more`);
  process.exitCode = hit < TARGETS.hitWhenOff && pulls < TARGETS.pullsWhenOn ? 0 : 1;
}
