import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { digestOf, encodedOf } from '../../../src/oci/spec/digest.ts';
import { parseTag, type Tag } from '../../../src/oci/spec/tag.ts';
import { validate } from '../../../src/oci/transfer/validate.ts';
import { blob, type Content, emptyConfig, type Graph, imageManifest, putGraph } from '../artifacts.ts';
import { below, oneOf, type Random, seeded } from '../random.ts';
import { startRegistry, type TestRegistry } from '../registry/index.ts';
import { REPOSITORY, TRANSFERS, type TransferKind, transfer } from './transfers.ts';

export interface KillSoakOptions {
  /** How many transfers are killed; those that were over before do not count. */
  readonly kills: number;
  readonly seed: number;
  /** Told after each kill. */
  readonly onKill?: (kills: number) => void;
}

export interface KillSoakReport {
  /** Kills by what was killed. */
  readonly killed: Readonly<Record<TransferKind, number>>;
  /** Transfers that were over before they could be killed. */
  readonly missed: number;
  /** Kills after which something of the transfer had arrived. */
  readonly partial: number;
  /** What was wrong; empty, or something is broken. */
  readonly wrong: readonly string[];
}

/** Milliseconds that a registry takes for each answer, so that there is something to be killed in the middle of. */
const DELAY = 4;
const LAYERS = 6;

/**
 * Kills processes (SIGKILL) at random moments while they transfer new content, and looks each time at what they left: nothing
 * at the destination may be other than its name or digest says, no manifest be there without its content, and a second run
 * has to complete it.
 */
export async function killSoak({ kills, seed, onKill }: KillSoakOptions): Promise<KillSoakReport> {
  await using registry = await startRegistry({ faults: [{ fault: { kind: 'delay', milliseconds: DELAY } }] });
  const random = seeded(seed);
  const killed: Record<TransferKind, number> = { push: 0, backup: 0, pull: 0, pullThroughCache: 0 };
  const wrong: string[] = [];
  /** Milliseconds that a transfer takes, as far as is known. */
  const durations: Record<TransferKind, number> = { push: 300, backup: 300, pull: 300, pullThroughCache: 300 };
  let missed = 0;
  let partial = 0;
  const count = (): number => Object.values(killed).reduce((sum, each) => sum + each, 0);
  for (let round = 0; count() < kills; round++) {
    const kind = oneOf(random, TRANSFERS);
    const folder = await mkdtemp(join(tmpdir(), 'floe-oci-kill-'));
    const tag = parseTag(`v${round}`);
    const graph = newContent(seed * 100_000 + round * 100, random);
    try {
      await provide(kind, graph, tag, registry, folder);
      const after = below(random, Math.ceil(durations[kind]));
      const took = await runAndKill([kind, registry.host, folder, tag], after);
      if (took !== 'killed') {
        missed++;
        durations[kind] = (durations[kind] + took) / 2;
        continue;
      }
      killed[kind]++;
      durations[kind] *= 1.02;
      const problems = await problemsIn(registry, folder, graph);
      if (await hasArrived(kind, registry, folder, graph)) partial++;
      await transfer(kind, registry.host, folder, tag);
      problems.push(
        ...(await problemsIn(registry, folder, graph)),
        ...(await missingIn(kind, registry, folder, tag, graph)),
      );
      for (const problem of problems) wrong.push(`${kind} ${round} killed after ${after} ms: ${problem}`);
      onKill?.(count());
    } finally {
      await rm(folder, { recursive: true, force: true });
      const { blobs, manifests, tags, uploads } = registry.repository(REPOSITORY);
      for (const map of [blobs, manifests, tags, uploads]) map.clear();
      registry.clearRequests();
    }
  }
  return { killed, missed, partial, wrong };
}

function newContent(seed: number, random: Random): Graph {
  const layers = Array.from({ length: LAYERS }, (_, i) =>
    blob(seed + i, { size: 1 + below(random, 400_000), title: `layer-${i}.bin` }),
  );
  const root = imageManifest(layers);
  return { root, contents: [emptyConfig, ...layers, root] };
}

