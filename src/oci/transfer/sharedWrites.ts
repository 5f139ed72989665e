import { nodeKey } from '../content/graph.ts';
import type {
  CallOptions,
  ContentSource,
  ReferrerLister,
  ReferrersOptions,
  TagOptions,
  Target,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';

/**
 * A destination of several copies at once, in which a blob that two of them write is written by the first; the other waits
 * for it. When the first fails, the other writes it after all.
 */
export class SharedWrites implements Target, ReferrerLister {
  readonly name: string;
  readonly closure: Target['closure'];
  readonly #target: Target & ReferrerLister;
  readonly #writes = new Map<string, Promise<WriteOutcome>>();

  constructor(target: Target & ReferrerLister) {
    this.name = target.name;
    this.closure = target.closure;
    this.#target = target;
  }

  exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    return this.#target.exists(descriptor, options);
  }

  resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    return this.#target.resolve(reference, options);
  }

  read(descriptor: Descriptor, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return this.#target.read(descriptor, options);
  }

  referrers(subject: Digest, options: ReferrersOptions = {}): AsyncIterable<ManifestDescriptor> {
    return this.#target.referrers(subject, options);
  }

  tag(descriptor: ManifestDescriptor, tag: Tag, options: TagOptions = {}): Promise<void> {
    return this.#target.tag(descriptor, tag, options);
  }

  async write(descriptor: Descriptor, source: ContentSource, options: WriteOptions = {}): Promise<WriteOutcome> {
    if (isManifestDescriptor(descriptor) || options.rewrite) return this.#target.write(descriptor, source, options);
    const key = nodeKey(descriptor);
    const earlier = this.#writes.get(key);
    if (earlier !== undefined) {
      const isThere = await earlier.then(
        () => true,
        () => false,
      );
      if (isThere) return 'existed';
    }
    const writing = this.#target.write(descriptor, source, options);
    this.#writes.set(key, writing);
    try {
      return await writing;
    } finally {
      // What is there is known to the target; nothing need be remembered of a large mirror.
      if (this.#writes.get(key) === writing) this.#writes.delete(key);
    }
  }
}
