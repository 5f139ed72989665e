import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Cache, type CacheOptions } from '../../../../src/oci/cache/cache.ts';
import type { CachedRepository } from '../../../../src/oci/cache/cachedRepository.ts';
import type { CachedRepositoryOptions } from '../../../../src/oci/cache/cachedRepositoryOptions.ts';
import type { ReadableStore } from '../../../../src/oci/content/store.ts';
import { bytesOf } from '../../../../src/oci/content/verify.ts';
import { type Descriptor, isManifestDescriptor } from '../../../../src/oci/spec/descriptor.ts';
import { type Digest, encodedOf } from '../../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../../src/oci/spec/repositoryName.ts';
import type { Logger } from '../../../../src/oci/telemetry/logger.ts';
import { type Graph, tagOf } from '../../../support/artifacts.ts';
import { temporaryFolder } from '../../layout/support/temporaryFolder.ts';
import { type Connected, type ConnectOptions, connect, type Entry } from '../../remote/support.ts';

/** A registry with a cache in front of it, a clock that stands still, and what the cache logged. */
export interface CacheSetup {
  readonly remote: Connected;
  /** Milliseconds since 1970; a test may set it. */
  readonly clock: { now: number };
  readonly path: string;
  readonly log: readonly Entry[];
  /** One more cache over the same folder, as another process has. */
  open(options?: Partial<CacheOptions>): Cache;
  /** The repository behind that cache; by default behind one that is shared. */
  repository(options?: CachedRepositoryOptions & { readonly cache?: Cache; readonly name?: string }): CachedRepository;
  /** What the registry was asked since the last time. */
  asked(): readonly string[];
  /** Names of the events that were logged. */
  events(): readonly string[];
}

export const HOUR = 3_600_000;

export async function setUp(
  options: Partial<CacheOptions> & { readonly registry?: ConnectOptions } = {},
): Promise<CacheSetup> {
  const { registry, ...cacheOptions } = options;
  const remote = await connect(registry);
  onTestFinished(() => remote[Symbol.asyncDispose]());
  const clock = { now: Date.UTC(2026, 0, 1) };
  const path = cacheOptions.path ?? join(temporaryFolder(), 'cache');
  const log: Entry[] = [];
  const opened: Cache[] = [];
  const open = (more: Partial<CacheOptions> = {}): Cache => {
    const cache = new Cache({
      path,
      isImmutable: (tag) => /^v\d/.test(tag),
      now: () => clock.now,
      logger: loggerInto(log),
      ...cacheOptions,
      ...more,
    });
    opened.push(cache);
    return cache;
  };
  onTestFinished(async () => {
    for (const cache of opened) await cache.close();
  });
  let shared: Cache | undefined;
  return {
    remote,
    clock,
    path,
    log,
    open,
    repository({ cache, name = 'team/product', ...more } = {}) {
      shared ??= open();
      const place = { registry: remote.server.host, repository: parseRepositoryName(name) };
      return (cache ?? shared).repository(place, remote.fresh(name), more);
    },
    asked() {
      const lines = remote.server.lines();
      remote.server.clearRequests();
      return lines;
    },
    events: () => log.map(({ event }) => event),
  };
}

function loggerInto(log: Entry[]): Logger {
  const at =
    (level: keyof Logger): Logger['debug'] =>
    (event, fields = {}) => {
      log.push({ level, event, fields });
    };
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Puts an artifact into the registry without asking. */
export function publish(remote: Connected, graph: Graph, tag?: string, repository = 'team/product'): void {
  const content = remote.server.repository(repository);
  for (const { descriptor, bytes } of graph.contents) {
    if (isManifestDescriptor(descriptor)) content.putManifest(bytes, descriptor.mediaType);
    else content.putBlob(bytes);
  }
  if (tag !== undefined) content.tags.set(tag, graph.root.descriptor.digest);
}

/** Resolves a reference and reads everything below it, as a pull does. */
export async function pull(store: ReadableStore, reference: string | Digest, graph: Graph): Promise<void> {
  const descriptor = await store.resolve(reference.includes(':') ? (reference as Digest) : tagOf(reference));
  if (descriptor.digest !== graph.root.descriptor.digest) throw new Error(`${reference} leads to ${descriptor.digest}`);
  for (const content of graph.contents) {
    const bytes = await bytesOf(store.read(content.descriptor));
    if (!Buffer.from(content.bytes).equals(bytes)) throw new Error(`${content.descriptor.digest} is something else`);
  }
}

export function blobFile(path: string, { digest }: Descriptor): string {
  return join(path, 'blobs', 'sha256', encodedOf(digest));
}

/** Bytes of content and records, as a stranger counts them; none where there is no cache. */
export async function sizeOnDisk(path: string): Promise<number> {
  let size = 0;
  for (const folder of [join(path, 'blobs'), join(path, 'references')]) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (entry.isFile()) size += (await lstat(join(entry.parentPath, entry.name))).size;
    }
  }
  return size;
}
