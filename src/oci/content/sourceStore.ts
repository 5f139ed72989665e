import { OciError, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import { checkExpected } from './expectedTag.ts';
import type { CallOptions, ContentSource, TagOptions, TagState, Target, WriteOptions, WriteOutcome } from './store.ts';
import { bytesOf, skip, sourceOf, verified } from './verify.ts';

/**
 * An artifact that is put together to be copied elsewhere. Blobs are kept as their sources: a file of any size takes part
 * without being read before the copy reads it, and is verified then, here or by whoever takes it. Manifests are verified
 * and kept as bytes.
 */
export class SourceStore implements Target {
  readonly closure = 'unchecked';
  readonly name: string;
  readonly #sources = new Map<Digest, ContentSource>();
  readonly #manifests = new Map<Digest, ManifestDescriptor>();
  readonly #tags = new Map<Tag, Digest>();

  constructor(name = 'memory') {
    this.name = name;
  }

  async exists({ digest }: Descriptor, options: CallOptions = {}): Promise<boolean> {
    throwIfAborted(options.signal);
    return this.#sources.has(digest);
  }

  async resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    throwIfAborted(options.signal);
    const digest = isDigest(reference) ? reference : this.#tags.get(reference);
    const manifest = digest && this.#manifests.get(digest);
    if (!manifest) throw this.#notFound(isDigest(reference) ? 'manifest' : 'tag', reference);
    return manifest;
  }

  read(descriptor: Descriptor, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return verified(descriptor, this.readAfter(descriptor, 0, options));
  }

  async *readAfter({ digest }: Descriptor, offset: number, { signal }: CallOptions = {}): AsyncGenerator<Uint8Array> {
    throwIfAborted(signal);
    const source = this.#sources.get(digest);
    if (!source) throw this.#notFound('blob', digest);
    yield* source.after?.(offset) ?? skip(offset, source());
  }

  isAtRest({ digest }: Descriptor): boolean {
    return this.#sources.get(digest)?.atRest === true;
  }

  async write(descriptor: Descriptor, source: ContentSource, options: WriteOptions = {}): Promise<WriteOutcome> {
    const { signal, tags = [] } = options;
    throwIfAborted(signal);
    const existed = this.#sources.has(descriptor.digest);
    if (isManifestDescriptor(descriptor)) {
      this.#sources.set(descriptor.digest, sourceOf(await bytesOf(verified(descriptor, source()))));
      this.#manifests.set(descriptor.digest, descriptor);
    } else {
      this.#sources.set(descriptor.digest, source);
    }
    this.#point(tags, descriptor.digest, options.expected);
    return existed ? 'existed' : 'written';
  }

  async tag({ digest }: ManifestDescriptor, tag: Tag, options: TagOptions = {}): Promise<void> {
    throwIfAborted(options.signal);
    if (!this.#manifests.has(digest)) throw this.#notFound('manifest', digest);
    this.#point([tag], digest, options.expected);
  }

  #point(tags: readonly Tag[], digest: Digest, expected: TagState | undefined): void {
    for (const tag of tags) {
      checkExpected(`${this.name}:${tag}`, this.#tags.get(tag) ?? 'absent', digest, expected);
    }
    for (const tag of tags) this.#tags.set(tag, digest);
  }

  #notFound(kind: 'manifest' | 'blob' | 'tag', name: string): OciError<'NOT_FOUND'> {
    return new OciError('NOT_FOUND', `${this.name} has no ${kind} ${name}`, { kind, what: `${name} in ${this.name}` });
  }
}
