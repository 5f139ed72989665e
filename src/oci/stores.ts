import type { Cache } from './cache/cache.ts';
import type { CachedRepositoryOptions, CacheSource } from './cache/cachedRepository.ts';
import type { EndorsementKeeper } from './cache/endorsement.ts';
import type { CallOptions, Repository, TagLister, Target } from './content/store.ts';
import type { CredentialSource } from './credentials/credentials.ts';
import type { Environment } from './credentials/environment.ts';
import { isOciError } from './errors.ts';
import { openLayoutStore } from './layout/newLayout.ts';
import { type Capabilities, type CapabilityMemory, Fingerprint, memoryOfProcess } from './registries/capabilities.ts';
import { detectProvider, providerByHost } from './registries/detect.ts';
import { learning } from './registries/learning.ts';
import type { ProbeOptions } from './registries/probe.ts';
import type { RegistryProvider } from './registries/provider.ts';
import type { ProviderName } from './registries/providerName.ts';
import { type Mirror, nameInMirror, parseMirror } from './remote/mirror.ts';
import { MirroredRepository } from './remote/mirroredRepository.ts';
import { Registry } from './remote/registry.ts';
import type { RemoteRepository } from './remote/repository.ts';
import type { UploadMode } from './remote/uploadHabits.ts';
import { isLoopbackRegistry, parseRegistryHost, type Reference, type RegistryReference } from './spec/reference.ts';
import type { RepositoryName } from './spec/repositoryName.ts';
import type { Tag } from './spec/tag.ts';
import type { Logger } from './telemetry/logger.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { CredentialUse } from './transport/accounts.ts';
import { Availability } from './transport/availability.ts';
import type { CircuitBreakerOptions } from './transport/breaker.ts';
import { createTransport, type EngineName } from './transport/compose.ts';
import type { RealmPins } from './transport/realmPins.ts';
import type { HttpRecording } from './transport/record.ts';
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
  /** How blobs are sent; default `monolithic`. */
  readonly uploadMode?: UploadMode;
  /** What kind of registry it is, for what it has beyond the spec; default: what its name, or its answers, say. */
  readonly provider?: ProviderName;
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
  /** Keeps what registries have shown that they can do; default: for as long as the process runs. */
  readonly capabilities?: CapabilityMemory;
  /** Where Amazon's SDK is told about profile and proxy; default: the variables of the process. */
  readonly environment?: Environment;
  readonly logger: Logger;
  /** Traces and counts what is done; default: nothing does. Give the same to what is shared with the stores: cache and availability. */
  readonly telemetry?: Telemetry;
  /** Keeps every HTTP exchange, redacted; default: nothing is kept. */
  readonly recording?: HttpRecording;
  readonly userAgent: string;
}

export interface ProviderOptions extends CallOptions {
  /** Asks the registry what it is, where neither its name nor a setting nor an earlier answer says so. Default false. */
  readonly detect?: boolean;
}

export interface OpenOptions extends CallOptions {
  /** Makes a layout that is not there yet, when something is first written to it; default false. Registries make repositories by themselves. */
  readonly create?: boolean;
  /** Lets the registry's mirrors stand in while it is not available: for those who only read. Default false. */
  readonly mirrors?: boolean;
  /** Reads a registry through the cache, if there is one: for those who only read. Default: what is there decides. */
  readonly cached?: CachedRepositoryOptions;
}

/** From references to the stores they are in. Registries are connected on first use and kept. */
export interface Stores {
  /** @throws OciError NOT_FOUND or INVALID_LAYOUT for a layout; what `connection` throws for a registry */
  open(reference: Reference, options?: OpenOptions): Promise<Target & TagLister & Partial<EndorsementKeeper>>;
  /** The place itself, for all that can be done there: nothing stands in for it. @throws as `open` does */
  repository(reference: Reference, options?: Omit<OpenOptions, 'mirrors' | 'cached'>): Promise<Repository>;
  /** @throws OciError INVALID_REFERENCE when the host is not one */
  registry(host: string): Promise<Registry>;
  /** What a registry has beyond the spec. @throws as {@link registry} does; with `detect`, when the registry is not there */
  provider(host: string, options?: ProviderOptions): Promise<RegistryProvider>;
  /** What a registry has shown that it can do. @throws OciError INVALID_REFERENCE when the host is not one */
  capabilities(host: string): Capabilities;
  /** The same, after asking one of its repositories for what is not known yet. @throws OciError UNAUTHORIZED where it may not be read; REGISTRY_UNAVAILABLE */
  probe(reference: Pick<RegistryReference, 'registry' | 'repository'>, options?: ProbeOptions): Promise<Capabilities>;
  /** Gives all connections back. Nothing may be in flight. */
  close(): Promise<void>;
}

interface Connected {
  /** Takes tags away in the registry's own way. */
  readonly registry: Registry;
  /** Does all by the spec. */
  readonly plain: Registry;
  readonly transport: Transport;
  readonly mirrors: readonly Mirror[];
  readonly fingerprint: Fingerprint;
  readonly provider: ProviderName | undefined;
  readonly providers: Map<ProviderName, RegistryProvider>;
  readonly whenClosed: (() => void)[];
}

