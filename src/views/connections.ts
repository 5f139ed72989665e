import { Uri, workspace } from 'vscode';
import {
  type Availability,
  type Cache,
  type CapabilityMemory,
  type CredentialSource,
  type CredentialUse,
  checkUnencrypted,
  createStores,
  type Environment,
  type HttpRecording,
  isProviderName,
  type Logger,
  OciError,
  type RealmPins,
  type RegistryConnection,
  type Stores,
  type StoresOptions,
  type Telemetry,
  userAgent,
} from '../oci/index.ts';
import { once } from './once.ts';
import type { RegistryOptions } from './registryOptions.ts';
import { parseRegistryUrl } from './registryUrl.ts';
import { isMirror } from './settingProblems.ts';
import type { Settings } from './settings.ts';

/** What all connections share. */
export interface ConnectionsOptions {
  readonly credentials: CredentialSource;
  /** What may name an identity of Amazon's, for its API. Default: the variables of the process. */
  readonly environmentFor?: (registry: string) => Promise<Environment>;
  readonly pins: RealmPins;
  /** Told what becomes of these credentials; nothing of those that are only tried. */
  readonly onCredential: (use: CredentialUse) => void;
  /** What is known about which hosts can be asked now; default: each stores' own. */
  readonly availability?: Availability;
  /** What is known of what registries can do; default: each stores' own. */
  readonly capabilities?: CapabilityMemory;
  /** What stands in front of a registry; default: nothing is kept. */
  readonly cacheFor?: (registry: string) => Cache | undefined;
  /** What a manifest.yaml says about how a registry is reached, before the settings. */
  readonly manifestFor?: (registry: string) => RegistryConnection | undefined;
  readonly logger: Logger;
  /** Told what is done. Default: nobody is. */
  readonly telemetry?: Telemetry;
  /** Keeps the exchange while it runs. Default: nothing is kept. */
  readonly recording?: HttpRecording;
}

/** How to get to the content of registries, by the settings as they are now. */
export class Connections {
  readonly #settings: Settings;
  readonly #options: ConnectionsOptions;
  /** Shared by everything that happens in the window, by the cache that stands in front of them. */
  #stores = new Map<Cache | undefined, () => Promise<Stores>>();

  constructor(settings: Settings, options: ConnectionsOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  /** The way to a registry. */
  async storesFor(registry: string): Promise<Stores> {
    const cache = this.#options.cacheFor?.(registry);
    const stores = this.#stores.get(cache) ?? this.#shared(cache);
    this.#stores.set(cache, stores);
    return await stores();
  }

  /** Whether what is read from a registry is kept. */
  isCached(registry: string): boolean {
    return this.#options.cacheFor?.(registry) !== undefined;
  }

  /** What comes next uses the settings and credentials as they are then; what is under way goes on with the old ones. */
  reset(): void {
    this.#stores = new Map();
  }

  /** For trying credentials that have not been saved. The caller closes it. */
  async storesWith(credentials: CredentialSource): Promise<Stores> {
    return await this.#create({ credentials, environment: () => ({}) });
  }

  #shared(cache: Cache | undefined): () => Promise<Stores> {
    const { credentials, onCredential, environmentFor } = this.#options;
    // What is under way with the stores of before says nothing about the credentials of now.
    const stores: () => Promise<Stores> = once(() =>
      this.#create({
        credentials,
        onCredential: (use) => {
          if (this.#stores.get(cache) === stores) onCredential(use);
        },
        ...(cache && { cache }),
        ...(environmentFor && { environment: environmentFor }),
      }),
    );
    return stores;
  }

  async #create(of: Pick<StoresOptions, 'credentials' | 'onCredential' | 'cache' | 'environment'>): Promise<Stores> {
    const { pins, availability, capabilities, manifestFor, logger, telemetry, recording } = this.#options;
    const { networkClient: engine, concurrency, retry, circuitBreaker, registryOptions } = this.#settings;
    const connections = await readConnections(registryOptions);
    return createStores({
      engine,
      concurrency,
      retry,
      circuitBreaker,
      ...of,
      ...(availability && { availability }),
      ...(capabilities && { capabilities }),
      ...(telemetry && { telemetry }),
      ...(recording && { recording }),
      pins,
      logger,
      userAgent,
      connection: (registry) => ({ ...connections.get(registry)?.(), ...manifestFor?.(registry) }),
    });
  }

  async close(): Promise<void> {
    // Stores that could not be made have failed what needed them already.
    const made = await Promise.allSettled([...this.#stores.values()].map((stores) => stores()));
    await Promise.all(made.map((stores) => (stores.status === 'fulfilled' ? stores.value.close() : undefined)));
  }
}

/** By registry. A file that cannot be read fails the registry it belongs to, and no other. */
async function readConnections(
  options: ReadonlyMap<string, RegistryOptions>,
): Promise<ReadonlyMap<string, () => RegistryConnection>> {
  const entries = [...options].map(async ([url, of]): Promise<[string, () => RegistryConnection] | undefined> => {
    const registry = registryOf(url);
    if (registry === undefined) return undefined;
    try {
      const connection = await readConnection(of);
      return [registry, () => connection];
    } catch (error) {
      return [
        registry,
        () => {
          throw error;
        },
      ];
    }
  });
  return new Map((await Promise.all(entries)).filter((entry) => entry !== undefined));
}

async function readConnection({
  plainHttp,
  insecure,
  mirrors,
  uploadMode,
  provider,
  apiUrl,
  ...files
}: RegistryOptions): Promise<RegistryConnection> {
  const [ca, cert, key] = await Promise.all([files.caFile, files.clientCertFile, files.clientKeyFile].map(readText));
  if (key !== undefined) checkUnencrypted(key, { argument: 'clientKeyFile', file: files.clientKeyFile ?? '' });
  return {
    ...(plainHttp === undefined ? {} : { plainHttp }),
    ...(insecure === undefined ? {} : { insecure }),
    ...(uploadMode === undefined ? {} : { uploadMode }),
    ...(provider === undefined || !isProviderName(provider) ? {} : { provider }),
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(mirrors === undefined ? {} : { mirrors: mirrors.filter(isMirror) }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readText(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === '') return undefined;
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(Uri.file(path)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OciError('FILE_NOT_READABLE', `cannot read ${path}`, { path, reason }, { cause });
  }
}

/** What the settings say about a registry, however its url is written there. */
export function optionsFor(
  options: ReadonlyMap<string, RegistryOptions>,
  registry: string,
): RegistryOptions | undefined {
  return [...options].findLast(([url]) => registryOf(url) === registry)?.[1];
}

/** Undefined when the url names no registry. */
export function registryOf(url: string): string | undefined {
  try {
    return parseRegistryUrl(url).registry;
  } catch {
    return undefined;
  }
}
