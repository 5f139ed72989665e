import type { CallOptions } from '../content/store.ts';
import { bytesOf, MAX_MANIFEST_SIZE, sourceOf } from '../content/verify.ts';
import { isOciError } from '../errors.ts';
import { manifestMediaTypeOf } from '../layout/manifestMediaType.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import { edgesOf, parseManifest } from '../spec/manifest.ts';
import { MediaType } from '../spec/mediaTypes.ts';
import type { Tag } from '../spec/tag.ts';
import type { VerifiedContent } from '../spec/verifiedContent.ts';
import type { CachedContent, CacheParts } from './cachedContent.ts';
import { type CacheKey, type CachePlace, nameOf } from './cacheKey.ts';
import type { Endorsement } from './endorsement.ts';
import { formatRecord, type ReferenceRecord } from './referenceRecord.ts';

/** The half of a cache that is named by tags: where references led when the registry was last asked. */
export class CachedReferences {
  readonly #parts: CacheParts;
  readonly #content: CachedContent;
  /** How often a reference was moved from here. */
  readonly #moves = new Map<string, number>();

  constructor(parts: CacheParts, content: CachedContent) {
    this.#parts = parts;
    this.#content = content;
  }

  /**
   * Where a reference led, fresh or not. A digest needs no record: what is there under that name is what it leads to.
   * @throws OciError CANCELLED
   */
  async find(key: CacheKey, options: CallOptions = {}): Promise<ReferenceRecord | undefined> {
    const { folder, health, now } = this.#parts;
    return health.attempt(async () => {
      if (!(await folder.isThere())) return undefined;
      const record = await this.#read(key);
      if (record !== undefined) await folder.records.touch(key, now());
      if (record !== undefined || !isDigest(key.reference)) return record;
      const descriptor = await this.#identify(key.reference, options);
      return descriptor && { ...key, descriptor, fetchedAt: now(), checkedAt: now() };
    });
  }

  /**
   * Keeps where a reference leads, with its manifest; nothing of it when all that it names could never fit.
   * @throws OciError INVALID_MANIFEST, CANCELLED
   */
  async put(
    record: ReferenceRecord,
    content: VerifiedContent<ManifestDescriptor>,
    options: CallOptions = {},
  ): Promise<void> {
    const { space, logger } = this.#parts;
    const { descriptor } = record;
    const below = edgesOf(parseManifest(content)).filter(({ kind }) => kind !== 'subject');
    const size = below.reduce((sum, edge) => sum + edge.descriptor.size, descriptor.size);
    if (!space.isEnoughFor(size)) {
      this.#content.refuse([descriptor.digest, ...below.map((edge) => edge.descriptor.digest)]);
      logger.debug('cache_passed_by', { reference: nameOf(record), size });
      return;
    }
    const isThere = await this.#content.has(descriptor);
    const manifest = sourceOf(content.bytes);
    if (!isThere && !(await this.#content.ingest(descriptor, manifest, { ...options, durable: false }))) return;
    await this.renew(record);
  }

  /** Keeps where a reference leads whose manifest is there already, or can be had by its digest. */
  async renew(record: ReferenceRecord): Promise<void> {
    const { folder, space, health, logger, now } = this.#parts;
    const { digest } = record.descriptor;
    const write = (): Promise<void> => folder.records.put(record, now());
    const { length } = formatRecord(record);
    space.hold(digest);
    const isPut = await health
      .write(() => folder.write(() => space.use(length, folder.records.pathOf(record), write)))
      .finally(() => space.release(digest));
    if (!isPut) return;
    folder.listing.set(nameOf(record), record.descriptor);
    logger.debug('cache_put', { reference: nameOf(record), digest });
  }

  /** Keeps the word of who has read what a reference leads to. Where it cannot be kept, nothing is lost. */
  async endorse(key: CacheKey, descriptor: ManifestDescriptor, endorsement: Endorsement): Promise<void> {
    const { folder, space, logger, now } = this.#parts;
    try {
      if (!(await folder.isThere())) return;
      const isKnown = !isDigest(key.reference) || (await folder.records.read(key)) !== undefined;
      if (isKnown) return await folder.records.endorse(key, descriptor.digest, endorsement, now());
      // Content that came by a tag is found by its digest without a record; the word needs one.
      const record = { ...key, descriptor, fetchedAt: now(), checkedAt: now(), endorsement };
      const write = (): Promise<void> => folder.records.put(record, now());
      const isPut = await space.use(formatRecord(record).length, folder.records.pathOf(key), write);
      if (isPut) folder.listing.set(nameOf(key), descriptor);
    } catch (error) {
      logger.debug('cache_not_endorsed', { reference: nameOf(key), reason: String(error) });
    }
  }

  /** A number that is another one after {@link forget}: what a registry was asked before that is no answer any more. */
  moves(key: CacheKey): number {
    return this.#moves.get(nameOf(key)) ?? 0;
  }

  /** The reference leads nowhere any more, or elsewhere. */
  async forget(key: CacheKey): Promise<void> {
    const { folder, health } = this.#parts;
    this.#moves.set(nameOf(key), this.moves(key) + 1);
    if (!(await health.attempt(() => folder.isThere()))) return;
    await health.attempt(() => folder.records.remove(key));
    folder.listing.set(nameOf(key), undefined);
  }

  /** Nothing leads to this manifest any more. */
  async forgetManifest(place: CachePlace, digest: Digest): Promise<void> {
    const records = await this.#recordsOf(place);
    for (const record of records.filter(({ descriptor }) => descriptor.digest === digest)) await this.forget(record);
  }

  /** Tags of a repository that are there, in lexical order. @throws OciError CANCELLED */
  async tagsOf(place: CachePlace, options: CallOptions = {}): Promise<readonly Tag[]> {
    const references = (await this.#recordsOf(place, options)).map(({ reference }) => reference);
    return references.filter((reference): reference is Tag => !isDigest(reference)).sort();
  }

  async #recordsOf(
    { registry, repository }: CachePlace,
    options: CallOptions = {},
  ): Promise<readonly ReferenceRecord[]> {
    const { folder, health } = this.#parts;
    const all = await health.attempt(async () => ((await folder.isThere()) ? folder.records.all(options) : undefined));
    return (all?.found ?? [])
      .map(({ record }) => record)
      .filter((record) => record.registry === registry && record.repository === repository);
  }

  async #read(key: CacheKey): Promise<ReferenceRecord | undefined> {
    const { folder, logger, telemetry } = this.#parts;
    try {
      return await folder.records.read(key);
    } catch (error) {
      if (!isOciError(error, 'INVALID_LAYOUT') && !isOciError(error, 'LIMIT_EXCEEDED')) throw error;
      logger.warn('cache_corruption_detected', { path: folder.records.pathOf(key), reason: error.message });
      telemetry.count('floe_oci_cache_operations_total', { operation: 'repair' });
      return undefined;
    }
  }

  async #identify(digest: Digest, options: CallOptions): Promise<ManifestDescriptor | undefined> {
    const size = await this.#parts.folder.blobs.sizeOf(digest);
    if (size === undefined || size > MAX_MANIFEST_SIZE) return undefined;
    const stream = await this.#content.find({ mediaType: MediaType.imageManifest, digest, size }, options);
    const mediaType = stream && manifestMediaTypeOf(await bytesOf(stream));
    return mediaType && { mediaType, digest, size };
  }
}
