import { resolve } from 'node:path';
import type { FloeClient } from '../floe/floeClient.ts';
import type {
  Cache,
  CacheMode,
  CallOptions,
  CredentialSource,
  EndorsementKeeper,
  HttpRecording,
  OperationFacts,
  Reference,
  Registry,
  Repository,
  ScopeOptions,
  Stores,
  TagLister,
  Target,
  Telemetry,
} from '../oci/index.ts';
import { userAgent, visible } from '../oci/index.ts';
import { CacheUse } from './cacheUse.ts';
import { wrongUsage } from './cliError.ts';
import { connect, connectWith } from './connect.ts';
import { type CredentialInput, ownManifest } from './credentials.ts';
import type { CliIo } from './io.ts';
import { ManifestInUse } from './manifestInUse.ts';
import { Narrator } from './narrator.ts';
import { Observation } from './observation.ts';
import { checkGlobalOptions, type GlobalOptions } from './options.ts';
import { type Named, type ReferenceOptions, readReference } from './references.ts';

/** Which environment of `verification.environments` this is. floe's own command line reads the same variable. */
const ENVIRONMENT = 'FLOE_ENVIRONMENT';

/** What one run of a command works with: its options, the world around it, and the stores it opens. */
export class Session extends Narrator {
  /** For every call that can take long. */
  readonly call: CallOptions;
  /** For operations of many calls. */
  readonly scope: ScopeOptions;
  /** How it went with what was read by {@link source}. */
  readonly cacheUse: CacheUse = new CacheUse();
  /** What the user has written about registries, if anything. */
  readonly manifest: ManifestInUse;
  #stores: Promise<Stores> | undefined;
  #cache: Cache | undefined;
  readonly #observation: Observation;
  readonly #whenClosed: (() => Promise<void>)[] = [];

  /** @throws CliError WRONG_USAGE for options that contradict each other */
  constructor(io: CliIo, options: GlobalOptions) {
    checkGlobalOptions(options);
    super(io, options);
    const { logger } = this;
    this.manifest = new ManifestInUse(options.config, io.cwd);
    this.#observation = new Observation({ io, options, logger, warn: (text) => this.warn(text) });
    this.call = { signal: io.signal };
    this.scope = { ...this.call, ...(options.concurrency !== undefined && { concurrency: options.concurrency }) };
  }

  /** What `--record` keeps of the HTTP exchange. */
  get recording(): HttpRecording | undefined {
    return this.#observation.recording;
  }

  /** Silent unless the environment or an option wants to know. */
  get telemetry(): Telemetry {
    return this.#observation.telemetry;
  }

