import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { anonymous } from '../../src/oci/credentials/credentials.ts';
import { LayoutStore } from '../../src/oci/layout/layoutStore.ts';
import { Registry } from '../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../src/oci/spec/repositoryName.ts';
import { silentLogger } from '../../src/oci/telemetry/logger.ts';
import { copy } from '../../src/oci/transfer/copy.ts';
import { createTransport, type EngineName } from '../../src/oci/transport/compose.ts';
import { tagOf } from '../support/artifacts.ts';
import { type RegistryKind, seed } from './registry.ts';
import { SampleArtifact } from './sample.ts';

/** How late a process is for everything else while it does something, in milliseconds. */
interface EventLoopDelay {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

type Engine = Exclude<EngineName, 'auto'>;

/** By engine; `nothing` is the same process while it does nothing. */
export type EventLoopFigures = Readonly<Record<Engine | 'nothing', EventLoopDelay>>;

const MIB = 1024 * 1024;
const LAYERS: readonly number[] = Array<number>(4).fill(128 * MIB);
const REPOSITORY = 'team/bench';
const TAG = 'bench';
/** Milliseconds between two looks; the monitor adds them to what it measures. */
const RESOLUTION = 1;

/** Pulls 512 MiB into a layout, as the extension host does beside the other extensions. */
export async function eventLoop(kind: RegistryKind, divisor: number): Promise<EventLoopFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'event-loop-'));
  try {
    await using registry = await kind.start();
    const sizes = LAYERS.map((size) => Math.ceil(size / divisor));
    const artifact = await SampleArtifact.create(join(folder, 'artifact'), sizes);
    await seed(registry.host, REPOSITORY, TAG, artifact);
    const pull = (engine: Engine) => () => pullWith(engine, registry.host, join(folder, engine));
    return {
      nothing: await delayDuring(() => setTimeout(1000)),
      host: await delayDuring(pull('host')),
      node: await delayDuring(pull('node')),
      undici: await delayDuring(pull('undici')),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pullWith(engine: Engine, host: string, path: string): Promise<void> {
  const logger = silentLogger;
  const retry = { maxAttempts: 3, initialDelayMs: 1000, multiplier: 2, maxDelayMs: 30_000, jitter: false };
  const connection = { timeoutSeconds: 30 };
  const from = {
    registry: host,
    engine,
    connection,
    credentials: anonymous,
    retry,
    logger,
    userAgent: 'floe-oci/bench',
  };
  const transport = await createTransport(from);
  try {
    const registry = new Registry({ host, plainHttp: true, transport, retry, logger });
    const target = await LayoutStore.open(path, { create: true });
    await copy(registry.repository(parseRepositoryName(REPOSITORY)), tagOf(TAG), target, { tags: [tagOf(TAG)] });
  } finally {
    await transport.close();
  }
}

async function delayDuring(job: () => Promise<unknown>): Promise<EventLoopDelay> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  await job();
  delay.disable();
  const milliseconds = (nanoseconds: number): number => Math.max(nanoseconds / 1e6 - RESOLUTION, 0);
  return {
    median: milliseconds(delay.percentile(50)),
    p99: milliseconds(delay.percentile(99)),
    max: milliseconds(delay.max),
  };
}
