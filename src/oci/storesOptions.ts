import type { Cache } from './cache/cache.ts';
import type { CachedRepositoryOptions } from './cache/cachedRepositoryOptions.ts';
import type { EndorsementKeeper } from './cache/endorsement.ts';
import type { CallOptions, Repository, TagLister, Target } from './content/store.ts';
import type { Environment } from './credentials/environment.ts';
import type { Capabilities, CapabilityMemory } from './registries/capabilities.ts';
import type { ProbeOptions } from './registries/probe.ts';
import type { RegistryProvider } from './registries/provider.ts';
import type { ProviderName } from './registries/providerName.ts';
import type { Registry } from './remote/registry.ts';
import type { UploadMode } from './remote/uploadHabits.ts';
import type { Reference, RegistryReference } from './spec/reference.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { Availability } from './transport/availability.ts';
import type { CircuitBreakerOptions } from './transport/breaker.ts';
import type { TransportOptions } from './transport/compose.ts';
import type { RealmPins } from './transport/realmPins.ts';
import type { HttpRecording } from './transport/record.ts';
import type { RetryOptions } from './transport/retry.ts';
import type { ConnectionOptions } from './transport/transport.ts';

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
  /**
   * Where the registry's own API is, for a self-managed one that has it on another host: an https URL. The registry's
   * credential goes there too. Default: on the registry's host, or where its maker has it.
   */
  readonly apiUrl?: string;
  /** What differs from {@link StoresOptions.retry}. */
  readonly retry?: Partial<RetryOptions>;
  /** What differs from {@link StoresOptions.circuitBreaker}. */
  readonly circuitBreaker?: Partial<CircuitBreakerOptions>;
}

/** What all stores of a process share. */
export interface StoresOptions
  extends Pick<
    TransportOptions,
    'engine' | 'credentials' | 'onCredential' | 'retry' | 'circuitBreaker' | 'concurrency' | 'logger'
  > {
  /** Asked once per registry, when it is first used. May throw, which then fails what needed that registry. */
  readonly connection?: (registry: string) => RegistryConnection;
  /** Which token servers got the secrets of which registries; default: remembered until the stores are closed. */
  readonly pins?: RealmPins;
  /** What is known about which hosts can be asked now; give all stores of a process the same. Default: their own. */
  readonly availability?: Availability;
  /** Keeps what is read from registries by those who ask for it; default: nothing is kept. Closed with the stores. */
  readonly cache?: Cache;
  /** Keeps what registries have shown that they can do; default: for as long as the process runs. */
  readonly capabilities?: CapabilityMemory;
  /**
   * What names an identity of Amazon's, for the API of a registry, and a profile and a proxy; default: the variables of the
   * process. Empty where no identity of a cloud is to be used.
   */
  readonly environment?: (registry: string) => Environment | Promise<Environment>;
  /** Traces and counts what is done; default: nothing does. Give the same to what is shared with the stores: cache and availability. */
  readonly telemetry?: Telemetry;
  /** Keeps every HTTP exchange, redacted; default: nothing is kept. */
  readonly recording?: HttpRecording;
  readonly userAgent: string;
}

/** How a registry's own API is found. */
export interface ProviderOptions extends CallOptions {
  /** Asks the registry what it is, where neither its name nor a setting nor an earlier answer says so. Default false. */
  readonly detect?: boolean;
}

/** How a repository or a layout is opened. */
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
