import type { LRUCache } from 'lru-cache';
import { isWrongContent } from '../content/reread.ts';
import type {
  CallOptions,
  ContentSource,
  Resolution,
  TagOptions,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { bytesOf, MAX_MANIFEST_SIZE, sourceOf, verified } from '../content/verify.ts';
import { isOciError, OciError, throwIfAborted } from '../errors.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import { algorithmOf, type Digest, isDigest } from '../spec/digest.ts';
import { type Manifest, parseManifest } from '../spec/manifest.ts';
import { ACCEPT_MANIFESTS } from '../spec/mediaTypes.ts';
import { describeReferrer } from '../spec/referrer.ts';
import type { Tag } from '../spec/tag.ts';
import { verifyContent } from '../spec/verifiedContent.ts';
import type { RequestSubject } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse } from '../transport/transport.ts';
import { checkAnnouncedDigest } from './announcedDigest.ts';
import type { RegistryClient } from './client.ts';
import type { Condition } from './conditions.ts';
import { type FetchedManifest, manifestIn, validatorOf } from './fetchedManifest.ts';
import { TagWrites } from './tagWrites.ts';
import type { RepositoryUrls } from './urls.ts';

/** Bytes of manifests that went by lately, by `host/name@digest`: what is named by its digest never changes. */
export type RecentManifests = LRUCache<string, Uint8Array>;

/** A manifest that names a subject, and that the registry did not say it has listed as a referrer. */
export interface Unlisted {
  readonly referrer: ManifestDescriptor;
  readonly subject: Digest;
}

/** How a manifest is written. */
export interface PutOptions extends CallOptions {
  /** What has to be under the reference, a known state or nothing; otherwise REGISTRY_ERROR with status 412. */
  readonly condition?: Condition;
}

/**
 * Manifests of one repository, by tag and by digest. Their bytes are the truth: the digest is always computed from them.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 */
export class Manifests {
  readonly #client: RegistryClient;
  readonly #urls: RepositoryUrls;
  readonly #repository: string;
  readonly #recent: RecentManifests;
  readonly #tagWrites: TagWrites;

  /** `repository` is `host/name`, for messages. */
  constructor(client: RegistryClient, urls: RepositoryUrls, repository: string, recent: RecentManifests) {
    this.#client = client;
    this.#urls = urls;
    this.#repository = repository;
    this.#recent = recent;
    this.#tagWrites = new TagWrites(this, repository, client.abilities);
  }

