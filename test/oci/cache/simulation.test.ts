import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Cache } from '../../../src/oci/cache/cache.ts';
import { isOciError, type OciErrorCode } from '../../../src/oci/errors.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import type { Logger } from '../../../src/oci/telemetry/logger.ts';
import { RETRY_DEFAULTS } from '../../../src/oci/transport/retry.ts';
import { artifact, type Graph, tagOf } from '../../support/artifacts.ts';
import { below, oneOf, type Random, seeded } from '../../support/random.ts';
import { VirtualClock } from '../../support/simulation/virtualClock.ts';
import { SimulatedProcess, useDisk } from '../../support/simulation/virtualDisk.ts';
import { VirtualNetwork } from '../../support/simulation/virtualNetwork.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';
import { HOUR, pull } from './support/caches.ts';

vi.mock('node:fs/promises', async (original) => ({
  ...(await original<object>()),
  ...(await import('../../support/simulation/virtualDisk.ts')).promises,
}));
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  setTimeout: (await import('../../support/simulation/virtualDisk.ts')).sleep,
}));
vi.mock('proper-lockfile', () => import('../../support/simulation/virtualDisk.ts'));

/** As many different days as fit into a test; `FLOE_OCI_SEED` replays one, `FLOE_OCI_SEEDS` runs so many. */
const { FLOE_OCI_SEED: one, FLOE_OCI_SEEDS: many = '24' } = process.env;
const SEEDS = one === undefined ? Array.from({ length: Number(many) }, (_, i) => i + 1) : [Number(one)];

const HOST = 'registry.example';
const REPOSITORY = parseRepositoryName('team/product');
const TTL_HOURS = 1;
const TAGS = ['latest', 'main', 'v1.0.0', 'v2.0.0'];
/** Room for some of the artifacts, not for all. */
const LIMIT = 40_000;
const PROCESSES = [1, 2, 6] as const;

/** What a pull may end with when it is not done. Nothing of it is about the disk, which is the cache's own trouble. */
const NAMED: readonly OciErrorCode[] = [
  'REGISTRY_UNAVAILABLE',
  'NOT_FOUND',
  'CANCELLED',
  'DIGEST_MISMATCH',
  'SIZE_MISMATCH',
];

interface State {
  readonly graph: Graph;
  /** When the tag was moved here. */
  readonly from: number;
}