/** Puts the content where the transfer takes it from. */
async function provide(
  kind: TransferKind,
  graph: Graph,
  tag: Tag,
  registry: TestRegistry,
  folder: string,
): Promise<void> {
  if (kind === 'push') {
    await putGraph(await LayoutStore.open(join(folder, 'layout'), { create: true }), graph, tag);
    return;
  }
  const repository = registry.repository(REPOSITORY);
  for (const { descriptor, bytes } of graph.contents.slice(0, -1)) repository.blobs.set(descriptor.digest, bytes);
  repository.putManifest(graph.root.bytes, graph.root.descriptor.mediaType, tag);
}

/** @returns `killed`, or how many milliseconds it took when it was over before */
async function runAndKill(args: readonly string[], after: number): Promise<'killed' | number> {
  const program = join(import.meta.dirname, 'transferProcess.ts');
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  await Promise.race([once(child.stdout, 'data'), exit]);
  const began = performance.now();
  await Promise.race([sleep(after), exit]);
  child.kill('SIGKILL');
  const [code, signal] = await exit;
  if (signal === 'SIGKILL') return 'killed';
  if (code !== 0) throw new Error(`the transfer failed by itself, with ${code}`);
  return performance.now() - began;
}

/** Whatever is not what its name says, here and there. */
async function problemsIn(registry: TestRegistry, folder: string, graph: Graph): Promise<string[]> {
  const problems: string[] = [];
  const { blobs, manifests, tags } = registry.repository(REPOSITORY);
  for (const [digest, bytes] of blobs) if (digestOf(bytes) !== digest) problems.push(`blob ${digest} in the registry`);
  for (const [digest] of manifests) {
    const isWhole = graph.contents.slice(0, -1).every(({ descriptor }) => blobs.has(descriptor.digest));
    if (!isWhole) problems.push(`manifest ${digest} without its content in the registry`);
  }
  for (const digest of tags.values()) if (!manifests.has(digest)) problems.push(`a tag of nothing in the registry`);
  const titled = new Map(titles(graph).map(([title, { descriptor }]) => [title, descriptor.digest]));
  for (const path of await filesBelow(folder)) {
    const named = dirname(path).endsWith(join('blobs', 'sha256'))
      ? `sha256:${basename(path)}`
      : titled.get(basename(path));
    if (named !== undefined && digestOf(await readFile(path)) !== named) problems.push(path);
  }
  return problems;
}

/** What a run that went well should have left, and did not. */
async function missingIn(
  kind: TransferKind,
  registry: TestRegistry,
  folder: string,
  tag: Tag,
  graph: Graph,
): Promise<readonly string[]> {
  if (kind === 'push') {
    return registry.repository(REPOSITORY).tags.get(tag) === graph.root.descriptor.digest ? [] : ['no tag'];
  }
  if (kind === 'backup') {
    const layout = await LayoutStore.open(join(folder, 'layout'));
    const { problems } = await validate(layout, [await layout.resolve(tag)]);
    return problems.map(({ error }) => error.message);
  }
  const files = new Set(await readdir(join(folder, 'files')));
  const missing = titles(graph).filter(([title]) => !files.has(title));
  const leftOver = [...files].filter((name) => name.startsWith('.'));
  return [...missing.map(([title]) => `no ${title}`), ...leftOver.map((name) => `${name} is left over`)];
}

async function hasArrived(kind: TransferKind, registry: TestRegistry, folder: string, graph: Graph): Promise<boolean> {
  if (kind === 'push') return registry.repository(REPOSITORY).blobs.size > 0;
  const names = new Set((await filesBelow(folder)).map((path) => basename(path)));
  const { contents } = graph;
  const isPart = ({ descriptor }: Content): boolean => names.has(encodedOf(descriptor.digest));
  return contents.some(isPart) || titles(graph).some(([title]) => names.has(title)) || [...names].some(isTemporary);
}

function isTemporary(name: string): boolean {
  return name.startsWith('.floe-oci-');
}

function titles({ contents }: Graph): readonly (readonly [string, Content])[] {
  return contents.slice(1, -1).map((content, i) => [`layer-${i}.bin`, content]);
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
