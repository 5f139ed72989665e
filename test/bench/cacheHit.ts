// What a cache hit of 1 MiB costs, inside a process and as a process; needs dist/:
//     node test/bench/cacheHit.ts [ROUNDS]
// Ends with 0 when the targets are met.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Cache } from '../../src/oci/cache/cache.ts';
import type { CacheSource } from '../../src/oci/cache/cachedRepository.ts';
import { fileNameOf, nameOf } from '../../src/oci/cache/cacheKey.ts';
import { formatRecord } from '../../src/oci/cache/referenceRecord.ts';
import { MemoryStore } from '../../src/oci/content/memoryStore.ts';
import { encodedOf } from '../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../src/oci/spec/repositoryName.ts';
import { artifact, type Graph, putGraph, tagOf } from '../support/artifacts.ts';
import { largeDocument } from '../support/largeDocument.ts';
import { startRegistry } from '../support/registry/index.ts';
import { median } from './measure.ts';

/** Medians. */
export interface CacheHitFigures {
  /** Milliseconds to resolve a tag and read all below it, by how many entries the cache has. */
  readonly inProcess: Readonly<Record<number, number>>;
  /** Milliseconds of `node -e 0`. */
  readonly node: number;
  /** The same of a whole `floe-oci pull`, round by round as a multiple of `node -e 0`. */
  readonly pull: number;
}

/** What is asked of the medians on any machine that does nothing else. */
const TARGETS = { inProcessMs: 5, pullRatio: 2.5 } as const;

const MIB = 1024 * 1024;
const ENTRIES = [10, 10_000] as const;
const REPOSITORY = parseRepositoryName('team/bench');
const TAG = 'v1.0.0';

const run = promisify(execFile);

/** @param cli the built command line */
export async function cacheHit(cli: string, rounds: number): Promise<CacheHitFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'cache-hit-'));
  try {
    const inProcess: Record<number, number> = {};
    for (const entries of ENTRIES) inProcess[entries] = await hitInProcess(join(folder, `${entries}`), entries, rounds);
    return { inProcess, ...(await hitAsProcess(folder, cli, rounds)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function hitInProcess(path: string, entries: number, rounds: number): Promise<number> {
  const graph = artifact(1, { size: MIB });
  const origin = new MemoryStore();
  const root = await putGraph(origin, graph);
  await origin.tag(root, tagOf(TAG));
  const source: CacheSource = Object.assign(origin, {
    revalidate: async (reference: Parameters<MemoryStore['resolve']>[0]) => ({
      descriptor: await origin.resolve(reference),
    }),
  });
  const cache = new Cache({ path, isImmutable: () => true });
  const place = { registry: 'registry.example', repository: REPOSITORY };
  const pull = async (): Promise<void> => {
    const store = cache.repository(place, source);
    await store.resolve(tagOf(TAG));
    for (const { descriptor } of graph.contents) for await (const _ of store.read(descriptor));
  };
  await pull();
  await cache.close();
  await fill(path, entries - 1);
  const taken: number[] = [];
  for (let round = 0; round < rounds * 3; round++) {
    const began = performance.now();
    await pull();
    taken.push(performance.now() - began);
  }
  await cache.close();
  return median(taken);
}

/** Puts so many more entries into a cache, as other processes would have. */
async function fill(path: string, entries: number): Promise<void> {
  const time = Date.now();
  for (let i = 0; i < entries; i++) {
    const graph: Graph = artifact(i + 2);
    for (const { descriptor, bytes } of graph.contents) {
      await writeFile(join(path, 'blobs/sha256', encodedOf(descriptor.digest)), bytes);
    }
    const key = { registry: 'registry.example', repository: REPOSITORY, reference: tagOf(`v0.0.${i}`) };
    const record = { ...key, descriptor: graph.root.descriptor, fetchedAt: time, checkedAt: time };
    await writeFile(join(path, 'references', fileNameOf(nameOf(key))), formatRecord(record));
  }
}

async function hitAsProcess(
  folder: string,
  cli: string,
  rounds: number,
): Promise<Pick<CacheHitFigures, 'node' | 'pull'>> {
  const cwd = join(folder, 'work');
  await mkdir(cwd);
  const document = largeDocument(MIB);
  await writeFile(join(cwd, 'document.json'), document);
  const env = { PATH: process.env['PATH'], FLOE_OCI_CACHE_DIR: join(folder, 'cache') };
  const node = (...args: readonly string[]) =>
    run(process.execPath, args, { cwd, env, encoding: 'buffer', maxBuffer: 4 * MIB });
  const registry = await startRegistry();
  const place = ['-r', `oci://${registry.host}/${REPOSITORY}`, '-t', TAG];
  await node(cli, 'push', '-a', 'document.json', ...place);
  await node(cli, 'pull', ...place);
  // From here on, a pull that is no hit fails.
  await registry.close();
  const timed = async (...args: readonly string[]): Promise<number> => {
    const began = performance.now();
    await node(...args);
    return performance.now() - began;
  };
  const [floor, ratios]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const nothing = await timed('-e', '0');
    floor.push(nothing);
    ratios.push((await timed(cli, 'pull', ...place)) / nothing);
  }
  return { node: median(floor), pull: median(ratios) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cli = join(import.meta.dirname, '../../dist/cli.js');
  const { inProcess, node, pull } = await cacheHit(cli, Number(process.argv[2] ?? 21));
  for (const [entries, taken] of Object.entries(inProcess)) {
    console.log(
      `in a process, ${entries.padStart(6)} entries  ${taken.toFixed(2)} ms, at most ${TARGETS.inProcessMs} wanted`,
    );
  }
  console.log(`node -e 0                     ${node.toFixed(1)} ms`);
  console.log(`floe-oci pull, a hit          ${pull.toFixed(2)} × node -e 0, at most ${TARGETS.pullRatio} wanted`);
  const isQuick = Object.values(inProcess).every((taken) => taken <= TARGETS.inProcessMs) && pull <= TARGETS.pullRatio;
  process.exitCode = isQuick ? 0 : 1;
}