  /** Runs what a command does, so that it is seen where anybody looks. */
  async run(command: string, action: () => Promise<void>): Promise<void> {
    await this.#observation.run(command, async () => {
      await action();
      if (this.cacheUse.isUsed) this.tell({ isCacheHit: this.cacheUse.source === 'cache' });
    });
  }

  /** Adds to what is known of the operation, for logs and telemetry. */
  tell(facts: OperationFacts): void {
    this.#observation.tell(facts);
  }

  /** What the command was pointed at, by REF, by `-r` and `-t`, or by the manifest.yaml. */
  async named(operands: readonly string[], options: ReferenceOptions): Promise<Named> {
    const named = await readReference(operands, options, async () => (await this.manifest.find())?.place);
    const { reference } = named;
    const place = reference.kind === 'registry' && { registry: reference.registry, repository: reference.repository };
    this.tell({ ...place, tag: reference.tag, digest: reference.digest });
    return named;
  }

  /**
   * The repository or layout that was named, to read from: what a registry has may come from the cache.
   * @throws OciError NOT_FOUND for a layout; CliError WRONG_USAGE when only the cache may be asked and there is none
   */
  async source(named: Named): Promise<Target & TagLister & Partial<EndorsementKeeper>> {
    const stores = await this.#storesFor(named);
    const store: Target & TagLister & Partial<EndorsementKeeper> = await stores.open(this.#placeOf(named), {
      ...this.call,
      cached: { mode: this.#cacheMode, onLookup: (lookup) => this.cacheUse.note(store.name, lookup) },
    });
    return store;
  }

  /**
   * The repository or layout that was named: what is there decides.
   * @throws OciError NOT_FOUND for a layout, unless `create`; CliError WRONG_USAGE for a registry that may not be asked
   */
  async open(named: Named, options: { readonly create?: boolean } = {}): Promise<Target & TagLister> {
    if (named.reference.kind === 'registry') this.#checkOnline();
    return (await this.#storesFor(named)).open(this.#placeOf(named), { ...options, ...this.call });
  }

  /** The same, for all that can be done there. */
  async repository(named: Named, options: { readonly create?: boolean } = {}): Promise<Repository> {
    if (named.reference.kind === 'registry') this.#checkOnline();
    return (await this.#storesFor(named)).repository(this.#placeOf(named), { ...options, ...this.call });
  }

  /**
   * floe's client for the place that was named, by the rules of the manifest.yaml that is about it. It reads through the
   * cache, as {@link source} does, and writes to the place itself.
   * @throws as reading the manifest.yaml does
   */
  async client(named: Named): Promise<FloeClient> {
    const [{ FloeClient }, manifest] = [await import('../floe/floeClient.ts'), await this.manifest.about(named)];
    return new FloeClient({
      place: {
        source: () => this.source(named),
        repository: ({ create = false } = {}) => this.repository(named, { create }),
        isOffline: this.options.offline === true,
      },
      config: manifest?.config,
      environmentName: this.io.env[ENVIRONMENT] || undefined,
      warn: (text) => this.warn(text),
      endorsedBy: userAgent,
    });
  }

  /** A registry as a whole, with the credentials there are for it. @throws OciError INVALID_REFERENCE when the host is none */
  async registryNamed(host: string): Promise<Registry> {
    this.#checkOnline();
    this.tell({ registry: host });
    const reference = { kind: 'registry', registry: host } as const;
    return (await this.#storesFor({ reference, by: 'REF' })).registry(host);
  }

  /** What a registry has beyond the spec. @throws OciError INVALID_REFERENCE when the host is none */
  async provider(named: Pick<Named, 'by'> & CredentialInput['named'], options: { readonly detect?: boolean } = {}) {
    this.#checkOnline();
    const { reference } = named;
    if (reference.kind !== 'registry') return undefined;
    this.tell({ registry: reference.registry });
    return (await this.#storesFor(named)).provider(reference.registry, { ...options, ...this.call });
  }

  /** A registry as a whole, with these credentials and no others. @throws OciError INVALID_REFERENCE when the host is none */
  async registry(host: string, credentials: CredentialSource): Promise<Registry> {
    this.#checkOnline();
    this.tell({ registry: host });
    const { io, options, logger } = this;
    const warn = (text: string): void => this.warn(text);
    const { telemetry, recording } = this;
    const how = { telemetry, recording };
    this.#stores ??= connectWith(credentials, { io, options, logger, warn, registries: [host], ...how });
    return (await this.#stores).registry(host);
  }

  /** The cache itself. @throws CliError WRONG_USAGE when there is no place for one, or none is wanted */
  async openCache(): Promise<Cache> {
    if (this.options.cache === false) {
      throw wrongUsage('--no-cache leaves the cache alone, and this command is about it.', 'Leave --no-cache out.');
    }
    const { openCache } = await import('./openCache.ts');
    const cache = await openCache(this, await this.manifest.find());
    this.whenClosed(() => cache.close());
    return cache;
  }

  /** Runs when the command has ended, however it ended: for temporary files. */
  whenClosed(task: () => Promise<void>): void {
    this.#whenClosed.push(task);
  }

  async close(): Promise<void> {
    this.status.clear();
    this.#tellAge();
    await Promise.allSettled(this.#whenClosed.map((task) => task()));
    // Stores that could not be made have failed the command already.
    await this.#stores?.then(
      (stores) => stores.close(),
      () => {},
    );
    await this.#observation.end(this.#cache);
  }

  async #storesFor(named: Pick<Named, 'by'> & CredentialInput['named']): Promise<Stores> {
    const { io, logger, options } = this;
    const manifest = await this.manifest.for(named);
    this.#stores ??= this.#connect({ io, logger, options, named, manifest });
    return this.#stores;
  }

  async #connect(input: CredentialInput): Promise<Stores> {
    const { reference, also = [] } = input.named;
    const isCached = this.options.cache !== false && [reference, ...also].some(({ kind }) => kind === 'registry');
    const { telemetry, recording } = this;
    const warned = { ...input, telemetry, recording, warn: (text: string): void => this.warn(text) };
    if (!isCached) return connect(warned);
    const { cacheInFront } = await import('./openCache.ts');
    this.#cache = await cacheInFront(this, ownManifest(input));
    return connect(warned, this.#cache);
  }

  get #cacheMode(): CacheMode {
    const { offline, refresh } = this.options;
    if (offline) return 'offline';
    return refresh ? 'checked' : 'cached';
  }

  #checkOnline(): void {
    if (!this.options.offline) return;
    throw wrongUsage(
      '--offline is for reading from the cache, and this command needs the registry itself.',
      'Leave it out; pull, inspect, list, resolve and diff do without a registry.',
    );
  }

  /** Whoever is offline should know of what time the answer is. */
  #tellAge(): void {
    const { ageText, oldest = 0 } = this.cacheUse;
    if (!this.options.offline || ageText === undefined) return;
    if (this.options.logFormat === 'json') this.logger.warn('offline', { message: ageText, ageMs: oldest });
    else this.status.print(visible(`offline: ${ageText}`));
  }

  #placeOf({ reference }: Named): Reference {
    return reference.kind === 'layout' ? { ...reference, path: resolve(this.io.cwd, reference.path) } : reference;
  }
}
