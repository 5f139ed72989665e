import type { Cache } from './cache/cache.ts';
import type { CachedRepositoryOptions, CacheSource } from './cache/cachedRepository.ts';
import type { CallOptions, Repository, TagLister, Target } from './content/store.ts';
import type { CredentialSource } from './credentials/credentials.ts';
import { LayoutStore } from './layout/layoutStore.ts';
import { type Mirror, nameInMirror, parseMirror } from './remote/mirror.ts';
import { MirroredRepository } from './remote/mirroredRepository.ts';
import { Registry } from './remote/registry.ts';
import type { RemoteRepository } from './remote/repository.ts';
import { isLoopbackRegistry, parseRegistryHost, type Reference, type RegistryReference } from './spec/reference.ts';
import type { Logger } from './telemetry/logger.ts';
import type { CredentialUse } from './transport/accounts.ts';
import { Availability } from './transport/availability.ts';
import type { CircuitBreakerOptions } from './transport/breaker.ts';
import { createTransport, type EngineName } from './transport/compose.ts';
import type { RealmPins } from './transport/realmPins.ts';
import type { RetryOptions } from './transport/retry.ts';
import type { ConnectionOptions, Transport } from './transport/transport.ts';

/** How to reach one registry, and by which scheme. */
export interface RegistryConnection extends ConnectionOptions {
  /**
   * Speak http. Default: on loopback hosts, unless TLS options are given, which mean https; https everywhere else.
   */
  readonly plainHttp?: boolean;
  /**
   * Who may be asked to read in its place while it is not available, in this order: `HOST[:PORT][/PREFIX]`, each reached
   * in its own way and with its own credentials. Default: nobody.
   */
  readonly mirrors?: readonly string[];
  /** What differs from {@link StoresOptions.retry}. */
  readonly retry?: Partial<RetryOptions>;
  /** What differs from {@link StoresOptions.circuitBreaker}. */
  readonly circuitBreaker?: Partial<CircuitBreakerOptions>;
}

export interface StoresOptions {
  readonly engine: EngineName;
  /** Asked once per registry, when it is first used. May throw, which then fails what needed that registry. */
  readonly connection?: (registry: string) => RegistryConnection;
  readonly credentials: CredentialSource;
  /** Which token servers got the secrets of which registries; default: remembered until the stores are closed. */
  readonly pins?: RealmPins;
  /** Told each time what becomes of a credential at its registry; must not throw. */
  readonly onCredential?: (use: CredentialUse) => void;
  /** What differs from {@link RETRY_DEFAULTS}. */
  readonly retry?: Partial<RetryOptions>;
  /** What differs from {@link CIRCUIT_BREAKER_DEFAULTS}. */
  readonly circuitBreaker?: Partial<CircuitBreakerOptions>;
  /** What is known about which hosts can be asked now; give all stores of a process the same. Default: their own. */
  readonly availability?: Availability;
  /** Requests to one host at a time; default 8. */
  readonly concurrency?: number;
  /** Keeps what is read from registries by those who ask for it; default: nothing is kept. Closed with the stores. */
  readonly cache?: Cache;
  readonly logger: Logger;
  readonly userAgent: string;
}

export interface OpenOptions extends CallOptions {
  /** Makes the folder of a layout that is not there yet; default false. Registries make repositories by themselves. */
  readonly create?: boolean;
  /** Lets the registry's mirrors stand in while it is not available: for those who only read. Default false. */
  readonly mirrors?: boolean;
  /** Reads a registry through the cache, if there is one: for those who only read. Default: what is there decides. */
  readonly cached?: CachedRepositoryOptions;
}

/** From references to the stores they are in. Registries are connected on first use and kept. */
export interface Stores {
  /** @throws OciError NOT_FOUND or INVALID_LAYOUT for a layout; what `connection` throws for a registry */
  open(reference: Reference, options?: OpenOptions): Promise<Target & TagLister>;
  /** The place itself, for all that can be done there: nothing stands in for it. @throws as `open` does */
  repository(reference: Reference, options?: Omit<OpenOptions, 'mirrors' | 'cached'>): Promise<Repository>;
  /** @throws OciError INVALID_REFERENCE when the host is not one */
  registry(host: string): Promise<Registry>;
  /** Gives all connections back. Nothing may be in flight. */
  close(): Promise<void>;
}

interface Connected {
  readonly registry: Registry;
  readonly transport: Transport;
  readonly mirrors: readonly Mirror[];
}

export function createStores(options: StoresOptions): Stores {
  const connected = new Map<string, Promise<Connected>>();
  const { cache, availability = new Availability({ logger: options.logger }) } = options;

  const connect = async (host: string): Promise<Connected> => {
    const { connection: connectionOf, ...shared } = options;
    const {
      plainHttp,
      mirrors = [],
      retry: ownRetry,
      circuitBreaker: ownBreaker,
      ...connection
    } = connectionOf?.(host) ?? {};
    const parsed = mirrors.map(parseMirror);
    const retry = { ...shared.retry, ...ownRetry };
    const circuitBreaker = { ...shared.circuitBreaker, ...ownBreaker };
    const transport = await createTransport({
      ...shared,
      registry: host,
      connection,
      retry,
      circuitBreaker,
      availability,
    });
    const registry = new Registry({
      host,
      plainHttp: plainHttp ?? (isLoopbackRegistry(host) && !hasTlsOptions(connection)),
      transport,
      logger: shared.logger,
      retry,
      clock: availability.clock,
    });
    return { registry, transport, mirrors: parsed };
  };

  const connectedTo = async (name: string): Promise<Connected> => {
    const host = parseRegistryHost(name);
    let connecting = connected.get(host);
    if (connecting === undefined) {
      connecting = connect(host);
      connected.set(host, connecting);
      connecting.catch(() => connected.delete(host));
    }
    return connecting;
  };

  const repositoryAt = async ({ registry, repository }: RegistryReference): Promise<RemoteRepository> =>
    (await connectedTo(registry)).registry.repository(repository);

  /** For those who change it. */
  const watchedAt = async (reference: RegistryReference): Promise<Repository> => {
    const repository = await repositoryAt(reference);
    return cache === undefined ? repository : cache.watch(reference, repository);
  };

  const mirroredAt = async (reference: RegistryReference): Promise<CacheSource> => {
    const { mirrors } = await connectedTo(reference.registry);
    const repository = await repositoryAt(reference);
    if (mirrors.length === 0) return repository;
    const open = (mirror: Mirror) => () =>
      repositoryAt({
        ...reference,
        registry: mirror.registry,
        repository: nameInMirror(mirror, reference.repository),
      });
    return new MirroredRepository(repository, mirrors.map(open), options.logger);
  };

  return {
    async open(reference, openOptions = {}) {
      if (reference.kind === 'layout') return LayoutStore.open(reference.path, openOptions);
      const { cached, mirrors } = openOptions;
      if (cached === undefined || cache === undefined) return mirrors ? mirroredAt(reference) : watchedAt(reference);
      return cache.repository(reference, await (mirrors ? mirroredAt(reference) : repositoryAt(reference)), cached);
    },
    async repository(reference, openOptions) {
      return reference.kind === 'layout' ? LayoutStore.open(reference.path, openOptions) : watchedAt(reference);
    },
    registry: async (host) => (await connectedTo(host)).registry,
    async close() {
      await cache?.close();
      const all = await Promise.allSettled(connected.values());
      connected.clear();
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.transport.close() : undefined)));
    },
  };
}

function hasTlsOptions({ ca, cert, key, insecure }: ConnectionOptions): boolean {
  return ca !== undefined || cert !== undefined || key !== undefined || insecure === true;
}
