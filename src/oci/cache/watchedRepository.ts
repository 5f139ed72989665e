import type {
  CallOptions,
  ContentSource,
  ReferrersOptions,
  Repository,
  TagOptions,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import type { Descriptor, ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import type { CachedReferences } from './cachedReferences.ts';
import type { CachePlace } from './cacheKey.ts';

/**
 * A repository as it is, for those who change it: nothing comes from the cache, for what is there decides whether there is
 * something to do. The cache forgets where a tag led that was moved or taken away, so that what was pushed is what is pulled.
 */
export class WatchedRepository implements Repository {
  readonly name: string;
  readonly behind: Repository;
  readonly closure: Repository['closure'];
  readonly readAfter?: NonNullable<Repository['readAfter']>;
  readonly #place: CachePlace;
  readonly #references: CachedReferences;

  /** Made by `Cache.watch`. */
  constructor(references: CachedReferences, place: CachePlace, repository: Repository) {
    this.name = repository.name;
    this.behind = repository;
    this.closure = repository.closure;
    if (repository.readAfter !== undefined) this.readAfter = repository.readAfter.bind(repository);
    this.#place = place;
    this.#references = references;
  }

  resolve(reference: Tag | Digest, options?: CallOptions): Promise<ManifestDescriptor> {
    return this.behind.resolve(reference, options);
  }

  read(descriptor: Descriptor, options?: CallOptions): AsyncIterable<Uint8Array> {
    return this.behind.read(descriptor, options);
  }

  async mayReread(attempt: number, options?: CallOptions): Promise<boolean> {
    return (await this.behind.mayReread?.(attempt, options)) ?? false;
  }

  exists(descriptor: Descriptor, options?: CallOptions): Promise<boolean> {
    return this.behind.exists(descriptor, options);
  }

  tags(options?: CallOptions): AsyncIterable<Tag> {
    return this.behind.tags(options);
  }

  referrers(subject: Digest, options?: ReferrersOptions): AsyncIterable<ManifestDescriptor> {
    return this.behind.referrers(subject, options);
  }

  write(descriptor: Descriptor, source: ContentSource, options?: WriteOptions): Promise<WriteOutcome> {
    return this.#forgetting(options?.tags ?? [], () => this.behind.write(descriptor, source, options));
  }

  tag(descriptor: ManifestDescriptor, tag: Tag, options?: TagOptions): Promise<void> {
    return this.#forgetting([tag], () => this.behind.tag(descriptor, tag, options));
  }

  untag(tag: Tag, options?: CallOptions): Promise<void> {
    return this.#forgetting([tag], () => this.behind.untag(tag, options));
  }

  async delete(manifest: ManifestDescriptor, options?: CallOptions): Promise<void> {
    try {
      await this.behind.delete(manifest, options);
    } finally {
      await this.#references.forgetManifest(this.#place, manifest.digest);
    }
  }

  /** Also when it fails: nobody knows what has happened by then. */
  async #forgetting<T>(tags: readonly Tag[], change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } finally {
      for (const reference of tags) await this.#references.forget({ ...this.#place, reference });
    }
  }
}
