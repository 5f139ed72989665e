import { isAbsolute } from 'node:path';
import { ConfigurationTarget, type Disposable, type Event, EventEmitter, workspace } from 'vscode';
import { DEFAULT_TAG_PATTERNS, type TagPatterns } from '../floe/tagPatterns.ts';
import type { CircuitBreakerOptions, RetryOptions } from '../oci/index.ts';
import { readSourceNames, type SourceName } from './credentials/sourceNames.ts';
import { isRecord, type RegistryOptions, readRegistryOptions, strings } from './registryOptions.ts';
import { acceptedNumber, NUMBER_SETTINGS, type NumberSettingName, SWITCHES, type SwitchName } from './settingLimits.ts';
import { OTLP_PROTOCOLS, type OtlpProtocol } from './telemetry/otlpProtocol.ts';

/** A registry the user has connected: an entry of `floeOci.registries`. */
export interface RegistrySetting {
  /** What the tree calls it; default: its host. */
  readonly name?: string;
  /** `oci://HOST[:PORT]`, or the host alone. */
  readonly url: string;
  /** Pinned repositories, shown whether or not the registry lists its repositories. */
  readonly repositories: readonly string[];
}

/** The pull-through cache. */
export interface CacheSettings {
  readonly enabled: boolean;
  /** Absolute; undefined: the extension's own storage. */
  readonly path: string | undefined;
  readonly maxSizeGb: number;
  /** Of tags that may move. */
  readonly ttlHours: number;
}

/** What carries requests; `auto` is the editor's own client wherever that can. */
export type NetworkClient = 'auto' | 'host' | 'undici';

/** Where traces and numbers go. */
export interface OtelSettings {
  readonly enabled: boolean;
  /** Base address of the collector; undefined: what OpenTelemetry's variables say, else its usual place. */
  readonly endpoint: string | undefined;
  /** Undefined: what OpenTelemetry's variables say, else protobuf. */
  readonly protocol: OtlpProtocol | undefined;
  /** Hosts, with their port, that are told which trace a request belongs to. */
  readonly traceHosts: readonly string[];
}

const SECTION = 'floeOci';
/** What decides how registries are reached and what is kept of them. */
const CONNECTION_SETTINGS = [
  'registryOptions',
  'network',
  'transfer',
  'credentials',
  'cache',
  'retry',
  'circuitBreaker',
] as const;
const DEFAULTS = {
  networkClient: 'auto',
} as const;

/** What the user has written in the settings; a value of the wrong shape reads as its default. */
export class Settings implements Disposable {
  readonly #registries = new EventEmitter<void>();
  readonly #connections = new EventEmitter<void>();
  readonly #all = new EventEmitter<void>();
  readonly #subscription: Disposable;

