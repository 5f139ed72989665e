import { OciError, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import { edgesOf, type Manifest, parseManifest } from '../spec/manifest.ts';
import { describeReferrer } from '../spec/referrer.ts';
import type { Tag } from '../spec/tag.ts';
import { verifyContent } from '../spec/verifiedContent.ts';
import { checkExpected } from './expectedTag.ts';
import { partOfIndex } from './partOfIndex.ts';
import type {
  CallOptions,
  ContentSource,
  ReferrersOptions,
  Repository,
  TagOptions,
  TagState,
  WriteOptions,
  WriteOutcome,
} from './store.ts';
import { bytesOf, sourceOf, verified } from './verify.ts';

/**
 * Content in memory, for small artifacts that are being put together and for tests. What a store promises, it keeps in
 * the plainest way; read it to learn what the other stores must do.
 */
export class MemoryStore implements Repository {
  readonly closure: Repository['closure'] = 'enforced';
  readonly name: string;
  readonly #contents = new Map<Digest, Uint8Array>();
  readonly #manifests = new Map<Digest, ManifestDescriptor>();
  readonly #tags = new Map<Tag, Digest>();

  constructor(name = 'memory') {
    this.name = name;
  }

  async exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    throwIfAborted(options.signal);
    return this.#has(descriptor);
  }

  async resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    throwIfAborted(options.signal);
    const byDigest = isDigest(reference);
    const digest = byDigest ? reference : this.#tags.get(reference);
    const manifest = digest && this.#manifests.get(digest);
    if (!manifest) throw this.#notFound(byDigest ? 'manifest' : 'tag', reference);
    return manifest;
  }

  async *read(descriptor: Descriptor, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    throwIfAborted(options.signal);
    const bytes = this.#has(descriptor) ? this.#contents.get(descriptor.digest) : undefined;
    if (!bytes) throw this.#notFound(isManifestDescriptor(descriptor) ? 'manifest' : 'blob', descriptor.digest);
    yield* verified(descriptor, sourceOf(bytes)());
  }

  /** @throws OciError INVALID_MANIFEST besides what every store throws */
  async write(descriptor: Descriptor, source: ContentSource, options: WriteOptions = {}): Promise<WriteOutcome> {
    const { signal, tags = [], rewrite = false } = options;
    throwIfAborted(signal);
    const outcome = this.#has(descriptor) && !rewrite ? 'existed' : await this.#ingest(descriptor, source, signal);
    this.#point(tags, descriptor.digest, options.expected);
    return outcome;
  }

  async tag(descriptor: ManifestDescriptor, tag: Tag, options: TagOptions = {}): Promise<void> {
    throwIfAborted(options.signal);
    if (!this.#manifests.has(descriptor.digest)) throw this.#notFound('manifest', descriptor.digest);
    this.#point([tag], descriptor.digest, options.expected);
  }

  async *tags(options: CallOptions = {}): AsyncGenerator<Tag> {
    throwIfAborted(options.signal);
    yield* [...this.#tags.keys()].sort();
  }

  async *referrers(
    subject: Digest,
    { artifactType, signal }: ReferrersOptions = {},
  ): AsyncGenerator<ManifestDescriptor> {
    throwIfAborted(signal);
    for (const descriptor of this.#manifests.values()) {
      const manifest = this.#parse(descriptor);
      if (manifest.subject?.digest !== subject) continue;
      const referrer = describeReferrer(descriptor, manifest);
      if (artifactType === undefined || referrer.artifactType === artifactType) yield referrer;
    }
  }

  async untag(tag: Tag, options: CallOptions = {}): Promise<void> {
    throwIfAborted(options.signal);
    if (!this.#tags.delete(tag)) throw this.#notFound('tag', tag);
  }

  /** @throws OciError UNSUPPORTED while an index has the manifest: an index that exists has all its content */
  async delete({ digest }: ManifestDescriptor, options: CallOptions = {}): Promise<void> {
    throwIfAborted(options.signal);
    if (!this.#manifests.has(digest)) throw this.#notFound('manifest', digest);
    for (const other of this.#manifests.values()) {
      const isPart = edgesOf(this.#parse(other)).some(({ kind, descriptor }) => {
        return kind === 'manifest' && descriptor.digest === digest;
      });
      if (isPart) throw partOfIndex(this.name, digest, other.digest);
    }
    this.#manifests.delete(digest);
    this.#contents.delete(digest);
    for (const [tag, named] of this.#tags) if (named === digest) this.#tags.delete(tag);
  }

  /** All tags or none, in one step. */
  #point(tags: readonly Tag[], digest: Digest, expected: TagState | undefined): void {
    for (const tag of tags) {
      checkExpected(`${this.name}:${tag}`, this.#tags.get(tag) ?? 'absent', digest, expected);
    }
    for (const tag of tags) this.#tags.set(tag, digest);
  }

  #parse(descriptor: ManifestDescriptor): Manifest {
    return parseManifest(verifyContent(descriptor, this.#contents.get(descriptor.digest) ?? new Uint8Array()));
  }

  /** Bytes that came as a blob are not a manifest yet, as in a registry: nobody has checked what they reference. */
  #has(descriptor: Descriptor): boolean {
    return isManifestDescriptor(descriptor)
      ? this.#manifests.has(descriptor.digest)
      : this.#contents.has(descriptor.digest);
  }

  async #ingest(descriptor: Descriptor, source: ContentSource, signal: AbortSignal | undefined): Promise<'written'> {
    const bytes = await bytesOf(verified(descriptor, untilAborted(source(), signal)));
    throwIfAborted(signal);
    if (isManifestDescriptor(descriptor)) {
      this.#checkClosure(descriptor, bytes);
      const { mediaType, digest, size } = descriptor;
      this.#manifests.set(digest, { mediaType, digest, size });
    }
    this.#contents.set(descriptor.digest, bytes);
    return 'written';
  }

  #checkClosure(descriptor: ManifestDescriptor, bytes: Uint8Array): void {
    const missing = edgesOf(parseManifest(verifyContent(descriptor, bytes)))
      .filter((edge) => edge.kind !== 'subject' && !this.#has(edge.descriptor))
      .map((edge) => edge.descriptor.digest);
    if (missing.length === 0) return;
    throw new OciError('MISSING_REFERENCE', `${this.name} lacks content of ${descriptor.digest}`, {
      manifest: descriptor.digest,
      missing,
    });
  }

  #notFound(kind: 'manifest' | 'blob' | 'tag', name: string): OciError<'NOT_FOUND'> {
    return new OciError('NOT_FOUND', `${this.name} has no ${kind} ${name}`, { kind, what: `${name} in ${this.name}` });
  }
}

async function* untilAborted(
  stream: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    throwIfAborted(signal);
    yield chunk;
  }
}
