import { contentAtHand } from '../content/contentAtHand.ts';
import type {
  CallOptions,
  ContentSource,
  ReferrersOptions,
  Repository,
  Resolution,
  Revalidator,
  Store,
  TagOptions,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { skip, sourceOf } from '../content/verify.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import type { Facts } from '../telemetry/telemetry.ts';
import { Blobs, type PartHabits } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { Deletion, wantsTagsGone } from './deletion.ts';
import type { KnownPlaces } from './knownPlaces.ts';
import { Manifests, type RecentManifests } from './manifests.ts';
import { Referrers } from './referrers.ts';
import { listTags } from './tags.ts';
import type { Turns } from './turns.ts';
import type { UploadHabits } from './uploadHabits.ts';
import { UploadStart } from './uploadStart.ts';
import { Uploads } from './uploads.ts';
import { RepositoryUrls } from './urls.ts';

/** What the repositories of one registry share. */
export interface SharedParts {
  readonly recent: RecentManifests;
  readonly turns: Turns;
  readonly places: KnownPlaces;
  readonly habits: UploadHabits;
  readonly parts: PartHabits;
  /** The registry's own way to take a tag away. */
  readonly untag?: (repository: RepositoryName, tag: Tag, options: CallOptions) => Promise<void>;
  /** The registry's own way to remove a manifest; false where that is the spec's. */
  readonly removeManifest?: (repository: RepositoryName, digest: Digest, options: CallOptions) => Promise<boolean>;
}

/** A repository in a registry, as a store. */
export class RemoteRepository implements Repository, Revalidator {
  /** `host/name`. */
  readonly name: string;
  /** Registries refuse a manifest whose content they lack. */
  readonly closure = 'enforced';
  readonly #client: RegistryClient;
  readonly #repository: RepositoryName;
  readonly #urls: RepositoryUrls;
  readonly #places: KnownPlaces;
  readonly #blobs: Blobs;
  readonly #uploads: Uploads;
  readonly #manifests: Manifests;
  readonly #referrers: Referrers;
  readonly #deletion: Deletion;
  readonly #untag: SharedParts['untag'];
  readonly #removeManifest: SharedParts['removeManifest'];

  /** Made by `Registry.repository`. */
  constructor(
    client: RegistryClient,
    repository: RepositoryName,
    { recent, turns, parts, untag, removeManifest, ...uploading }: SharedParts,
  ) {
    this.name = `${client.registry}/${repository}`;
    this.#client = client;
    this.#repository = repository;
    this.#urls = new RepositoryUrls(client.base, repository);
    this.#blobs = new Blobs(client, this.#urls, this.name, parts);
    const start = new UploadStart(client, this.#urls, this.name, this.#blobs, uploading);
    this.#uploads = new Uploads(client, this.name, start, uploading.habits);
    this.#places = uploading.places;
    this.#manifests = new Manifests(client, this.#urls, this.name, recent);
    this.#referrers = new Referrers(client, this.#urls, this.name, this.#manifests, turns);
    this.#deletion = new Deletion(client, this.#urls, this.name);
    this.#untag = untag;
    this.#removeManifest = removeManifest;
  }

  resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    return this.#manifests.resolve(reference, options);
  }

  revalidate(reference: Tag | Digest, known?: Resolution, options: CallOptions = {}): Promise<Resolution> {
    return this.#manifests.revalidate(reference, known, options);
  }

  read(descriptor: Descriptor, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    if (isManifestDescriptor(descriptor)) return this.#manifests.read(descriptor, options);
    const known = contentAtHand(descriptor);
    return known ? sourceOf(known)() : this.#noticed(descriptor, this.#blobs.read(descriptor, options));
  }

  readAfter(descriptor: Descriptor, offset: number, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    if (isManifestDescriptor(descriptor)) return skip(offset, this.#manifests.read(descriptor, options));
    const known = contentAtHand(descriptor);
    if (known) return skip(offset, sourceOf(known)());
    return this.#noticed(descriptor, this.#blobs.readAfter(descriptor, offset, options), offset);
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
    const from = this.#neighbour(origin) ?? this.#places.find(descriptor.digest, this.#repository);
    const outcome = await this.#client.telemetry.span(
      'floe.oci.upload_layer',
      this.#factsOf(descriptor, 'upload_layer'),
      async (span) => {
        const uploaded = await this.#uploads.write(descriptor, source, { ...upload, ...(from && { from }) });
        span.set({ 'oci.upload.outcome': uploaded });
        return uploaded;
      },
    );
    this.#places.remember(descriptor.digest, this.#repository);
    return outcome;
  }

  tag(descriptor: ManifestDescriptor, tag: Tag, options: TagOptions = {}): Promise<void> {
    return this.#manifests.tag(descriptor, tag, options);
  }

  tags(options: CallOptions = {}): AsyncIterable<Tag> {
    return listTags(this.#client, this.#urls, this.name, options);
  }

  referrers(subject: Digest, options: ReferrersOptions = {}): AsyncIterable<ManifestDescriptor> {
    return this.#referrers.list(subject, options);
  }

  untag(tag: Tag, options: CallOptions = {}): Promise<void> {
    return this.#untag?.(this.#repository, tag, options) ?? this.#deletion.tag(tag, options);
  }

  async delete(manifest: ManifestDescriptor, options: CallOptions = {}): Promise<void> {
    const { subject } = await this.#manifests.parsed(manifest, options);
    await this.#remove(manifest.digest, options);
    this.#manifests.forget(manifest.digest);
    if (subject) await this.#referrers.remove(subject.digest, manifest.digest, options);
  }

  async #remove(manifest: Digest, options: CallOptions): Promise<void> {
    if (await this.#removeManifest?.(this.#repository, manifest, options)) return;
    try {
      await this.#deletion.manifest(manifest, options);
    } catch (error) {
      if (!wantsTagsGone(error)) throw error;
      for await (const tag of this.tags(options)) {
        const { digest } = await this.resolve(tag, options);
        if (digest === manifest) await this.untag(tag, options);
      }
      await this.#deletion.manifest(manifest, options);
    }
  }

  /** @param offset bytes that an earlier download has brought */
  async *#noticed(
    descriptor: Descriptor,
    content: AsyncGenerator<Uint8Array>,
    offset?: number,
  ): AsyncGenerator<Uint8Array> {
    const { telemetry } = this.#client;
    const facts = { ...this.#factsOf(descriptor, 'download_layer'), 'oci.layer.offset': offset };
    yield* telemetry.stream('floe.oci.download_layer', facts, content);
    this.#places.remember(descriptor.digest, this.#repository);
  }

  #factsOf({ digest, size }: Descriptor, operation: string): Facts {
    return {
      'oci.registry': this.#client.registry,
      'oci.repository': this.#repository,
      'oci.operation': operation,
      'oci.layer.digest': digest,
      'oci.layer.size_bytes': size,
    };
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