/** One day of processes that share a cache on a disk that fails, over a line that fails; all of it follows from the seed. */
async function day(seed: number): Promise<readonly string[]> {
  const random = seeded(seed);
  const clock = new VirtualClock(random, Date.UTC(2026, 0, 1));
  const trace: string[] = [];
  const note = (event: string): void => void trace.push(`${clock.now().toFixed(3)} ${event}`);
  const logger: Logger = { trace: note, debug: note, info: note, warn: note, error: note };
  const path = join(temporaryFolder(), 'cache');
  mkdirSync(path);
  const isHarmed = random() < 0.3;
  const mayBeKilled = random() < 0.5;
  let faultRate = oneOf(random, [0, 0, 0.01, 0.1]);
  let lossRate = oneOf(random, [0, 0.05]);
  const count = oneOf(random, PROCESSES);
  let older = 0;
  let largest = 0;
  useDisk({
    clock,
    random,
    get faultRate() {
      return faultRate;
    },
    get lossRate() {
      return lossRate;
    },
    onReplace: (target, before, after) => {
      const isCounted = /references$|sha256$/.test(dirname(target));
      if (isCounted) largest = Math.max(largest, sizeOf(path) + after.length - (before?.length ?? 0));
      if (dirname(target).endsWith('references') && before !== undefined && isOlder(after, before)) older += 1;
    },
  });
  const performanceNow = vi.spyOn(performance, 'now').mockImplementation(() => clock.now());
  try {
    const network = new VirtualNetwork({ clock, random, faultRate: oneOf(random, [0, 0.05, 0.3]), outages: [] });
    const graphs = Array.from({ length: 10 }, (_, i) =>
      artifact(seed * 100 + i, { layers: 1 + below(random, 2), size: 1 + below(random, 9000) }),
    );
    const history = new Map<string, State[]>();
    const publish = (tag: string): void => {
      const graph = oneOf(random, graphs);
      const content = network.content.repository(REPOSITORY);
      for (const { descriptor, bytes } of graph.contents) {
        if (descriptor === graph.root.descriptor) content.putManifest(Buffer.from(bytes), descriptor.mediaType);
        else content.putBlob(Buffer.from(bytes));
      }
      content.tags.set(tag, graph.root.descriptor.digest);
      history.set(tag, [...(history.get(tag) ?? []), { graph, from: clock.now() }]);
    };
    for (const tag of TAGS) publish(tag);

    /** Where the tag led at some time since then. */
    const leadsSince = (tag: string, since: number): readonly Graph[] => {
      const states = history.get(tag) ?? [];
      return states
        .filter((_, i) => (states[i + 1]?.from ?? Number.POSITIVE_INFINITY) >= since)
        .map(({ graph }) => graph);
    };

    const retry = { ...RETRY_DEFAULTS, maxAttempts: 1 + below(random, 4) };
    let made = 0;
    /** Each comes to the folder by a path of its own, for in one process those of one path wait for each other. */
    const open = (): Cache => {
      const way = `${path}-${made++}`;
      symlinkSync(path, way);
      const isImmutable = (tag: string): boolean => tag.startsWith('v');
      return new Cache({
        path: way,
        maxSizeBytes: LIMIT,
        ttlHours: TTL_HOURS,
        isImmutable,
        logger,
        now: () => clock.now(),
      });
    };
    const origin = () =>
      new Registry({ host: HOST, plainHttp: false, transport: network, retry, logger, clock }).repository(REPOSITORY);

    const pullOnce = async (cache: Cache, mode: 'cached' | 'checked' | 'offline', tag: string): Promise<void> => {
      const began = clock.now();
      const store = cache.repository({ registry: HOST, repository: REPOSITORY }, origin(), { mode });
      const abort = new AbortController();
      const isImpatient = random() < 0.1;
      if (isImpatient) void clock.sleep(below(random, 2000)).then(() => abort.abort());
      const options = { signal: abort.signal };
      try {
        const { digest } = await store.resolve(tagOf(tag), options);
        const isKept = mode === 'offline' || (mode === 'cached' && tag.startsWith('v'));
        // Whoever asks what is being asked already gets that answer.
        const since = isKept ? 0 : began - (mode === 'cached' ? TTL_HOURS * HOUR : HOUR / 12);
        const graph = leadsSince(tag, since).find(({ root }) => root.descriptor.digest === digest);
        expect(
          graph,
          `${tag} leads where it led lately (${mode}, asked at ${began}, now ${clock.now()}, moved at ${history.get(tag)?.map(({ from }) => from)})`,
        ).toBeDefined();
        await pull(store, digest, graph as Graph);
        note(`pulled ${tag}`);
      } catch (error) {
        if (!isOciError(error)) throw error;
        expect(NAMED).toContain(error.code);
        if (error.code === 'CANCELLED') expect(isImpatient).toBe(true);
        if (error.code === 'NOT_FOUND') expect(mode, 'only offline can something be missing').toBe('offline');
        note(`failed ${error.code}`);
      }
    };

    const live = async (): Promise<void> => {
      let cache = open();
      for (let left = 4 + below(random, 8); left > 0; left--) {
        await clock.sleep(random() < 0.2 ? below(random, 2 * HOUR) : below(random, 300));
        const does = random();
        if (does < 0.75) {
          const mode = oneOf(random, ['cached', 'cached', 'checked', 'offline'] as const);
          const times = 1 + below(random, 2);
          await Promise.all(Array.from({ length: times }, () => pullOnce(cache, mode, oneOf(random, TAGS))));
        } else if (does < 0.85) publish(oneOf(random, ['latest', 'main']));
        else if (does < 0.9) {
          await cache.close();
          cache = open();
        } else await tidy(cache, oneOf(random, ['prune', 'verify', 'clear', 'status', 'list'] as const));
      }
      await cache.close();
    };

    const tidy = async (cache: Cache, how: 'prune' | 'verify' | 'clear' | 'status' | 'list'): Promise<void> => {
      try {
        await cache[how]();
        note(how);
      } catch (error) {
        if (!isOciError(error)) throw error;
        note(`${how} failed ${error.code}`);
      }
    };

    const processes = Array.from({ length: count }, () => new SimulatedProcess());
    const doom = async (process: SimulatedProcess): Promise<void> => {
      await clock.sleep(below(random, 6000));
      process.kill();
      note('killed');
    };
    const damage = async (): Promise<void> => {
      for (let left = 5; left > 0; left--) {
        await clock.sleep(below(random, 2000));
        if (harm(path, random)) note('harmed');
      }
    };
    await clock.run(async () => {
      if (isHarmed) void damage();
      for (const process of processes) if (mayBeKilled && random() < 0.33) void doom(process);
      await Promise.all(processes.map((process) => process.run(live)));
    });

    const isUndisturbed = faultRate === 0 && !isHarmed && !processes.some(({ isDead }) => isDead);
    if (isUndisturbed) expect(sizeOf(path), 'the limit holds when all have closed').toBeLessThanOrEqual(LIMIT);
    if (isUndisturbed && count === 1)
      expect(largest, 'who is alone never goes beyond the limit').toBeLessThanOrEqual(LIMIT);

    // Whatever happened: when the disk is well again, what is in the cache is right, is not too much, and is used.
    faultRate = 0;
    lossRate = 0;
    network.heal();
    await clock.pass(HOUR);
    await clock.run(async () => {
      const cache = open();
      const removed = (await cache.verify()).removed.map(({ path: file }) => file);
      if (!isHarmed) expect(removed, 'nothing wrong is ever in the cache').toEqual([]);
      expect((await cache.verify()).removed, 'nothing wrong is left in it').toEqual([]);
      await cache.prune();
      for (const tag of TAGS) await pullOnce(cache, 'cached', tag);
      // What was fetched again under its old record is listed when the cache is next cleaned.
      await cache.prune();
      await cache.close();
    });
    expect(sizeOf(path), 'the limit holds').toBeLessThanOrEqual(LIMIT);
    if (!isHarmed && !mayBeKilled) expect(older, 'an older answer never takes the place of a newer one').toBe(0);
    const { manifests } = JSON.parse(readFileSync(join(path, 'index.json'), 'utf8'));
    const listed = await clock.run(() => open().list());
    expect(manifests.length, 'what is there is listed').toBe(listed.length);
    return trace;
  } finally {
    performanceNow.mockRestore();
    useDisk(undefined);
  }
}

