import { LRUCache } from 'lru-cache';
import type { CallOptions } from '../content/store.ts';
import { MAX_MANIFEST_SIZE } from '../content/verify.ts';
import { essenceOf } from '../spec/mediaTypes.ts';
import { parseRegistryHost } from '../spec/reference.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import { type Logger, silentLogger } from '../telemetry/logger.ts';
import type { Clock } from '../transport/clock.ts';
import { invalidResponse } from '../transport/responseError.ts';
import { RETRY_DEFAULTS, type RetryOptions } from '../transport/retry.ts';
import type { HttpRequest, Transport } from '../transport/transport.ts';
import { listRepositories } from './catalog.ts';
import { RegistryClient } from './client.ts';
import { RemoteRepository } from './repository.ts';
import { Turns } from './turns.ts';
import { registryUrl } from './urls.ts';

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
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** Bytes of recent manifests kept: room for two of the largest, thousands of the usual. */
const RECENT_BYTES = 2 * MAX_MANIFEST_SIZE;

/**
 * A registry that speaks the OCI distribution spec.
 * @throws OciError INVALID_REFERENCE from the constructor when the host is not one
 */
export class Registry {
  /** `host[:port]`, as the user knows it. */
  readonly host: string;
  readonly #client: RegistryClient;
  readonly #recent = new LRUCache<string, Uint8Array>({
    maxSize: RECENT_BYTES,
    sizeCalculation: (bytes) => Math.max(1, bytes.length),
  });
  readonly #turns = new Turns();

  constructor({ host, plainHttp, transport, retry, logger = silentLogger, clock }: RegistryOptions) {
    this.host = parseRegistryHost(host);
    this.#client = new RegistryClient({
      registry: this.host,
      base: registryUrl(this.host, plainHttp),
      transport,
      retry: { ...RETRY_DEFAULTS, ...retry },
      logger,
      ...(clock && { clock }),
    });
  }

  /**
   * Asks whether a registry is there and lets us in; says nothing about rights on any repository.
   * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#determining-support
   * @throws OciError UNAUTHORIZED, INVALID_RESPONSE when something else answers at that address
   */
  async ping(options: CallOptions = {}): Promise<void> {
    const request: HttpRequest = { method: 'GET', url: this.#client.base };
    const response = await this.#client.exchange(request, { statuses: [200, 404], subject: {} }, options);
    const isPage = essenceOf(response.headers.get('content-type') ?? '') === 'text/html';
    if (response.status === 404 || isPage) throw invalidResponse(response, request, 'this is not an OCI registry');
  }

  repository(name: RepositoryName): RemoteRepository {
    return new RemoteRepository(this.#client, name, this.#recent, this.#turns);
  }

  /** @throws OciError UNSUPPORTED where the registry does not list its repositories */
  repositories(options: CallOptions = {}): AsyncIterable<RepositoryName> {
    return listRepositories(this.#client, options);
  }
}
