import type { CallOptions, Repository } from '../content/store.ts';
import { type Logger, silentLogger } from '../telemetry/logger.ts';
import { silentTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { CachedContent, type CacheParts } from './cachedContent.ts';
import { CachedReferences } from './cachedReferences.ts';
import { type Asked, CachedRepository, type CacheSource, type RepositoryCache } from './cachedRepository.ts';
import type { CachedRepositoryOptions } from './cachedRepositoryOptions.ts';
import { CacheFolder } from './cacheFolder.ts';
import type { CachePlace } from './cacheKey.ts';
import { clearCache } from './clearCache.ts';
import { type Freshness, isExpired } from './freshness.ts';
import { Health } from './health.ts';
import { type CachePruning, pruneCache } from './pruneCache.ts';
import type { ReferenceRecord } from './referenceRecord.ts';
import { type CachedReference, type CacheStatus, listCache, statusOf } from './reportCache.ts';
import { SharedCalls } from './sharedCalls.ts';
import { Space } from './space.ts';
import { EMPTY_SURVEY, type Survey } from './survey.ts';
import { type CacheVerification, verifyCache } from './verifyCache.ts';
import { WatchedRepository } from './watchedRepository.ts';

/** Where the cache is, how much it may hold and for how long it is believed. */
export interface CacheOptions extends Partial<Freshness> {
  /** Folder of the cache; made when something is to be kept. */
  readonly path: string;
  /** Bytes of content and records; default 10 GiB. */
  readonly maxSizeBytes?: number;
  readonly logger?: Logger;
  /** Default: nothing is traced or counted. */
  readonly telemetry?: Telemetry;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number;
}

const DEFAULTS = {
  /** As floe's `max_size_gb`. */
  maxSizeBytes: 10 * 1024 ** 3,
  /** As floe's `ttl_hours`. */
  ttlHours: 24,
  isImmutable: () => false,
  logger: silentLogger,
  telemetry: silentTelemetry,
  now: Date.now,
};

/**
 * A pull-through cache in a folder, which any number of processes may share. In front of a repository it never makes
 * anything fail: a folder that cannot be used is warned of once (`cache_unusable`) and is as good as empty. What is about
 * the cache itself (status, list, verify, prune, clear) does fail then.
 */
export class Cache implements RepositoryCache {
  readonly path: string;
  readonly maxSizeBytes: number;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly content: CachedContent;
  readonly references: CachedReferences;
  readonly asking = new SharedCalls<Asked>();
  readonly #freshness: Freshness;
  readonly #parts: CacheParts;

  constructor(options: CacheOptions) {
    const { path, maxSizeBytes, ttlHours, isImmutable, logger, telemetry, now } = { ...DEFAULTS, ...options };
    this.path = path;
    this.maxSizeBytes = maxSizeBytes;
    this.logger = logger;
    this.telemetry = telemetry;
    this.now = now;
    this.#freshness = { ttlHours, isImmutable };
    const folder = new CacheFolder(path, {
      onUnlisted: (error) => logger.debug('cache_unlisted', { path, reason: String(error) }),
      onRelisted: (error) => logger.info('cache_relisted', { path, reason: String(error) }),
    });
    const space = new Space(folder, maxSizeBytes, (removed, freedBytes, sizeBytes) => {
      logger.info('cache_eviction', { removed, freedBytes, sizeBytes });
      telemetry.count('floe_oci_cache_operations_total', { operation: 'evict' }, removed);
    });
    this.#parts = { folder, space, health: new Health(path, logger, now), logger, telemetry, now };
    this.content = new CachedContent(this.#parts);
    this.references = new CachedReferences(this.#parts, this.content);
  }

  /** The repository at `place`, with this cache in front of it. */
  repository(place: CachePlace, source: CacheSource, options: CachedRepositoryOptions = {}): CachedRepository {
    return new CachedRepository(this, place, source, options);
  }

  /** The repository at `place` itself; what is changed in it this way, the cache forgets. */
  watch(place: CachePlace, repository: Repository): WatchedRepository {
    return new WatchedRepository(this.references, place, repository);
  }

  isExpired(record: ReferenceRecord): boolean {
    return isExpired(record, this.#freshness, this.now());
  }

  /** @throws OciError FOREIGN_FOLDER, UNSUPPORTED_VERSION, INVALID_LAYOUT, FILE_NOT_READABLE, CANCELLED */
  async status(options: CallOptions = {}): Promise<CacheStatus> {
    const { path, maxSizeBytes } = this;
    return { path, ...statusOf(await this.#survey(options), this.#freshness, this.now()), maxSizeBytes };
  }

  /** Every reference, by name. @throws OciError as {@link status} does */
  async list(options: CallOptions = {}): Promise<readonly CachedReference[]> {
    return listCache(await this.#survey(options), this.#freshness, this.now());
  }

  /**
   * Reads everything again, and removes what is not what its name says.
   * @throws OciError FILE_NOT_WRITABLE, LOCKED, LOCK_LOST, and as {@link status} does
   */
  async verify(options: CallOptions = {}): Promise<CacheVerification> {
    return verifyCache(this.#parts.folder, options);
  }

  /**
   * Removes references that have expired, what is over the limit, and what nobody leads to.
   * @throws OciError as {@link verify} does
   */
  async prune(options: CallOptions = {}): Promise<CachePruning> {
    const { folder, space } = this.#parts;
    return pruneCache(folder, space, (record) => this.isExpired(record), this.now(), options);
  }

  /** Removes everything. Who is reading reads on. @throws OciError as {@link verify} does */
  async clear(options: CallOptions = {}): Promise<void> {
    await clearCache(this.#parts.folder, options);
  }

  /** Until `index.json` says what is there, and no more is there than may be. Afterwards the cache can be used again. */
  async close(): Promise<void> {
    const { folder, space, health } = this.#parts;
    await health.attempt(() => space.settle());
    await folder.listing.settled();
  }

  /** Of nothing, while there is no cache. */
  async #survey(options: CallOptions): Promise<Survey> {
    const { folder } = this.#parts;
    return (await folder.find()) ? folder.survey(options) : EMPTY_SURVEY;
  }
}