function isOlder(after: Buffer, before: Buffer): boolean {
  try {
    return JSON.parse(after.toString()).checkedAt < JSON.parse(before.toString()).checkedAt;
  } catch {
    return false;
  }
}

/** The files of content and the records. */
function filesIn(path: string): readonly string[] {
  const folders = ['blobs/sha256', 'references'].map((name) => join(path, name)).filter((folder) => existsSync(folder));
  return folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))).sort();
}

/** Bytes. */
function sizeOf(path: string): number {
  return filesIn(path).reduce((sum, file) => sum + statSync(file).size, 0);
}

/** Changes or removes one file; false when there is none. */
function harm(path: string, random: Random): boolean {
  const files = filesIn(path);
  if (files.length === 0) return false;
  const file = oneOf(random, files);
  const how = below(random, 3);
  if (how === 0) rmSync(file);
  else if (how === 1) truncateSync(file, statSync(file).size >> 1);
  else {
    const bytes = readFileSync(file);
    const at = below(random, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  }
  return true;
}

async function replayable(seed: number): Promise<readonly string[]> {
  try {
    return await day(seed);
  } catch (error) {
    throw new Error(`seed ${seed} failed; FLOE_OCI_SEED=${seed} replays it`, { cause: error });
  }
}

describe('processes that share a cache, with a disk and a line that fail', () => {
  it(
    'get what is right or a named error, leave nothing wrong behind, keep to the limit, and never wait for each other for ever',
    async () => {
      const ends = new Set<string>();
      for (const seed of SEEDS) {
        for (const line of await replayable(seed)) ends.add(line.replace(/^[\d.]+ /, ''));
      }
      if (SEEDS.length === 1) return;
      // What never happens in any of them is not tested by them.
      expect([...ends]).toEqual(
        expect.arrayContaining([
          ...TAGS.map((tag) => `pulled ${tag}`),
          ...['REGISTRY_UNAVAILABLE', 'NOT_FOUND', 'CANCELLED'].map((code) => `failed ${code}`),
          ...['prune', 'verify', 'clear', 'status', 'list', 'killed', 'harmed'],
          ...['cache_hit', 'cache_miss', 'cache_expired', 'cache_put', 'cache_eviction'],
          ...['cache_corruption_detected', 'cache_unusable', 'cache_unlisted'],
        ]),
      );
    },
    Math.max(120_000, SEEDS.length * 5000),
  );

  it('go the same way for the same seed', async () => {
    expect(await replayable(7)).toEqual(await replayable(7));
  });
});
