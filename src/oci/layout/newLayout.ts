import { join } from 'node:path';
import { MemoryStore } from '../content/memoryStore.ts';
import type {
  CallOptions,
  ContentSource,
  ReferrersOptions,
  Repository,
  TagOptions,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { Descriptor, ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import { LayoutStore } from './layoutStore.ts';
import type { OpenLayoutOptions } from './openLayout.ts';
import { statRegularFile } from './regularFile.ts';

/**
 * The layout at `path`. With `create`, one that is not there is made when something is first written to it, so that what
 * fails before leaves nothing behind.
 * @throws OciError as {@link LayoutStore.open} does
 */
export async function openLayoutStore(path: string, options: OpenLayoutOptions = {}): Promise<Repository> {
  const { create = false, ...call } = options;
  try {
    return await LayoutStore.open(path, call);
  } catch (error) {
    if (!create || !isOciError(error, 'NOT_FOUND')) throw error;
  }
  // What its maker, who was killed, has already listed counts from the first look on.
  const isBegun = (await statRegularFile(join(path, 'index.json'))) !== undefined;
  return isBegun ? LayoutStore.open(path, options) : new NewLayout(path);
}

/** Nothing, until something is written. */
class NewLayout implements Repository {
  readonly closure = 'checked';
  readonly name: string;
  readonly #path: string;
  #store: Repository;
  #making: Promise<Repository> | undefined;

  constructor(path: string) {
    this.#path = path;
    this.name = `layout:${path}`;
    this.#store = new MemoryStore(this.name);
  }

  exists(descriptor: Descriptor, options?: CallOptions): Promise<boolean> {
    return this.#store.exists(descriptor, options);
  }

  resolve(reference: Tag | Digest, options?: CallOptions): Promise<ManifestDescriptor> {
    return this.#store.resolve(reference, options);
  }

  read(descriptor: Descriptor, options?: CallOptions): AsyncIterable<Uint8Array> {
    return this.#store.read(descriptor, options);
  }

  /** @throws OciError FILE_NOT_WRITABLE, INVALID_LAYOUT, LOCKED when it cannot be made, and what {@link LayoutStore.write} throws */
  async write(descriptor: Descriptor, source: ContentSource, options?: WriteOptions): Promise<WriteOutcome> {
    const store = await this.#make(options);
    return store.write(descriptor, source, options);
  }

  tag(descriptor: ManifestDescriptor, tag: Tag, options?: TagOptions): Promise<void> {
    return this.#store.tag(descriptor, tag, options);
  }

  untag(tag: Tag, options?: CallOptions): Promise<void> {
    return this.#store.untag(tag, options);
  }

  tags(options?: CallOptions): AsyncIterable<Tag> {
    return this.#store.tags(options);
  }

  referrers(subject: Digest, options?: ReferrersOptions): AsyncIterable<ManifestDescriptor> {
    return this.#store.referrers(subject, options);
  }

  delete(manifest: ManifestDescriptor, options?: CallOptions): Promise<void> {
    return this.#store.delete(manifest, options);
  }

  async #make({ signal }: CallOptions = {}): Promise<Repository> {
    const making = this.#making ?? LayoutStore.open(this.#path, { create: true, ...(signal && { signal }) });
    this.#making = making;
    try {
      this.#store = await making;
      return this.#store;
    } catch (error) {
      if (this.#making === making) this.#making = undefined;
      throw error;
    }
  }
}
