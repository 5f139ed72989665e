import type {
  CallOptions,
  ContentSource,
  ReferrersOptions,
  Repository,
  Resolution,
  Revalidator,
  Store,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import { Blobs } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { Deletion } from './deletion.ts';
import { Manifests, type RecentManifests } from './manifests.ts';
import { Referrers } from './referrers.ts';
import { listTags } from './tags.ts';
import type { Turns } from './turns.ts';
import { Uploads } from './uploads.ts';
import { RepositoryUrls } from './urls.ts';

/** A repository in a registry, as a store. */
export class RemoteRepository implements Repository, Revalidator {
  /** `host/name`. */
  readonly name: string;
  /** Registries refuse a manifest whose content they lack. */
  readonly closure = 'enforced';
  readonly #client: RegistryClient;
  readonly #repository: RepositoryName;
  readonly #urls: RepositoryUrls;
  readonly #blobs: Blobs;
  readonly #uploads: Uploads;
  readonly #manifests: Manifests;
  readonly #referrers: Referrers;
  readonly #deletion: Deletion;

  /** Made by `Registry.repository`. */
  constructor(client: RegistryClient, repository: RepositoryName, recent: RecentManifests, turns: Turns) {
    this.name = `${client.registry}/${repository}`;
    this.#client = client;
    this.#repository = repository;
    this.#urls = new RepositoryUrls(client.base, repository);
    this.#blobs = new Blobs(client, this.#urls, this.name);
    this.#uploads = new Uploads(client, this.#urls, this.name, this.#blobs);
    this.#manifests = new Manifests(client, this.#urls, this.name, recent);
    this.#referrers = new Referrers(client, this.#urls, this.name, this.#manifests, turns);
    this.#deletion = new Deletion(client, this.#urls, this.name);
  }

  resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    return this.#manifests.resolve(reference, options);
  }

  revalidate(reference: Tag | Digest, known?: Resolution, options: CallOptions = {}): Promise<Resolution> {
    return this.#manifests.revalidate(reference, known, options);
  }

  read(descriptor: Descriptor, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return isManifestDescriptor(descriptor)
      ? this.#manifests.read(descriptor, options)
      : this.#blobs.read(descriptor, options);
  }

  mayReread(attempt: number, options: CallOptions = {}): Promise<boolean> {
    return this.#client.waited(attempt, options);
  }

  exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    return isManifestDescriptor(descriptor)
      ? this.#manifests.exists(descriptor, options)
      : this.#blobs.exists(descriptor, options);
  }

  /**
   * A referrer is listed among those of its subject too, by us where the registry does not do it.
   * @throws OciError INVALID_MANIFEST; WRONG_ARTIFACT_TYPE, UNSUPPORTED when it is written but cannot be listed; and what
   *   every store throws
   */
  async write(descriptor: Descriptor, source: ContentSource, options: WriteOptions = {}): Promise<WriteOutcome> {
    if (isManifestDescriptor(descriptor)) {
      const { outcome, unlisted } = await this.#manifests.write(descriptor, source, options);
      if (unlisted) await this.#referrers.add(unlisted, options.signal ? { signal: options.signal } : {});
      return outcome;
    }
    const { origin, tags: _, ...upload } = options;
    const from = this.#neighbour(origin);
    return this.#uploads.write(descriptor, source, { ...upload, ...(from && { from }) });
  }

  tag(descriptor: ManifestDescriptor, tag: Tag, options: CallOptions = {}): Promise<void> {
    return this.#manifests.tag(descriptor, tag, options);
  }

  tags(options: CallOptions = {}): AsyncIterable<Tag> {
    return listTags(this.#client, this.#urls, this.name, options);
  }

  referrers(subject: Digest, options: ReferrersOptions = {}): AsyncIterable<ManifestDescriptor> {
    return this.#referrers.list(subject, options);
  }

  untag(tag: Tag, options: CallOptions = {}): Promise<void> {
    return this.#deletion.tag(tag, options);
  }

  async delete(manifest: ManifestDescriptor, options: CallOptions = {}): Promise<void> {
    const { subject } = await this.#manifests.parsed(manifest, options);
    await this.#deletion.manifest(manifest.digest, options);
    this.#manifests.forget(manifest.digest);
    if (subject) await this.#referrers.remove(subject.digest, manifest.digest, options);
  }

  /** The origin's name, when it is another repository of the same registry, from which blobs can be mounted. */
  #neighbour(origin: Store | undefined): RepositoryName | undefined {
    let other = origin;
    while (other?.behind) other = other.behind;
    if (!(other instanceof RemoteRepository)) return undefined;
    if (other.#client.base.href !== this.#client.base.href) return undefined;
    return other.#repository === this.#repository ? undefined : other.#repository;
  }
}
