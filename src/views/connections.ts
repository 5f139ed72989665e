import { Uri, workspace } from 'vscode';
import {
  type ConnectionOptions,
  type CredentialSource,
  type CredentialUse,
  createStores,
  type Logger,
  OciError,
  type RealmPins,
  type Stores,
  type StoresOptions,
  userAgent,
} from '../oci/index.ts';
import { once } from './once.ts';
import { parseRegistryUrl } from './registryUrl.ts';
import type { RegistryOptions, Settings } from './settings.ts';

type Connection = ConnectionOptions & { readonly plainHttp?: boolean };

export interface ConnectionsOptions {
  readonly credentials: CredentialSource;
  readonly pins: RealmPins;
  /** Told what becomes of these credentials; nothing of those that are only tried. */
  readonly onCredential: (use: CredentialUse) => void;
  readonly logger: Logger;
}

/** How to get to the content of registries, by the settings as they are now. */
export class Connections {
  readonly #settings: Settings;
  readonly #options: ConnectionsOptions;
  #stores: () => Promise<Stores>;

  constructor(settings: Settings, options: ConnectionsOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#stores = this.#shared();
  }

  /** Shared by everything that happens in the window. */
  get stores(): () => Promise<Stores> {
    return this.#stores;
  }

  /** What comes next uses the settings and credentials as they are then; what is under way goes on with the old ones. */
  reset(): void {
    this.#stores = this.#shared();
  }

  /** For trying credentials that have not been saved. The caller closes it. */
  async storesWith(credentials: CredentialSource): Promise<Stores> {
    return await this.#create({ credentials });
  }

  #shared(): () => Promise<Stores> {
    const { credentials, onCredential } = this.#options;
    // What is under way with the stores of before says nothing about the credentials of now.
    const stores: () => Promise<Stores> = once(() =>
      this.#create({
        credentials,
        onCredential: (use) => {
          if (this.#stores === stores) onCredential(use);
        },
      }),
    );
    return stores;
  }

  async #create(of: Pick<StoresOptions, 'credentials' | 'onCredential'>): Promise<Stores> {
    const { pins, logger } = this.#options;
    const { networkClient: engine, concurrency, registryOptions } = this.#settings;
    const connections = await readConnections(registryOptions);
    return createStores({
      engine,
      concurrency,
      ...of,
      pins,
      logger,
      userAgent,
      connection: (registry) => connections.get(registry)?.() ?? {},
    });
  }

  async close(): Promise<void> {
    await (await this.#stores()).close();
  }
}

/** By registry. A file that cannot be read fails the registry it belongs to, and no other. */
async function readConnections(
  options: ReadonlyMap<string, RegistryOptions>,
): Promise<ReadonlyMap<string, () => Connection>> {
  const entries = [...options].map(async ([url, of]): Promise<[string, () => Connection] | undefined> => {
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

async function readConnection({ plainHttp, insecure, ...files }: RegistryOptions): Promise<Connection> {
  const [ca, cert, key] = await Promise.all([files.caFile, files.clientCertFile, files.clientKeyFile].map(readText));
  return {
    ...(plainHttp === undefined ? {} : { plainHttp }),
    ...(insecure === undefined ? {} : { insecure }),
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

/** Undefined when the url names no registry. */
export function registryOf(url: string): string | undefined {
  try {
    return parseRegistryUrl(url).registry;
  } catch {
    return undefined;
  }
}
