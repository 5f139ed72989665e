import { nodeKey } from '../content/graph.ts';
import type {
  CallOptions,
  ContentSource,
  ReferrerLister,
  ReferrersOptions,
  Target,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';

/**
 * Stands in for a destination in a dry run: asks it what it has, and writes nothing. What a copy to it reports is what a
 * copy to the destination would do, now.
 */
export class Rehearsal implements Target, ReferrerLister {
  readonly name: string;
  readonly closure: Target['closure'];
  readonly #destination: Target & ReferrerLister;
  readonly #outcome: WriteOutcome;
  readonly #written = new Map<string, Descriptor>();
  readonly #tags = new Map<Tag, ManifestDescriptor>();

  /** @param outcome what becomes of a blob that is not there: `mounted` when source and destination share a registry */
  constructor(destination: Target & ReferrerLister, outcome: WriteOutcome = 'written') {
    this.name = destination.name;
    this.closure = destination.closure;
    this.#destination = destination;
    this.#outcome = outcome;
  }

  async exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    return this.#written.has(nodeKey(descriptor)) || this.#destination.exists(descriptor, options);
  }

  async resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    const tagged = isDigest(reference) ? undefined : this.#tags.get(reference);
    return tagged ?? this.#destination.resolve(reference, options);
  }

  read(descriptor: Descriptor, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return this.#destination.read(descriptor, options);
  }

  async write(descriptor: Descriptor, _source: ContentSource, options: WriteOptions = {}): Promise<WriteOutcome> {
    for (const tag of options.tags ?? []) this.#tags.set(tag, descriptor as ManifestDescriptor);
    if (await this.exists(descriptor, options)) return 'existed';
    this.#written.set(nodeKey(descriptor), descriptor);
    return isManifestDescriptor(descriptor) ? 'written' : this.#outcome;
  }

  async tag(descriptor: ManifestDescriptor, tag: Tag): Promise<void> {
    this.#tags.set(tag, descriptor);
  }

  referrers(subject: Digest, options: ReferrersOptions = {}): AsyncIterable<ManifestDescriptor> {
    return this.#destination.referrers(subject, options);
  }
}
