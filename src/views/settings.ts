import { ConfigurationTarget, type Disposable, type Event, EventEmitter, workspace } from 'vscode';
import { readSourceNames, type SourceName } from './credentials/sourceNames.ts';

/** A registry the user has connected: an entry of `floeOci.registries`. */
export interface RegistrySetting {
  /** What the tree calls it; default: its host. */
  readonly name?: string;
  /** `oci://HOST[:PORT]`, or the host alone. */
  readonly url: string;
  /** Pinned repositories, shown whether or not the registry lists its repositories. */
  readonly repositories: readonly string[];
}

/** How one registry is reached: an entry of `floeOci.registryOptions`. Files are absolute paths on the extension's machine. */
export interface RegistryOptions {
  readonly plainHttp?: boolean;
  readonly caFile?: string;
  readonly clientCertFile?: string;
  readonly clientKeyFile?: string;
  readonly insecure?: boolean;
}

export type NetworkClient = 'auto' | 'host' | 'undici';

const SECTION = 'floeOci';
const DEFAULTS = {
  pageSize: 100,
  concurrency: 8,
  networkClient: 'auto',
  mutableTags: ['latest', 'latest-*', 'dev', 'dev-*', 'snapshot', 'snapshot-*'],
} as const;

/** What the user has written in the settings; a value of the wrong shape reads as its default. */
export class Settings implements Disposable {
  readonly #registries = new EventEmitter<void>();
  readonly #connections = new EventEmitter<void>();
  readonly #subscription: Disposable;

  constructor() {
    this.#subscription = workspace.onDidChangeConfiguration((change) => {
      const changed = (name: string): boolean => change.affectsConfiguration(`${SECTION}.${name}`);
      if (['registryOptions', 'network', 'transfer', 'credentials'].some(changed)) this.#connections.fire();
      if (['registries', 'tree'].some(changed)) this.#registries.fire();
    });
  }

  /** What the tree shows has changed. */
  get onDidChangeRegistries(): Event<void> {
    return this.#registries.event;
  }

  /** How registries are reached has changed. */
  get onDidChangeConnections(): Event<void> {
    return this.#connections.event;
  }

  get registries(): readonly RegistrySetting[] {
    return readRegistries(read('registries'));
  }

  /** By the registry's url as the user wrote it. */
  get registryOptions(): ReadonlyMap<string, RegistryOptions> {
    return readRegistryOptions(read('registryOptions'));
  }

  /** Rows that a level of the tree shows before "Load more". */
  get pageSize(): number {
    return positiveInteger(read('tree.pageSize')) ?? DEFAULTS.pageSize;
  }

  /** Requests in flight to one host. */
  get concurrency(): number {
    return positiveInteger(read('transfer.concurrency')) ?? DEFAULTS.concurrency;
  }

  /** Which tags a push may move; see `TagPatterns` of the floe layer. */
  get tagPatterns(): { readonly immutable: readonly string[]; readonly mutable: readonly string[] } {
    return {
      immutable: strings(read('tags.immutablePatterns')) ?? [],
      mutable: strings(read('tags.mutablePatterns')) ?? DEFAULTS.mutableTags,
    };
  }

  /** Where credentials may come from, in this order. */
  get credentialSources(): readonly SourceName[] {
    return readSourceNames(read('credentials.sources'));
  }

  get networkClient(): NetworkClient {
    const client = read('network.client');
    return client === 'host' || client === 'undici' ? client : DEFAULTS.networkClient;
  }

  /** Writes the whole list where it is in force: in the user's settings, unless the workspace has one of its own. */
  async writeRegistries(registries: readonly RegistrySetting[]): Promise<void> {
    const configuration = workspace.getConfiguration(SECTION);
    const ofWorkspace = configuration.inspect('registries')?.workspaceValue !== undefined;
    const target = ofWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
    await configuration.update('registries', registries, target);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#registries.dispose();
    this.#connections.dispose();
  }
}

function read(name: string): unknown {
  return workspace.getConfiguration(SECTION).get<unknown>(name);
}

function readRegistries(value: unknown): readonly RegistrySetting[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).flatMap(({ name, url, repositories }) => {
    if (typeof url !== 'string') return [];
    const named = typeof name === 'string' && name !== '' ? { name } : {};
    return [{ ...named, url, repositories: strings(repositories) ?? [] }];
  });
}

function readRegistryOptions(value: unknown): ReadonlyMap<string, RegistryOptions> {
  if (!isRecord(value)) return new Map();
  const entries = Object.entries(value).filter((entry): entry is [string, Record<string, unknown>] =>
    isRecord(entry[1]),
  );
  return new Map(
    entries.map(([url, options]) => [
      url,
      {
        ...pick(options, ['plainHttp', 'insecure'], (field) => typeof field === 'boolean'),
        ...pick(options, ['caFile', 'clientCertFile', 'clientKeyFile'], (field) => typeof field === 'string'),
      },
    ]),
  );
}

function pick(
  from: Record<string, unknown>,
  names: readonly string[],
  fits: (value: unknown) => boolean,
): RegistryOptions {
  return Object.fromEntries(names.filter((name) => fits(from[name])).map((name) => [name, from[name]]));
}

function positiveInteger(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

function strings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
