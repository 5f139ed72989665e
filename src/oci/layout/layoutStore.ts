import { partOfIndex } from '../content/partOfIndex.ts';
import type {
  CallOptions,
  ContentSource,
  ReferrersOptions,
  Repository,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { bytesOf, MAX_MANIFEST_SIZE, sourceOf, verified } from '../content/verify.ts';
import { isOciError, OciError, type OciErrorDetails, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import { edgesOf, parseManifest } from '../spec/manifest.ts';
import { MediaType } from '../spec/mediaTypes.ts';
import type { Tag } from '../spec/tag.ts';
import { verifyContent } from '../spec/verifiedContent.ts';
import { Blobs } from './blobs.ts';
import { Closure } from './closure.ts';
import { invalidLayout } from './fileErrors.ts';
import { IndexFile } from './indexFile.ts';
import {
  entryOfTag,
  tagsOf,
  withManifest,
  withoutManifest,
  withoutTag,
  withoutUntagged,
  withTag,
} from './layoutIndex.ts';
import { manifestMediaTypeOf } from './manifestMediaType.ts';
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
  readonly closure = 'enforced';
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

  /** A manifest exists when all it references does, too: other tools, and hands, may have left some out. */
  async exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    throwIfAborted(options.signal);
    return new Closure(this, this.#blobs, options).has(descriptor);
  }

  /** By digest, any manifest is found that is there, listed or not. */
  async resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    const index = await this.#index.read(options);
    const byDigest = isDigest(reference);
    const entry = byDigest
      ? index.manifests.find((entry) => entry.digest === reference && isManifestDescriptor(entry))
      : entryOfTag(index, reference);
    if (entry === undefined) {
      const found = byDigest ? await this.#identify(reference, options) : undefined;
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

  async tag(descriptor: ManifestDescriptor, tag: Tag, options: CallOptions = {}): Promise<void> {
    throwIfAborted(options.signal);
    if (!(await this.#blobs.has(descriptor))) throw this.#notFound('manifest', descriptor.digest);
    await this.#index.update((index) => withTag(index, descriptor, tag), options);
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
   * Takes a manifest and its tags off the list. The bytes stay until `collect` finds that nothing needs them.
   * @throws OciError UNSUPPORTED for one that is not listed itself, but part of an index that is; what `tag` throws
   */
  async delete({ digest }: ManifestDescriptor, options: CallOptions = {}): Promise<void> {
    try {
      await this.#index.update((index) => {
        const rest = withoutManifest(index, digest);
        if (rest === index) throw this.#notFound('manifest', digest);
        return rest;
      }, options);
    } catch (error) {
      const index = isOciError(error, 'NOT_FOUND') ? await this.#referrers.indexOf(digest, options) : undefined;
      throw index === undefined ? error : partOfIndex(this.name, digest, index);
    }
    this.#untagged.delete(digest);
  }

  /** @returns the digests of the manifests it references */
  async #writeManifest(
    descriptor: ManifestDescriptor,
    source: ContentSource,
    options: CallOptions,
  ): Promise<readonly Digest[]> {
    if (descriptor.size > MAX_MANIFEST_SIZE) throw tooLarge(descriptor.digest, MAX_MANIFEST_SIZE);
    const content = verifyContent(descriptor, await bytesOf(verified(descriptor, source())));
    const missing = await new Closure(this, this.#blobs, options).missingFrom(content);
    if (missing.length > 0) {
      throw new OciError('MISSING_REFERENCE', `${this.name} lacks content of ${descriptor.digest}`, {
        manifest: descriptor.digest,
        missing,
      });
    }
    await this.#blobs.ingest(descriptor, sourceOf(content.bytes), options);
    const edges = edgesOf(parseManifest(content));
    return edges.filter(({ kind }) => kind === 'manifest').map((edge) => edge.descriptor.digest);
  }

  async #list(descriptor: ManifestDescriptor, references: readonly Digest[], options: WriteOptions): Promise<void> {
    const reached = references.filter((digest) => this.#untagged.delete(digest));
    await this.#index.update((index) => {
      const listed = withoutUntagged(withManifest(index, descriptor), reached);
      return (options.tags ?? []).reduce((list, tag) => withTag(list, descriptor, tag), listed);
    }, options);
  }

  /** Finds out what a manifest is that is not listed: part of an index, or left by an interrupted writer. */
  async #identify(digest: Digest, options: CallOptions): Promise<ManifestDescriptor | undefined> {
    const size = await this.#blobs.sizeOf(digest);
    if (size === undefined || size > MAX_MANIFEST_SIZE) return undefined;
    const bytes = await bytesOf(this.#blobs.read({ mediaType: MediaType.imageManifest, digest, size }, options));
    const mediaType = manifestMediaTypeOf(bytes);
    return mediaType && { mediaType, digest, size };
  }

  #notFound(kind: OciErrorDetails['NOT_FOUND']['kind'], name: string): OciError<'NOT_FOUND'> {
    return new OciError('NOT_FOUND', `${this.name} has no ${kind} ${name}`, { kind, what: `${name} in ${this.name}` });
  }
}
