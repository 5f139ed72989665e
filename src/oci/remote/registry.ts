import { LRUCache } from 'lru-cache';
import type { CallOptions } from '../content/store.ts';
import { MAX_MANIFEST_SIZE } from '../content/verify.ts';
import { type Digest, parseDigest } from '../spec/digest.ts';
import { essenceOf } from '../spec/mediaTypes.ts';
import { parseRegistryHost } from '../spec/reference.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import { type Logger, silentLogger } from '../telemetry/logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Clock } from '../transport/clock.ts';
import { quotable } from '../transport/redact.ts';
import { invalidResponse } from '../transport/responseError.ts';
import { RETRY_DEFAULTS, type RetryOptions } from '../transport/retry.ts';
import type { HttpRequest, Transport } from '../transport/transport.ts';
import type { KnownAbilities } from './abilities.ts';
import { listRepositories } from './catalog.ts';
import { RegistryClient } from './client.ts';
import { KnownPlaces } from './knownPlaces.ts';
import { referrersByApi } from './referrersApi.ts';
import { RemoteRepository, type SharedParts } from './repository.ts';
import { Turns } from './turns.ts';
import type { UploadMode } from './uploadHabits.ts';
import { RepositoryUrls, registryUrl } from './urls.ts';

/** Which registry it is, and how it is spoken to. */
export interface RegistryOptions {
  /** `host[:port]` as in a reference; `docker.io` is spoken to where it answers. */
  readonly host: string;
  /** Speak http. */
  readonly plainHttp: boolean;
  /** Carries this registry's requests, with its credentials. Stays the caller's to close. */
  readonly transport: Transport;
  /** For what the transport cannot repeat by itself; give it the same. What differs from {@link RETRY_DEFAULTS}. */
  readonly retry?: Partial<RetryOptions>;
  readonly logger?: Logger;
  /** Default: nothing is traced. */
  readonly telemetry?: Telemetry;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** How blobs are sent; default `monolithic`. */
  readonly uploadMode?: UploadMode;
  /** What is known of it, and where what shows is added; default: what shows to this object. */
  readonly abilities?: KnownAbilities;
  /** Takes a tag away in the registry's own way; default: by the spec. */
  readonly untag?: (repository: RepositoryName, tag: Tag, options: CallOptions) => Promise<void>;
  /** Removes a manifest in the registry's own way, or resolves with false where that is the spec's. Default: by the spec. */
  readonly removeManifest?: (repository: RepositoryName, digest: Digest, options: CallOptions) => Promise<boolean>;
}

/** Bytes of recent manifests kept: room for two of the largest, thousands of the usual. */
const RECENT_BYTES = 2 * MAX_MANIFEST_SIZE;

/** Nothing has this digest. */
const NOWHERE = parseDigest(`sha256:${'0'.repeat(64)}`);

/**
 * A registry that speaks the OCI distribution spec.
 * @throws OciError INVALID_REFERENCE from the constructor when the host is not one
 */
export class Registry {
  /** `host[:port]`, as the user knows it. */
  readonly host: string;
  readonly #client: RegistryClient;
  readonly #shared: SharedParts;

  constructor(options: RegistryOptions) {
    const { host, plainHttp, transport, retry, logger = silentLogger, telemetry, clock } = options;
    const { uploadMode = 'monolithic', untag, removeManifest, abilities } = options;
    this.host = parseRegistryHost(host);
    this.#shared = {
      recent: new LRUCache({ maxSize: RECENT_BYTES, sizeCalculation: (bytes) => Math.max(1, bytes.length) }),
      turns: new Turns(),
      places: new KnownPlaces(),
      habits: { mode: uploadMode },
      parts: { honoured: true, reading: 0 },
      ...(untag && { untag }),
      ...(removeManifest && { removeManifest }),
    };
    this.#client = new RegistryClient({
      registry: this.host,
      base: registryUrl(this.host, plainHttp),
      transport,
      retry: { ...RETRY_DEFAULTS, ...retry },
      logger,
      ...(telemetry && { telemetry }),
      ...(clock && { clock }),
      ...(abilities && { abilities }),
    });
  }

  /**
   * Asks whether a registry is there and lets us in; says nothing about rights on any repository.
   * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#determining-support
   * @returns what it says it speaks, for people: few registries still say it
   * @throws OciError UNAUTHORIZED, INVALID_RESPONSE when something else answers at that address
   */
  async ping(options: CallOptions = {}): Promise<{ readonly apiVersion: string | undefined }> {
    const request: HttpRequest = { method: 'GET', url: this.#client.base };
    const response = await this.#client.exchange(request, { statuses: [200, 404], subject: {} }, options);
    const isPage = essenceOf(response.headers.get('content-type') ?? '') === 'text/html';
    if (response.status === 404 || isPage) throw invalidResponse(response, request, 'this is not an OCI registry');
    const apiVersion = response.headers.get('docker-distribution-api-version');
    return { apiVersion: apiVersion === undefined ? undefined : quotable(apiVersion) };
  }

  /** Where its API is. */
  get url(): URL {
    return new URL(this.#client.base);
  }

  /** Whether it has the API for referrers: asked for those of content that is nowhere, as it must answer too. */
  async hasReferrersApi(name: RepositoryName, options: CallOptions = {}): Promise<boolean> {
    const urls = new RepositoryUrls(this.#client.base, name);
    return (await referrersByApi(this.#client, urls, `${this.host}/${name}`, NOWHERE, options)) !== undefined;
  }

  repository(name: RepositoryName): RemoteRepository {
    return new RemoteRepository(this.#client, name, this.#shared);
  }

  /** When upload sessions that turned out not to be needed have been given back. To be awaited before the transport is closed. */
  settled(): Promise<void> {
    return this.#client.settled();
  }

  /** @throws OciError UNSUPPORTED where the registry does not list its repositories */
  repositories(options: CallOptions = {}): AsyncIterable<RepositoryName> {
    return listRepositories(this.#client, options);
  }
}
