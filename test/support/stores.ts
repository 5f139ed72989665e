import { MemoryStore } from '../../src/oci/content/memoryStore.ts';
import type { CallOptions, ContentSource, TagLister, WriteOptions, WriteOutcome } from '../../src/oci/content/store.ts';
import { cancelled } from '../../src/oci/errors.ts';
import type { Descriptor, ManifestDescriptor } from '../../src/oci/spec/descriptor.ts';
import type { Digest } from '../../src/oci/spec/digest.ts';
import type { Tag } from '../../src/oci/spec/tag.ts';

type Call = 'exists' | 'resolve' | 'read' | 'write' | 'tag';

/** What a test may do before a call goes on: wait, or throw. `signal` is the call's own. */
export type Interfere = (call: Call, digest: string, signal: AbortSignal | undefined) => Promise<void> | void;

/** A memory store that keeps a record of its calls, counts those under way, and lets a test interfere with each. */
export class ObservedStore extends MemoryStore {
  /** Calls in the order in which they began: `write sha256:…`. */
  readonly calls: string[] = [];
  /** Calls that have not ended. */
  running = 0;
  /** The most that were under way at once. */
  peak = 0;
  /** Runs before each call. */
  interfere: Interfere = () => {};

  override exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    return this.#observe('exists', descriptor.digest, options, () => super.exists(descriptor, options));
  }

  override resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    return this.#observe('resolve', reference, options, () => super.resolve(reference, options));
  }

  override async *read(descriptor: Descriptor, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    this.#begin('read', descriptor.digest);
    try {
      await this.interfere('read', descriptor.digest, options.signal);
      yield* super.read(descriptor, options);
    } finally {
      this.running--;
    }
  }

  override write(descriptor: Descriptor, source: ContentSource, options: WriteOptions = {}): Promise<WriteOutcome> {
    return this.#observe('write', descriptor.digest, options, () => super.write(descriptor, source, options));
  }

  override tag(descriptor: ManifestDescriptor, tag: Tag, options: CallOptions = {}): Promise<void> {
    return this.#observe('tag', tag, options, () => super.tag(descriptor, tag, options));
  }

  #begin(call: Call, name: string): void {
    this.calls.push(`${call} ${name}`);
    this.running++;
    this.peak = Math.max(this.peak, this.running);
  }

  async #observe<T>(call: Call, name: string, { signal }: CallOptions, go: () => Promise<T>): Promise<T> {
    this.#begin(call, name);
    try {
      await this.interfere(call, name, signal);
      return await go();
    } finally {
      this.running--;
    }
  }
}

/** A destination that promises nothing about what is below a manifest. */
export class UncheckedStore extends ObservedStore {
  override readonly closure = 'unchecked' as const;
}

/** Digests in the order in which they were written. */
export function writtenTo(store: ObservedStore): readonly string[] {
  return store.calls.filter((call) => call.startsWith('write ')).map((call) => call.slice('write '.length));
}

/** The tags of a store, in order. */
export async function tagsOf(store: TagLister): Promise<readonly string[]> {
  const tags: string[] = [];
  for await (const tag of store.tags()) tags.push(tag);
  return tags;
}

/** Never ends by itself; ends a few turns after the signal, as a connection that is being closed does. */
export async function untilCancelled(signal: AbortSignal | undefined): Promise<never> {
  if (!signal?.aborted) {
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  }
  await turns(5);
  throw cancelled();
}

/** Lets whatever else is ready run first. */
export async function turns(count = 1): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