  /** One request; the bytes are kept for a `read` that follows. */
  async resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    return (await this.revalidate(reference, undefined, options)).descriptor;
  }

  /** One request, which brings the manifest only when the registry cannot say that it is still the known one. */
  async revalidate(
    reference: Tag | Digest,
    known: Resolution | undefined,
    options: CallOptions = {},
  ): Promise<Resolution> {
    const fetched = await this.#fetch(reference, options, known);
    if (fetched === 'unchanged') return known as Resolution;
    const { manifest: _, ...resolution } = this.#parse(fetched);
    return resolution;
  }

  /** One request for a manifest that is read for what it says. */
  async get(reference: Tag | Digest, options: CallOptions = {}): Promise<Resolution & { readonly manifest: Manifest }> {
    return this.#parse(await this.#fetch(reference, options));
  }

  /** What a manifest says, without a request when it went by lately. */
  async parsed(descriptor: ManifestDescriptor, options: CallOptions = {}): Promise<Manifest> {
    return parseManifest(verifyContent(descriptor, await this.#bytes(descriptor, options)));
  }

  async *read(descriptor: ManifestDescriptor, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    yield* sourceOf(await this.#bytes(descriptor, options))();
  }

  async exists({ digest }: ManifestDescriptor, options: CallOptions = {}): Promise<boolean> {
    const request = { url: this.#urls.manifest(digest), headers: ACCEPT };
    const expectation = { statuses: [200, 404], subject: this.#subject(digest) };
    const ask = async (method: 'HEAD' | 'GET') =>
      (await this.#client.exchange({ ...request, method }, expectation, options)).status === 200;
    // Some that stand before registries take no HEAD: 405.
    return await ask('HEAD').catch((error) => (isOciError(error, 'UNSUPPORTED') ? ask('GET') : Promise.reject(error)));
  }

  /** Under its tags, or without any by its digest. */
  async write(
    descriptor: ManifestDescriptor,
    source: ContentSource,
    { tags = [], expected, rewrite = false, signal }: WriteOptions = {},
  ): Promise<{ readonly outcome: WriteOutcome; readonly unlisted?: Unlisted }> {
    checkManifestSize(descriptor);
    throwIfAborted(signal);
    const call: CallOptions = signal ? { signal } : {};
    if (tags.length === 0 && !rewrite && (await this.exists(descriptor, call))) return { outcome: 'existed' };
    const bytes = await bytesOf(verified(descriptor, source()));
    const content = verifyContent(descriptor, bytes);
    const manifest = parseManifest(content);
    const subject = manifest.subject?.digest;
    let isListed = subject === undefined;
    const note = (response: HttpResponse | undefined): void => {
      isListed ||= response?.headers.get('oci-subject') === subject;
    };
    // A registry names what comes by tag with sha256: other digests have to be said.
    const byTagAlone = tags.length > 0 && algorithmOf(descriptor.digest) === 'sha256';
    if (!byTagAlone) note(await this.put(descriptor, bytes, descriptor.digest, call));
    const condition = expected === undefined ? {} : { expected };
    for (const tag of tags) note(await this.#tagWrites.put(content, tag, { ...call, ...condition }));
    if (isListed || subject === undefined) return { outcome: 'written' };
    return { outcome: 'written', unlisted: { referrer: describeReferrer(descriptor, manifest), subject } };
  }

  async tag(descriptor: ManifestDescriptor, tag: Tag, options: TagOptions = {}): Promise<void> {
    const bytes = await this.#bytes(descriptor, options);
    await this.#tagWrites.put(verifyContent(descriptor, bytes), tag, options);
  }

  /** No longer answers from memory for what the registry has lost. */
  forget(digest: Digest): void {
    this.#recent.delete(this.#key(digest));
  }

  #parse({ bytes, ...resolution }: FetchedManifest): Resolution & { readonly manifest: Manifest } {
    const manifest = parseManifest(verifyContent(resolution.descriptor, bytes));
    this.#remember(resolution.descriptor.digest, bytes);
    return { ...resolution, manifest };
  }

  async #bytes(descriptor: ManifestDescriptor, options: CallOptions): Promise<Uint8Array> {
    checkManifestSize(descriptor);
    throwIfAborted(options.signal);
    const recent = this.#recent.get(this.#key(descriptor.digest));
    const bytes = recent ?? (await this.#fetch(descriptor.digest, options)).bytes;
    verifyContent(descriptor, bytes);
    this.#remember(descriptor.digest, bytes);
    return bytes;
  }

  #fetch(reference: Tag | Digest, options: CallOptions): Promise<FetchedManifest>;
  #fetch(
    reference: Tag | Digest,
    options: CallOptions,
    known: Resolution | undefined,
  ): Promise<FetchedManifest | 'unchanged'>;
  async #fetch(
    reference: Tag | Digest,
    options: CallOptions,
    known?: Resolution,
  ): Promise<FetchedManifest | 'unchanged'> {
    const headers = { ...ACCEPT, ...(known === undefined ? {} : { 'if-none-match': validatorOf(known) }) };
    const request: HttpRequest = { method: 'GET', url: this.#urls.manifest(reference), headers };
    const expectation = { statuses: known === undefined ? [200] : [200, 304], subject: this.#subject(reference) };
    for (let attempt = 1; ; attempt++) {
      const whole = await this.#client.fetchWhole(request, expectation, MAX_MANIFEST_SIZE, options);
      try {
        return whole.response.status === 304 ? 'unchanged' : manifestIn(whole, request, reference);
      } catch (error) {
        if (!isWrongContent(error) || !(await this.#client.waited(attempt, options))) throw error;
      }
    }
  }

  /** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests */
  async put(
    descriptor: ManifestDescriptor,
    bytes: Uint8Array,
    reference: Tag | Digest,
    { condition, ...options }: PutOptions = {},
  ): Promise<HttpResponse> {
    checkManifestSize(descriptor);
    const { mediaType, digest } = descriptor;
    const request: HttpRequest = {
      method: 'PUT',
      url: this.#urls.manifest(reference),
      headers: { 'content-type': mediaType, ...condition },
      body: { size: bytes.length, open: sourceOf(bytes) },
    };
    const repository = this.#repository;
    const notFound = { kind: 'repository', what: repository } as const;
    const expectation = { statuses: [201, 204], subject: { repository, notFound, manifest: digest } };
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.#client.exchange(request, expectation, { ...options, attempt });
        checkAnnouncedDigest(response, request, bytes);
        this.#remember(digest, bytes);
        return response;
      } catch (error) {
        if (!(await this.#client.again(error, attempt, options))) throw error;
      }
    }
  }

  #remember(digest: Digest, bytes: Uint8Array): void {
    this.#recent.set(this.#key(digest), bytes);
  }

  #key(digest: Digest): string {
    return `${this.#repository}@${digest}`;
  }

  #subject(reference: Tag | Digest): RequestSubject {
    const repository = this.#repository;
    const notFound = isDigest(reference)
      ? ({ kind: 'manifest', what: `${repository}@${reference}` } as const)
      : ({ kind: 'tag', what: `${repository}:${reference}` } as const);
    return { repository, notFound };
  }
}

const ACCEPT = { accept: ACCEPT_MANIFESTS };

/** @throws OciError LIMIT_EXCEEDED */
function checkManifestSize({ digest, size }: ManifestDescriptor): void {
  if (size <= MAX_MANIFEST_SIZE) return;
  throw new OciError('LIMIT_EXCEEDED', `${digest} is a manifest larger than ${MAX_MANIFEST_SIZE} bytes`, {
    what: `bytes of the manifest ${digest}`,
    limit: MAX_MANIFEST_SIZE,
  });
}
