import { sourceIn, throughEach } from '../content/sources.ts';
import type { CallOptions, ContentSource, ReadableStore } from '../content/store.ts';
import { skip, verified } from '../content/verify.ts';
import { isOciError, type OciErrorCode } from '../errors.ts';
import type { IngestOptions } from '../layout/blobs.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { CachedFile } from './cachedFile.ts';
import type { CacheFolder } from './cacheFolder.ts';
import { Download } from './download.ts';
import type { Health } from './health.ts';
import { markUsed } from './markUsed.ts';
import type { Space } from './space.ts';

/** What is there, but is not what its name says. */
const CORRUPT: ReadonlySet<OciErrorCode> = new Set(['DIGEST_MISMATCH', 'INVALID_LAYOUT', 'SIZE_MISMATCH']);

/** What the parts of one cache share. */
export interface CacheParts {
  readonly folder: CacheFolder;
  readonly space: Space;
  readonly health: Health;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly now: () => number;
}

interface SharedDownload {
  readonly download: Download;
  /** Name of the store that it comes from. */
  readonly from: string;
}

/** The half of a cache that is named by digests: what is in it is right, and never grows old. */
export class CachedContent {
  readonly #parts: CacheParts;
  readonly #downloads = new Map<string, SharedDownload>();
  /** What would not fit with all that belongs to it. */
  readonly #unwanted = new Set<Digest>();

  constructor(parts: CacheParts) {
    this.#parts = parts;
  }

  /**
   * The content, found right; undefined when it has to be fetched.
   * @throws OciError CANCELLED
   */
  async find(descriptor: Descriptor, options: CallOptions = {}): Promise<AsyncIterable<Uint8Array> | undefined> {
    const { folder, health, now } = this.#parts;
    const { digest } = descriptor;
    return health.attempt(async () => {
      if (!(await folder.isThere())) return undefined;
      const file = await this.#open(descriptor, options);
      if (file === undefined) return undefined;
      await markUsed(folder.blobs.pathOf(digest), now());
      return this.#held(digest, file.read(options));
    });
  }

  /** Whether there is content of this name and size; it is checked when it is read. */
  async has(descriptor: Descriptor): Promise<boolean> {
    const { folder, health } = this.#parts;
    return (await health.attempt(async () => (await folder.isThere()) && folder.blobs.has(descriptor))) ?? false;
  }

  /** Lets content pass by from now on. */
  refuse(digests: Iterable<Digest>): void {
    for (const digest of digests) this.#unwanted.add(digest);
  }

  /**
   * The content from where it is; it stays in the cache when it fits. Whoever wants the same meanwhile shares the download.
   * @throws OciError what the source throws
   */
  fetch(descriptor: Descriptor, source: ReadableStore, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    const { digest, size } = descriptor;
    if (this.#unwanted.has(digest) || !this.#parts.space.isEnoughFor(size)) return source.read(descriptor, options);
    return verified(descriptor, this.#shared(descriptor, source, options));
  }

  /**
   * Takes content in.
   * @returns whether it is in the cache now
   * @throws OciError what the source throws
   */
  async ingest(descriptor: Descriptor, source: ContentSource, options: IngestOptions = {}): Promise<boolean> {
    const { folder, space, health, logger, now } = this.#parts;
    const { digest, size } = descriptor;
    const path = folder.blobs.pathOf(digest);
    const sourceErrors: unknown[] = [];
    const watched = throughEach(source, async function* (stream) {
      try {
        yield* stream;
      } catch (error) {
        sourceErrors.push(error);
        throw error;
      }
    });
    const write = async (): Promise<void> => {
      await folder.blobs.ingest(descriptor, watched, options);
      await markUsed(path, now());
    };
    space.hold(digest);
    try {
      const isPut = await health.write(async () => {
        try {
          return await folder.write(() => space.use(size, path, write));
        } catch (error) {
          if (sourceErrors.length === 0) throw error;
          return false;
        }
      });
      if (sourceErrors.length > 0) throw sourceErrors[0];
      if (isPut) logger.debug('cache_put', { digest, size });
      return isPut ?? false;
    } finally {
      space.release(digest);
    }
  }

  async *#shared(descriptor: Descriptor, source: ReadableStore, options: CallOptions): AsyncGenerator<Uint8Array> {
    const { download, from } = this.#downloadOf(descriptor, source);
    const interrupted = yield* download.read(options);
    if (interrupted === undefined) return;
    const { given, error } = interrupted;
    if (error !== undefined && from === source.name) throw error;
    yield* skip(given, source.read(descriptor, options));
  }

  #downloadOf(descriptor: Descriptor, source: ReadableStore): SharedDownload {
    const key = `${descriptor.digest} ${descriptor.size}`;
    const running = this.#downloads.get(key);
    if (running?.download.isOpen) return running;
    const download = new Download({
      source: (options) => sourceIn(source, descriptor, options),
      ingest: (content, options) => this.ingest(descriptor, content, options),
    });
    const shared = { download, from: source.name };
    this.#downloads.set(key, shared);
    const forget = (): void => {
      if (this.#downloads.get(key) === shared) this.#downloads.delete(key);
    };
    download.finished.then(forget, forget);
    return shared;
  }

  async #open(descriptor: Descriptor, options: CallOptions): Promise<CachedFile | undefined> {
    const { folder, logger, telemetry } = this.#parts;
    const path = folder.blobs.pathOf(descriptor.digest);
    try {
      return await CachedFile.open(path, descriptor, options);
    } catch (error) {
      if (!isOciError(error) || !CORRUPT.has(error.code)) throw error;
      logger.warn('cache_corruption_detected', { path, reason: error.message });
      telemetry.count('floe_oci_cache_operations_total', { operation: 'repair' });
      return undefined;
    }
  }

  async *#held(digest: Digest, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { space } = this.#parts;
    space.hold(digest);
    try {
      yield* stream;
    } finally {
      space.release(digest);
    }
  }
}