export function createStores(options: StoresOptions): Stores {
  const connected = new Map<string, Promise<Connected>>();
  const { cache, availability = ownAvailability(options) } = options;
  const { capabilities: memory = memoryOfProcess(), environment = process.env } = options;

  const connect = async (host: string): Promise<Connected> => {
    const { connection: connectionOf, ...shared } = options;
    const {
      plainHttp,
      mirrors = [],
      retry: ownRetry,
      circuitBreaker: ownBreaker,
      uploadMode,
      provider,
      ...connection
    } = connectionOf?.(host) ?? {};
    const parsed = mirrors.map(parseMirror);
    const retry = { ...shared.retry, ...ownRetry };
    const circuitBreaker = { ...shared.circuitBreaker, ...ownBreaker };
    const fingerprint = new Fingerprint(host, memory);
    const carrying = await createTransport({
      ...shared,
      registry: host,
      connection,
      retry,
      circuitBreaker,
      availability,
    });
    const transport = learning(carrying, fingerprint);
    const described = {
      host,
      plainHttp: plainHttp ?? (isLoopbackRegistry(host) && !hasTlsOptions(connection)),
      transport,
      logger: shared.logger,
      ...(shared.telemetry && { telemetry: shared.telemetry }),
      retry,
      clock: availability.clock,
      ...(uploadMode && { uploadMode }),
    };
    const plain = new Registry(described);
    const registry = new Registry({
      ...described,
      untag: (repository, tag, call) => untag(host, repository, tag, call),
      async removeManifest(repository, digest, call) {
        const removal = (await providerAt(host, call)).deleteManifest?.(repository, digest, call);
        await removal;
        return removal !== undefined;
      },
    });
    const own = { provider, fingerprint, providers: new Map(), whenClosed: [] };
    return { registry, plain, transport, mirrors: parsed, ...own };
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

  const nameOf = async (own: Connected, { detect = false, ...call }: ProviderOptions): Promise<ProviderName> => {
    const { registry, transport, fingerprint } = own;
    const known = own.provider ?? providerByHost(registry.host) ?? fingerprint.current.provider;
    if (known !== undefined || !detect) return known ?? 'distribution';
    const provider = await detectProvider({ registry: registry.host, base: registry.url, transport }, call);
    fingerprint.learn({ provider });
    return provider;
  };

  const amazonAt = async (host: string, name: ProviderName) => {
    const { amazonParts } = await import('./amazon.ts');
    return amazonParts(host, name === 'ecr-public', environment);
  };

  const providerAt = async (host: string, asked: ProviderOptions): Promise<RegistryProvider> => {
    const own = await connectedTo(host);
    const { plain: registry, transport, providers, whenClosed } = own;
    const name = await nameOf(own, asked);
    const known = providers.get(name);
    if (known !== undefined) return known;
    const { createProvider } = await import('./registries/providers.ts');
    const amazon = name === 'ecr' || name === 'ecr-public' ? await amazonAt(registry.host, name) : undefined;
    if (amazon) whenClosed.push(() => amazon.close());
    const provider = createProvider(name, { registry, transport, logger: options.logger }, amazon);
    providers.set(name, provider);
    return provider;
  };

  /** Where the spec's way is not open, it is worth a question what the registry is. */
  const untag = async (host: string, repository: RepositoryName, tag: Tag, call: CallOptions): Promise<void> => {
    const provider = await providerAt(host, call);
    try {
      await provider.deleteTag(repository, tag, call);
    } catch (error) {
      if (!isOciError(error, 'UNSUPPORTED') || provider.name !== 'distribution') throw error;
      const detected = await providerAt(host, { ...call, detect: true });
      if (detected === provider) throw error;
      await detected.deleteTag(repository, tag, call);
    }
  };

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
      if (reference.kind === 'layout') return openLayoutStore(reference.path, openOptions);
      const { cached, mirrors } = openOptions;
      if (cached === undefined || cache === undefined) return mirrors ? mirroredAt(reference) : watchedAt(reference);
      return cache.repository(reference, await (mirrors ? mirroredAt(reference) : repositoryAt(reference)), cached);
    },
    async repository(reference, openOptions) {
      return reference.kind === 'layout' ? openLayoutStore(reference.path, openOptions) : watchedAt(reference);
    },
    registry: async (host) => (await connectedTo(host)).registry,
    provider: (host, providerOptions = {}) => providerAt(host, providerOptions),
    capabilities: (host) => new Fingerprint(parseRegistryHost(host), memory).current,
    async probe({ registry: host, repository }, probeOptions) {
      const { plain: registry, transport, fingerprint } = await connectedTo(host);
      const { probeCapabilities } = await import('./registries/probe.ts');
      return probeCapabilities({ registry, transport, fingerprint }, repository, probeOptions);
    },
    async close() {
      await cache?.close();
      const all = await Promise.allSettled(connected.values());
      connected.clear();
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? disconnect(one.value) : undefined)));
    },
  };
}

function ownAvailability({ logger, telemetry }: StoresOptions): Availability {
  return new Availability({ logger, ...(telemetry && { telemetry }) });
}

async function disconnect({ registry, plain, transport, whenClosed }: Connected): Promise<void> {
  await Promise.all([registry.settled(), plain.settled()]);
  for (const close of whenClosed) close();
  await transport.close();
}

function hasTlsOptions({ ca, cert, key, insecure }: ConnectionOptions): boolean {
  return ca !== undefined || cert !== undefined || key !== undefined || insecure === true;
}
