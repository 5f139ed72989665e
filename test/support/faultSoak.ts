import { MemoryStore } from '../../src/oci/content/memoryStore.ts';
import { anonymous } from '../../src/oci/credentials/credentials.ts';
import { isOciError } from '../../src/oci/errors.ts';
import { Registry } from '../../src/oci/remote/registry.ts';
import { digestOf } from '../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../src/oci/spec/repositoryName.ts';
import { silentLogger } from '../../src/oci/telemetry/logger.ts';
import { copy } from '../../src/oci/transfer/copy.ts';
import { createTransport } from '../../src/oci/transport/compose.ts';
import { artifact, type Graph, putGraph, tagOf } from './artifacts.ts';
import { below, oneOf, type Random, seeded } from './random.ts';
import { type Fault, startRegistry, type TestRegistry } from './registry/index.ts';

export interface SoakOptions {
  readonly pulls: number;
  readonly pushes: number;
  readonly seed: number;
  /** Share of the requests that go wrong; default 0.1. */
  readonly faultRate?: number;
}

/** How the transfers of one kind ended; together, all of them. */
interface Ends {
  readonly correct: number;
  /** By code. */
  readonly named: Readonly<Record<string, number>>;
  /** What was wrong where; empty, or something is broken. */
  readonly wrong: readonly string[];
}

export interface SoakReport {
  readonly pulls: Ends;
  readonly pushes: Ends;
  readonly requests: number;
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Five attempts with short delays, as the target of the soak has it. */
const RETRY = { maxAttempts: 5, initialDelayMs: 2, multiplier: 2, maxDelayMs: 50, jitter: true };
/** Seconds of silence. Short, because some faults are silence; long enough for a machine that has other things to do. */
const TIMEOUT = 0.5;
/** Transfers at a time. */
const WORKERS = 8;

/** Pulls and pushes of content that is new each time, over a line on which some requests go wrong; what goes wrong follows from the seed. */
export async function faultSoak({ pulls, pushes, seed, faultRate = 0.1 }: SoakOptions): Promise<SoakReport> {
  await using registry = await startRegistry();
  const random = seeded(seed);
  const faults: Record<string, number> = {};
  registry.fail({
    fault: () => {
      if (random() >= faultRate) return undefined;
      const [kind, fault] = randomFault(random);
      faults[kind] = (faults[kind] ?? 0) + 1;
      return fault;
    },
  });
  const transport = await createTransport({
    registry: registry.host,
    engine: 'undici',
    connection: { timeoutSeconds: TIMEOUT },
    credentials: anonymous,
    retry: RETRY,
    logger: silentLogger,
    userAgent: 'floe-oci/soak',
  });
  const repository = (name: string) =>
    new Registry({ host: registry.host, plainHttp: true, transport, retry: RETRY }).repository(
      parseRepositoryName(name),
    );
  const graphOf = (number: number): Graph => artifact(seed * 10_000 + number, { size: 1 + below(random, 40_000) });

  const push = async (number: number): Promise<string | undefined> => {
    const graph = graphOf(number);
    const source = new MemoryStore();
    const root = await putGraph(source, graph);
    await copy(source, root.digest, repository('pushed'), { tags: [tagOf(`v${number}`)] });
    const { tags, blobs, manifests } = registry.repository('pushed');
    if (tags.get(`v${number}`) !== root.digest) return `v${number} is ${tags.get(`v${number}`)}`;
    const missing = graph.contents.filter(({ descriptor: { digest } }) => !blobs.has(digest) && !manifests.has(digest));
    return missing.length === 0 ? undefined : `v${number} lacks ${missing.map(({ descriptor }) => descriptor.digest)}`;
  };
  const pull = async (number: number): Promise<string | undefined> => {
    const graph = graphOf(pushes + number);
    fill(registry, graph, `v${number}`);
    const target = new MemoryStore();
    await copy(repository('pulled'), tagOf(`v${number}`), target);
    for (const { descriptor, bytes } of graph.contents) {
      const read = Buffer.concat(await Array.fromAsync(target.read(descriptor)));
      if (!read.equals(bytes)) return `v${number}: ${descriptor.digest} has other bytes`;
    }
    return undefined;
  };

  try {
    const pushed = await ends(pushes, push);
    const pulled = await ends(pulls, pull);
    return {
      pulls: pulled,
      pushes: { ...pushed, wrong: [...pushed.wrong, ...misnamed(registry)] },
      requests: registry.requests().length,
      faults,
    };
  } finally {
    await transport.close();
  }
}

function randomFault(random: Random): readonly [kind: string, Fault] {
  const afterBytes = below(random, 40_000);
  return oneOf(random, [
    ['reset', { kind: 'reset', afterBytes }],
    ['reset of the request', { kind: 'resetRequest', afterBytes }],
    ['truncation', { kind: 'truncate', afterBytes }],
    ['stall', { kind: 'stall', afterBytes }],
    ['429', { kind: 'status', status: 429 }],
    ['503', { kind: 'status', status: 503 }],
    ['corrupt body', { kind: 'corrupt', at: afterBytes }],
    ['too long', { kind: 'length', by: 1 + below(random, 100) }],
    ['too short', { kind: 'length', by: -1 }],
  ] as const);
}

function fill(registry: TestRegistry, { root, contents }: Graph, tag: string): void {
  const repository = registry.repository('pulled');
  for (const { descriptor, bytes } of contents) {
    if (descriptor === root.descriptor) repository.putManifest(bytes, descriptor.mediaType, tag);
    else repository.putBlob(bytes);
  }
}

/** What is in the registry under a digest that is not its own. */
function misnamed(registry: TestRegistry): readonly string[] {
  const { blobs, manifests } = registry.repository('pushed');
  const all = [...blobs, ...[...manifests].map(([digest, { bytes }]) => [digest, bytes] as const)];
  return all.filter(([digest, bytes]) => digestOf(bytes) !== digest).map(([digest]) => `${digest} is something else`);
}

async function ends(times: number, transfer: (number: number) => Promise<string | undefined>): Promise<Ends> {
  let correct = 0;
  let next = 0;
  const named: Record<string, number> = {};
  const wrong: string[] = [];
  const worker = async (): Promise<void> => {
    while (next < times) {
      try {
        const problem = await transfer(next++);
        if (problem === undefined) correct++;
        else wrong.push(problem);
      } catch (error) {
        if (isOciError(error)) named[error.code] = (named[error.code] ?? 0) + 1;
        else wrong.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return { correct, named, wrong };
}
