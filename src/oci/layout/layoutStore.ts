import { checkExpected } from '../content/expectedTag.ts';
import { partOfIndex } from '../content/partOfIndex.ts';
import type {
  CallOptions,
  ContentSource,
  ReferrersOptions,
  Repository,
  TagOptions,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { bytesOf, MAX_MANIFEST_SIZE, readVerified, sourceOf, verified } from '../content/verify.ts';
import { isOciError, OciError, type OciErrorDetails, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import { edgesOf, parseManifest } from '../spec/manifest.ts';
import type { Tag } from '../spec/tag.ts';
import { type VerifiedContent, verifyContent } from '../spec/verifiedContent.ts';
import { Blobs } from './blobs.ts';
import { Closure, isUnusable } from './closure.ts';
import { leftBehind } from './collect.ts';
import { identifyManifest } from './identifyManifest.ts';
import { IndexFile } from './indexFile.ts';
import { invalidLayout } from './invalidLayout.ts';
import {
  entryOfTag,
  type LayoutIndex,
  tagsOf,
  withManifest,
  withoutManifest,
  withoutTag,
  withoutUntagged,
  withTag,
} from './layoutIndex.ts';
import { type OpenLayoutOptions, openLayout } from './openLayout.ts';
import { Referrers } from './referrers.ts';
import { tooLarge } from './regularFile.ts';

/**
 * An OCI image layout folder as a store. Any number of processes may write to it at once: content never changes and
 * appears whole, and `index.json` changes under a lock.
 *
 * Every manifest written is listed in `index.json`, so that other tools find it and nothing takes it for garbage; what
 * an index references leaves the list when the index comes.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export class LayoutStore implements Repository {
  readonly closure = 'checked';
  readonly name: string;
  /** Folder of the layout, absolute and without symbolic links. */
  readonly path: string;
  readonly #blobs: Blobs;
  readonly #index: IndexFile;
  readonly #referrers: Referrers;
  /** Manifests on the list because this store wrote them without a tag. */
  readonly #untagged = new Set<Digest>();

  private constructor(name: string, path: string) {
    this.name = name;
    this.path = path;
    this.#blobs = new Blobs(path);
    this.#index = new IndexFile(path);
    this.#referrers = new Referrers(this, this.#index);
  }

  /**
   * @param path folder, as the user named it
   * @throws OciError NOT_FOUND (kind layout), INVALID_LAYOUT, FILE_NOT_READABLE; with `create` FILE_NOT_WRITABLE, LOCKED
   */
  static async open(path: string, options: OpenLayoutOptions = {}): Promise<LayoutStore> {
    return new LayoutStore(`layout:${path}`, await openLayout(path, options));
  }

  /**
   * Content exists when its file has the right bytes, and a manifest when all it references does, too: other tools, and
   * hands, may have taken something away or changed it.
   */
  async exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    throwIfAborted(options.signal);
    return new Closure(this, (blob) => this.#blobs.holds(blob, options), options).has(descriptor);
  }

  /** By digest, any manifest is found that is there, listed or not. */
  async resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    const index = await this.#index.read(options);
    const byDigest = isDigest(reference);
    const entry = byDigest
      ? index.manifests.find((entry) => entry.digest === reference && isManifestDescriptor(entry))
      : entryOfTag(index, reference);
    if (entry === undefined) {
      const found = byDigest ? await identifyManifest(this.#blobs, reference, options) : undefined;
      if (found === undefined) throw this.#notFound(byDigest ? 'manifest' : 'tag', reference);
      return found;
    }
    if (!isManifestDescriptor(entry)) throw invalidLayout(this.#index.path, `points ${reference} at no manifest`);
    if ((await this.#blobs.sizeOf(entry.digest)) === undefined) throw this.#notFound('manifest', entry.digest);
    const { mediaType, digest, size, artifactType } = entry;
    return { mediaType, digest, size, ...(artifactType === undefined ? {} : { artifactType }) };
  }

  read(descriptor: Descriptor, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return this.#blobs.read(descriptor, options);
  }

  readAfter(descriptor: Descriptor, offset: number, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return this.#blobs.readAfter(descriptor, offset, options);
  }

  isAtRest(): boolean {
    return true;
  }

  /** @throws OciError INVALID_MANIFEST, LIMIT_EXCEEDED, FILE_NOT_WRITABLE, LOCKED, LOCK_LOST besides what every store throws */
  async write(descriptor: Descriptor, source: ContentSource, options: WriteOptions = {}): Promise<WriteOutcome> {
    throwIfAborted(options.signal);
    const outcome = !options.rewrite && (await this.exists(descriptor, options)) ? 'existed' : 'written';
    if (isManifestDescriptor(descriptor)) {
      const references = outcome === 'written' ? await this.#writeManifest(descriptor, source, options) : [];
      await this.#list(descriptor, references, options);
      if (outcome === 'written' && !options.tags?.length) this.#untagged.add(descriptor.digest);
    } else if (outcome === 'written') {
      await this.#blobs.ingest(descriptor, source, options);
    }
    return outcome;
  }

  async tag(descriptor: ManifestDescriptor, tag: Tag, options: TagOptions = {}): Promise<void> {
    throwIfAborted(options.signal);
    const before = async (): Promise<void> => {
      if (!(await this.#blobs.has(descriptor))) throw this.#notFound('manifest', descriptor.digest);
    };
    await before();
    const { expected: _, ...call } = options;
    await this.#index.update((index) => this.#tagged(index, descriptor, [tag], options), { ...call, before });
  }

  /**
   * Takes a tag away; the manifest stays, and is found by its digest.
   * @throws OciError NOT_FOUND (kind tag), and what `tag` throws
   */
  async untag(tag: Tag, options: CallOptions = {}): Promise<void> {
    await this.#index.update((index) => {
      if (entryOfTag(index, tag) === undefined) throw this.#notFound('tag', tag);
      return withoutTag(index, tag);
    }, options);
  }

  async *tags(options: CallOptions = {}): AsyncGenerator<Tag> {
    yield* tagsOf(await this.#index.read(options));
  }

  /** @throws OciError INVALID_LAYOUT, FILE_NOT_READABLE besides what every store throws */
  referrers(subject: Digest, options: ReferrersOptions = {}): AsyncIterable<ManifestDescriptor> {
    return this.#referrers.list(subject, options);
  }

  /**
   * Takes a manifest and its tags off the list, and removes what nothing else on the list needs.
   * @throws OciError UNSUPPORTED for one that is not listed itself, but part of an index that is; what `tag` throws
   */
  async delete({ digest }: ManifestDescriptor, options: CallOptions = {}): Promise<void> {
    try {
      await this.#index.update(
        (index) => {
          const rest = withoutManifest(index, digest);
          if (rest === index) throw this.#notFound('manifest', digest);
          return rest;
        },
        { ...options, after: (index, former) => this.#collect(digest, index, former) },
      );
    } catch (error) {
      const index = isOciError(error, 'NOT_FOUND') ? await this.#referrers.indexOf(digest, options) : undefined;
      throw index === undefined ? error : partOfIndex(this.name, digest, index);
    }
    this.#untagged.delete(digest);
  }

  /** Under the lock, so that nothing is listed meanwhile that needs it. The deletion itself is done, whatever becomes of this. */
  async #collect(deleted: Digest, index: LayoutIndex, former: LayoutIndex): Promise<void> {
    const entry = former.manifests.find(({ digest }) => digest === deleted);
    if (entry === undefined || !isManifestDescriptor(entry)) return;
    for (const digest of await leftBehind(this, index, entry)) await this.#blobs.remove(digest);
  }

  /** @returns the digests of the manifests it references */
  async #writeManifest(
    descriptor: ManifestDescriptor,
    source: ContentSource,
    options: CallOptions,
  ): Promise<readonly Digest[]> {
    if (descriptor.size > MAX_MANIFEST_SIZE) throw tooLarge(descriptor.digest, MAX_MANIFEST_SIZE);
    const content = verifyContent(descriptor, await bytesOf(verified(descriptor, source())));
    await this.#checkWhole(content, options);
    await this.#blobs.ingest(descriptor, sourceOf(content.bytes), options);
    const edges = edgesOf(parseManifest(content));
    return edges.filter(({ kind }) => kind === 'manifest').map((edge) => edge.descriptor.digest);
  }

  async #list(descriptor: ManifestDescriptor, references: readonly Digest[], options: WriteOptions): Promise<void> {
    const reached = references.filter((digest) => this.#untagged.delete(digest));
    const list = (index: LayoutIndex): LayoutIndex => {
      const listed = withoutUntagged(withManifest(index, descriptor), reached);
      return this.#tagged(listed, descriptor, options.tags ?? [], options);
    };
    // Since it was looked at, a deletion may have removed what it shared with something else.
    const before = async (): Promise<void> => this.#checkWhole(await this.#reread(descriptor, options), options);
    await this.#index.update(list, { ...(options.signal && { signal: options.signal }), before });
  }

  /** @throws OciError MISSING_REFERENCE */
  async #checkWhole(content: VerifiedContent<ManifestDescriptor>, options: CallOptions): Promise<void> {
    const closure = new Closure(this, (blob) => this.#blobs.has(blob), options);
    const missing = await closure.missingFrom(content);
    if (missing.length > 0) throw this.#missing(content.descriptor.digest, missing);
  }

  /** @throws OciError MISSING_REFERENCE when the manifest has gone itself */
  async #reread(descriptor: ManifestDescriptor, options: CallOptions): Promise<VerifiedContent<ManifestDescriptor>> {
    try {
      return await readVerified(this, descriptor, options);
    } catch (error) {
      throw isUnusable(error) ? this.#missing(descriptor.digest, [descriptor.digest]) : error;
    }
  }

  /** Part of a change of the index, which nobody else's can come between. @throws OciError TAG_RACE */
  #tagged(
    index: LayoutIndex,
    descriptor: ManifestDescriptor,
    tags: readonly Tag[],
    { expected }: TagOptions,
  ): LayoutIndex {
    for (const tag of tags) {
      const actual = entryOfTag(index, tag)?.digest ?? 'absent';
      checkExpected(`${this.name}:${tag}`, actual, descriptor.digest, expected);
    }
    return tags.reduce((list, tag) => withTag(list, descriptor, tag), index);
  }

  #missing(manifest: Digest, missing: readonly Digest[]): OciError<'MISSING_REFERENCE'> {
    const message = `${this.name} lacks content of ${manifest}`;
    return new OciError('MISSING_REFERENCE', message, { manifest, missing });
  }

  #notFound(kind: OciErrorDetails['NOT_FOUND']['kind'], name: string): OciError<'NOT_FOUND'> {
    return new OciError('NOT_FOUND', `${this.name} has no ${kind} ${name}`, { kind, what: `${name} in ${this.name}` });
  }
}