  constructor() {
    this.#subscription = workspace.onDidChangeConfiguration((change) => {
      const changed = (name: string): boolean => change.affectsConfiguration(`${SECTION}.${name}`);
      if (CONNECTION_SETTINGS.some(changed)) this.#connections.fire();
      if (['registries', 'tree'].some(changed)) this.#registries.fire();
      if (change.affectsConfiguration(SECTION)) this.#all.fire();
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

  /** Any of them has changed. */
  get onDidChange(): Event<void> {
    return this.#all.event;
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
    return numberOf('tree.pageSize');
  }

  /** Requests in flight to one host. */
  get concurrency(): number {
    return numberOf('transfer.concurrency');
  }

  get cache(): CacheSettings {
    const path = read('cache.path');
    return {
      enabled: switchOf('cache.enabled'),
      path: isFolder(path) ? path : undefined,
      maxSizeGb: numberOf('cache.maxSizeGb'),
      ttlHours: numberOf('cache.ttlHours'),
    };
  }

  get retry(): RetryOptions {
    return {
      maxAttempts: numberOf('retry.maxAttempts'),
      ...delays(),
      multiplier: numberOf('retry.backoffMultiplier'),
      jitter: switchOf('retry.jitter'),
    };
  }

  get circuitBreaker(): CircuitBreakerOptions {
    return {
      enabled: switchOf('circuitBreaker.enabled'),
      failureThreshold: numberOf('circuitBreaker.failureThreshold'),
      recoveryTimeoutMs: numberOf('circuitBreaker.recoveryTimeoutMs'),
      halfOpenRequests: numberOf('circuitBreaker.halfOpenRequests'),
    };
  }

  /** Which tags a push may move. */
  get tagPatterns(): TagPatterns {
    return {
      immutable: strings(read('tags.immutablePatterns')) ?? DEFAULT_TAG_PATTERNS.immutable,
      mutable: strings(read('tags.mutablePatterns')) ?? DEFAULT_TAG_PATTERNS.mutable,
    };
  }

  /** Where credentials may come from, in this order. */
  get credentialSources(): readonly SourceName[] {
    return readSourceNames(read('credentials.sources'));
  }

  get otel(): OtelSettings {
    const endpoint = read('otel.endpoint');
    const protocol = read('otel.protocol');
    return {
      enabled: switchOf('otel.enabled'),
      endpoint: typeof endpoint === 'string' && endpoint.trim() !== '' ? endpoint.trim() : undefined,
      protocol: OTLP_PROTOCOLS.find((each) => each === protocol),
      traceHosts: strings(read('otel.traceHosts')) ?? [],
    };
  }

  get networkClient(): NetworkClient {
    const client = read('network.client');
    return client === 'host' || client === 'undici' ? client : DEFAULTS.networkClient;
  }

  /** One setting as it is written, right or wrong; `name` is without `floeOci.`. */
  read(name: string): unknown {
    return read(name);
  }

  /** Writes the whole list where it is in force: in the user's settings, unless the workspace has one of its own. */
  async writeRegistries(registries: readonly RegistrySetting[]): Promise<void> {
    const configuration = workspace.getConfiguration(SECTION);
    const ofWorkspace = configuration.inspect('registries')?.workspaceValue !== undefined;
    const target = ofWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
    await configuration.update('registries', registries, target);
  }

  /** Writes one option of how a registry is reached, or takes it out; the others stay as they are written. */
  async writeRegistryOption(url: string, name: keyof RegistryOptions, value: string | undefined): Promise<void> {
    const all = read('registryOptions');
    // Plain copies: what VS Code hands out loses what is below a key with dots in it when it is written again.
    const written = new Map(
      Object.entries(isRecord(all) ? all : {}).map(([key, of]) => [key, isRecord(of) ? { ...of } : of]),
    );
    const own = written.get(url);
    const { [name]: _, ...others } = isRecord(own) ? own : {};
    const options = value === undefined ? others : { ...others, [name]: value };
    if (Object.keys(options).length === 0) written.delete(url);
    else written.set(url, options);
    const changed = Object.fromEntries(written);
    await workspace.getConfiguration(SECTION).update('registryOptions', changed, ConfigurationTarget.Global);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#registries.dispose();
    this.#connections.dispose();
    this.#all.dispose();
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

function numberOf(name: NumberSettingName): number {
  return acceptedNumber(name, read(name)) ?? NUMBER_SETTINGS[name].default;
}

function switchOf(name: SwitchName): boolean {
  const value = read(name);
  return typeof value === 'boolean' ? value : SWITCHES[name];
}

/** Each may be right by itself and wrong beside the other; then neither is used. */
function delays(): Pick<RetryOptions, 'initialDelayMs' | 'maxDelayMs'> {
  const [initialDelayMs, maxDelayMs] = [numberOf('retry.initialDelayMs'), numberOf('retry.maxDelayMs')];
  if (initialDelayMs <= maxDelayMs) return { initialDelayMs, maxDelayMs };
  return {
    initialDelayMs: NUMBER_SETTINGS['retry.initialDelayMs'].default,
    maxDelayMs: NUMBER_SETTINGS['retry.maxDelayMs'].default,
  };
}

/** Relative to what, nobody could say. */
function isFolder(value: unknown): value is string {
  return typeof value === 'string' && isAbsolute(value);
}
