import type { CallOptions, ReferrersOptions } from '../content/store.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { quotable } from '../transport/redact.ts';
import type { RegistryClient } from './client.ts';
import type { Manifests, Unlisted } from './manifests.ts';
import { referrersByApi } from './referrersApi.ts';
import { ReferrersIndex } from './referrersIndex.ts';
import type { Turns } from './turns.ts';
import type { RepositoryUrls } from './urls.ts';

/** More than anybody attaches to one manifest, and an end to a registry that never stops. */
const MAX_REFERRERS = 10_000;

/** What refers to the manifests of one repository: by the registry's own list, or by the one that clients keep for it. */
export class Referrers {
  readonly #client: RegistryClient;
  readonly #urls: RepositoryUrls;
  readonly #repository: string;
  readonly #index: ReferrersIndex;

  /** `repository` is `host/name`, for messages. */
  constructor(client: RegistryClient, urls: RepositoryUrls, repository: string, manifests: Manifests, turns: Turns) {
    this.#client = client;
    this.#urls = urls;
    this.#repository = repository;
    this.#index = new ReferrersIndex(manifests, turns, repository, client);
  }

  async *list(subject: Digest, options: ReferrersOptions): AsyncGenerator<ManifestDescriptor> {
    throwIfAborted(options.signal);
    const known = new Set<Digest>();
    for await (const page of await this.#pages(subject, options)) {
      for (const referrer of page) {
        if (known.has(referrer.digest)) continue;
        known.add(referrer.digest);
        if (known.size > MAX_REFERRERS) throw this.#tooMany(subject);
        if (isManifestDescriptor(referrer)) yield referrer;
        else this.#skip(referrer);
      }
    }
  }

  /** Lists what the registry itself does not. */
  add({ subject, referrer }: Unlisted, options: CallOptions): Promise<void> {
    return this.#index.add(subject, referrer, options);
  }

  /** No longer lists a referrer that was deleted; the registry's own list needs no telling. */
  remove(subject: Digest, referrer: Digest, options: CallOptions): Promise<void> {
    return this.#index.remove(subject, referrer, options);
  }

  async #pages(subject: Digest, options: ReferrersOptions): Promise<AsyncIterable<readonly Descriptor[]>> {
    const byApi = () => referrersByApi(this.#client, this.#urls, this.#repository, subject, options);
    const isKnownMissing = this.#client.abilities.current.referrersApi === false;
    const pages = isKnownMissing ? undefined : await byApi();
    if (pages !== undefined) return pages;
    const { artifactType, ...call } = options;
    const referrers = await this.#index.list(subject, call);
    // An API that was wrongly taken for missing, because of what stands before the registry, must hide no signatures.
    const unexpected = isKnownMissing && referrers.length === 0 ? await byApi() : undefined;
    if (unexpected !== undefined) return unexpected;
    return (async function* () {
      yield artifactType === undefined
        ? referrers
        : referrers.filter((referrer) => referrer.artifactType === artifactType);
    })();
  }

  /** Nothing that we could read: the artifact manifest of an earlier draft, for one. */
  #skip({ digest, mediaType }: Descriptor): void {
    const facts = { repository: this.#repository, digest, mediaType: quotable(mediaType) };
    this.#client.logger.warn('referrer_skipped', facts);
  }

  #tooMany(subject: Digest): OciError<'LIMIT_EXCEEDED'> {
    const what = `referrers of ${subject} in ${this.#repository}`;
    return new OciError('LIMIT_EXCEEDED', `more than ${MAX_REFERRERS} ${what}`, { what, limit: MAX_REFERRERS });
  }
}
