import type {
  CallOptions,
  ContentSource,
  Resolution,
  Revalidator,
  TagLister,
  TagOptions,
  Target,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { isOciError, OciError } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ActiveSpan, Telemetry } from '../telemetry/telemetry.ts';
import type { CachedContent } from './cachedContent.ts';
import type { CachedReferences } from './cachedReferences.ts';
import type { CachedRepositoryOptions, CacheLookup, CacheMode } from './cachedRepositoryOptions.ts';
import { type CacheKey, type CachePlace, nameOf } from './cacheKey.ts';
import type { Endorsement, EndorsementKeeper } from './endorsement.ts';
import type { ReferenceRecord } from './referenceRecord.ts';
import type { SharedCalls } from './sharedCalls.ts';

/** As much of a cache as its repositories need. */
export interface RepositoryCache {
  readonly content: CachedContent;
  readonly references: CachedReferences;
  /** Questions to registries that are under way, by what they are about. */
  readonly asking: SharedCalls<Asked>;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  isExpired(record: ReferenceRecord): boolean;
}

/** What a registry has answered. */
export interface Asked {
  readonly descriptor: ManifestDescriptor;
  /** Whether the reference still leads where it did. */
  readonly isKnown: boolean;
}

/** What can stand behind a cache. */
export type CacheSource = Target & TagLister & Revalidator;

/**
 * A repository with a cache in front of it. What is read comes from the cache, or through it; what is written goes to the
 * repository, and the cache forgets what it knew about the tags.
 */
export class CachedRepository implements Target, TagLister, EndorsementKeeper {
  readonly name: string;
  readonly behind: CacheSource;
  readonly closure: Target['closure'];
  readonly #cache: RepositoryCache;
  readonly #place: CachePlace;
  readonly #options: CachedRepositoryOptions;
  readonly #mode: CacheMode;

  /** Made by `Cache.repository`. */
  constructor(cache: RepositoryCache, place: CachePlace, source: CacheSource, options: CachedRepositoryOptions = {}) {
    this.name = source.name;
    this.behind = source;
    this.closure = source.closure;
    this.#cache = cache;
    this.#place = place;
    this.#options = options;
    this.#mode = options.mode ?? 'cached';
  }

  resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    const { registry, repository } = this.#place;
    const facts = { 'oci.registry': registry, 'oci.repository': repository, 'oci.operation': 'cache' };
    return this.#cache.telemetry.span('floe.oci.cache', facts, (span) => this.#resolve(reference, span, options));
  }

  async #resolve(reference: Tag | Digest, span: ActiveSpan, options: CallOptions): Promise<ManifestDescriptor> {
    const key: CacheKey = { ...this.#place, reference };
    const { references } = this.#cache;
    const record = await references.find(key, options);
    if (record === undefined && this.#mode === 'offline') {
      throw this.#notCached(isDigest(reference) ? 'manifest' : 'tag', nameOf(key));
    }
    if (record !== undefined && this.#isGood(record)) {
      await this.#accept(key, record.descriptor, options);
      span.set({ 'oci.cache_hit': true });
      this.#report({ outcome: 'hit', reference, digest: record.descriptor.digest, age: this.#ageOf(record) });
      return record.descriptor;
    }
    if (record !== undefined && this.#cache.isExpired(record)) {
      this.#cache.logger.debug('cache_expired', { reference: nameOf(key), digest: record.descriptor.digest });
      this.#cache.telemetry.count('floe_oci_cache_operations_total', { operation: 'expire' });
    }
    span.set({ 'oci.cache_hit': false });
    const question = `${nameOf(key)} ${references.moves(key)}`;
    const asked = await this.#cache.asking.run(question, (call) => this.#ask(key, record, call), options);
    const { digest } = asked.descriptor;
    this.#report({ outcome: asked.isKnown ? 'revalidated' : 'miss', reference, digest, age: 0 });
    await this.#accept(key, asked.descriptor, options);
    return asked.descriptor;
  }

  async *read(descriptor: Descriptor, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    const { digest } = descriptor;
    const { content } = this.#cache;
    const found = await content.find(descriptor, options);
    if (found !== undefined) {
      this.#report({ outcome: 'hit', digest });
      yield* found;
      return;
    }
    if (this.#mode === 'offline') {
      throw this.#notCached(isManifestDescriptor(descriptor) ? 'manifest' : 'blob', `${digest} of ${this.name}`);
    }
    this.#report({ outcome: 'miss', digest });
    yield* content.fetch(descriptor, this.behind, options);
  }

  /** What the cache gives is right; what comes through it is as good as the repository's. */
  async mayReread(attempt: number, options: CallOptions = {}): Promise<boolean> {
    return (await this.behind.mayReread?.(attempt, options)) ?? false;
  }

  /** Whether the repository has it; offline, whether the cache has. */
  async exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    return this.#mode === 'offline' ? this.#cache.content.has(descriptor) : this.behind.exists(descriptor, options);
  }

  async write(descriptor: Descriptor, source: ContentSource, options: WriteOptions = {}): Promise<WriteOutcome> {
    this.#checkOnline();
    try {
      return await this.behind.write(descriptor, source, options);
    } finally {
      for (const tag of options.tags ?? []) await this.#cache.references.forget({ ...this.#place, reference: tag });
    }
  }

  async tag(descriptor: ManifestDescriptor, tag: Tag, options: TagOptions = {}): Promise<void> {
    this.#checkOnline();
    try {
      await this.behind.tag(descriptor, tag, options);
    } finally {
      await this.#cache.references.forget({ ...this.#place, reference: tag });
    }
  }

  /**
   * The repository's; offline, those of which the cache knows where they led.
   * @throws OciError NOT_FOUND offline, when it knows of none: that is not to have none
   */
  async *tags(options: CallOptions = {}): AsyncGenerator<Tag> {
    if (this.#mode !== 'offline') return yield* this.behind.tags(options);
    const known = await this.#cache.references.tagsOf(this.#place, options);
    if (known.length === 0) throw this.#notCached('repository', this.name);
    yield* known;
  }

  async endorse(reference: Tag | Digest, manifest: ManifestDescriptor, endorsement: Endorsement): Promise<void> {
    await this.#cache.references.endorse({ ...this.#place, reference }, manifest, endorsement);
  }

  #isGood(record: ReferenceRecord): boolean {
    if (this.#mode === 'offline') return true;
    return this.#mode === 'cached' && !this.#cache.isExpired(record);
  }

  async #ask(key: CacheKey, record: ReferenceRecord | undefined, options: CallOptions): Promise<Asked> {
    const { references } = this.#cache;
    const checkedAt = this.#cache.now();
    const moves = references.moves(key);
    const resolution = await this.#resolveBehind(key, record, options);
    const { descriptor } = resolution;
    const isKnown = descriptor.digest === record?.descriptor.digest;
    const renewed = { ...key, ...resolution, checkedAt, fetchedAt: isKnown ? record.fetchedAt : checkedAt };
    const content = isKnown ? undefined : await readVerified(this.behind, descriptor, options);
    // What was moved meanwhile leads elsewhere by now.
    if (references.moves(key) !== moves) return { descriptor, isKnown };
    if (content === undefined) await references.renew(renewed);
    else await references.put(renewed, content, options);
    return { descriptor, isKnown };
  }

  async #resolveBehind(key: CacheKey, known: Resolution | undefined, options: CallOptions): Promise<Resolution> {
    try {
      return await this.behind.revalidate(key.reference, known, options);
    } catch (error) {
      if (isOciError(error, 'NOT_FOUND') && known !== undefined) await this.#cache.references.forget(key);
      throw error;
    }
  }

  async #accept(key: CacheKey, descriptor: ManifestDescriptor, options: CallOptions): Promise<void> {
    const { accept } = this.#options;
    if (accept !== undefined) await accept(key, await readVerified(this, descriptor, options));
  }

  #ageOf({ checkedAt }: ReferenceRecord): number {
    return Math.max(0, this.#cache.now() - checkedAt);
  }

  #report(lookup: CacheLookup): void {
    const { outcome, ...facts } = lookup;
    const event = outcome === 'miss' ? 'cache_miss' : 'cache_hit';
    this.#cache.logger.debug(event, { repository: this.name, ...facts, ...(outcome === 'revalidated' && { outcome }) });
    const operation = outcome === 'miss' ? 'miss' : 'hit';
    this.#cache.telemetry.count('floe_oci_cache_operations_total', { operation });
    this.#options.onLookup?.(lookup);
  }

  #checkOnline(): void {
    if (this.#mode !== 'offline') return;
    const { registry } = this.#place;
    const reason = 'nothing is asked of it, because this is offline';
    throw new OciError('REGISTRY_UNAVAILABLE', `${registry}: ${reason}`, { registry, reason, status: null });
  }

  #notCached(kind: 'repository' | 'manifest' | 'blob' | 'tag', name: string): OciError<'NOT_FOUND'> {
    const what = `${name} in the cache, which is all there is offline`;
    return new OciError('NOT_FOUND', `no ${kind} ${what}`, { kind, what, offline: true });
  }
}
