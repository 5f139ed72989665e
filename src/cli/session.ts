import { resolve } from 'node:path';
import type {
  Cache,
  CacheMode,
  CallOptions,
  CredentialSource,
  DocumentProblem,
  EndorsementKeeper,
  Logger,
  OperationFacts,
  Reference,
  Registry,
  Repository,
  RunningTelemetry,
  ScopeOptions,
  Stores,
  TagLister,
  Target,
  Telemetry,
} from '../oci/index.ts';
import { HttpRecording, observeOperation, silentTelemetry, version } from '../oci/index.ts';
import { CacheUse } from './cacheUse.ts';
import { wrongUsage } from './cliError.ts';
import { connect, connectWith } from './connect.ts';
import { type CredentialInput, ownManifest } from './credentials.ts';
import type { CliIo } from './io.ts';
import { createLogger, logLevelFrom } from './logger.ts';
import { checkGlobalOptions, type GlobalOptions } from './options.ts';
import { createOutput, type Output } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import { type Named, type ReferenceOptions, readReference } from './references.ts';
import type { RegistryManifest } from './registryManifest.ts';
import { problemText } from './sentences.ts';
import { createStatusLine, type StatusLine } from './statusLine.ts';
import { OPERATIONS, telemetryFor, watchCache, writeReport } from './telemetry.ts';
import { visible } from './visible.ts';

/** More would bury the result. */
const MAX_WARNINGS = 5;

/** What one run of a command works with: its options, the world around it, and the stores it opens. */
export class Session {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly status: StatusLine;
  readonly logger: Logger;
  /** What `--record` keeps of the HTTP exchange. */
  readonly recording: HttpRecording | undefined;
  /** For every call that can take long. */
  readonly call: CallOptions;
  /** For operations of many calls. */
  readonly scope: ScopeOptions;
  /** How it went with what was read by {@link source}. */
  readonly cacheUse: CacheUse = new CacheUse();
  #manifest: Promise<RegistryManifest | undefined> | undefined;
  #stores: Promise<Stores> | undefined;
  #cache: Cache | undefined;
  #running: RunningTelemetry | undefined;
  #tell: ((facts: OperationFacts) => void) | undefined;
  readonly #whenClosed: (() => Promise<void>)[] = [];

  /** @throws CliError WRONG_USAGE for options that contradict each other */
  constructor(io: CliIo, options: GlobalOptions) {
    checkGlobalOptions(options);
    this.io = io;
    this.options = options;
    this.output = createOutput(io.stdout);
    this.status = createStatusLine(io.stderr, { draw: options.json !== true && options.logFormat === 'text' });
    const level = logLevelFrom(io.env['FLOE_OCI_LOG'], options.verbose === true);
    this.logger = createLogger({
      level,
      format: options.logFormat,
      print: (line) => this.status.print(line),
      context: () => traceFields(this.telemetry),
    });
    this.recording = options.record === undefined ? undefined : new HttpRecording();
    this.call = { signal: io.signal };
    this.scope = { ...this.call, ...(options.concurrency !== undefined && { concurrency: options.concurrency }) };
  }

  /** Silent unless the environment or an option wants to know. */
  get telemetry(): Telemetry {
    return this.#running?.telemetry ?? silentTelemetry;
  }

  /** Runs what a command does, so that it is seen where anybody looks. */
  async run(command: string, action: () => Promise<void>): Promise<void> {
    const { io, options } = this;
    this.#running = await telemetryFor({ io, options, warn: (text) => this.warn(text) });
    const operation = OPERATIONS[command];
    if (operation === undefined) return action();
    await observeOperation(this, operation, async (tell) => {
      this.#tell = tell;
      await action();
      if (this.cacheUse.isUsed) tell({ isCacheHit: this.cacheUse.source === 'cache' });
    });
  }

  /** Adds to what is known of the operation, for logs and telemetry. */
  tell(facts: OperationFacts): void {
    this.#tell?.(facts);
  }

  /** What the command was pointed at, by REF, by `-r` and `-t`, or by the manifest.yaml. */
  async named(operands: readonly string[], options: ReferenceOptions): Promise<Named> {
    const named = await readReference(operands, options, async () => (await this.#findManifest())?.place);
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

  /** A registry as a whole, with the credentials there are for it. @throws OciError INVALID_REFERENCE when the host is none */
  async registryNamed(host: string): Promise<Registry> {
    this.#checkOnline();
    const reference = { kind: 'registry', registry: host } as const;
    return (await this.#storesFor({ reference, by: 'REF' })).registry(host);
  }

  /** What a registry has beyond the spec. @throws OciError INVALID_REFERENCE when the host is none */
  async provider(named: Pick<Named, 'by'> & CredentialInput['named'], options: { readonly detect?: boolean } = {}) {
    this.#checkOnline();
    const { reference } = named;
    if (reference.kind !== 'registry') return undefined;
    return (await this.#storesFor(named)).provider(reference.registry, { ...options, ...this.call });
  }

  /** A registry as a whole, with these credentials and no others. @throws OciError INVALID_REFERENCE when the host is none */
  async registry(host: string, credentials: CredentialSource): Promise<Registry> {
    this.#checkOnline();
    const { io, options, logger } = this;
    const warn = (text: string): void => this.warn(text);
    const how = { telemetry: this.telemetry, recording: this.recording };
    this.#stores ??= connectWith(credentials, { io, options, logger, warn, registries: [host], ...how });
    return (await this.#stores).registry(host);
  }

  /** The cache itself. @throws CliError WRONG_USAGE when there is no place for one, or none is wanted */
  async openCache(): Promise<Cache> {
    if (this.options.cache === false) {
      throw wrongUsage('--no-cache leaves the cache alone, and this command is about it.', 'Leave --no-cache out.');
    }
    const { openCache } = await import('./openCache.ts');
    const cache = await openCache(this, await this.#findManifest());
    this.whenClosed(() => cache.close());
    return cache;
  }

  progress(verb: string): Progress {
    return createProgress(verb, this.status);
  }

  /** Something the user should know, which does not fail the command. */
  warn(text: string): void {
    if (this.options.logFormat === 'json') this.logger.warn('notice', { message: text });
    else this.status.print(`warning: ${visible(text)}`);
  }

  /** What is said of a document that is accepted all the same. */
  warnOfDocument(file: string, problems: readonly DocumentProblem[]): void {
    for (const problem of problems.slice(0, MAX_WARNINGS)) this.warn(`${file}: ${problemText(problem)}`);
    if (problems.length > MAX_WARNINGS) this.warn(`${file}: and ${problems.length - MAX_WARNINGS} more`);
  }

  /** Something that was done, for people. */
  note(text: string): void {
    if (this.options.json !== true && this.options.logFormat === 'text') this.status.print(visible(text));
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
    await this.#report();
  }

  /** Nothing fails for its sake: what a command was asked for has been done. */
  async #report(): Promise<void> {
    const { io, recording } = this;
    const { record, metricsFile } = this.options;
    const write = (file: string, what: string, text: string): Promise<void> =>
      writeReport(file, io.cwd, text).catch((error: Error) => this.warn(`the ${what} not written: ${error.message}`));
    if (record !== undefined && recording !== undefined) await write(record, 'recording was', recording.toHar(version));
    const running = this.#running;
    if (running === undefined) return;
    await watchCache(running, this.#cache);
    if (metricsFile !== undefined) await write(metricsFile, 'metrics were', await running.prometheus());
    await running.end();
  }

  async #storesFor(named: Pick<Named, 'by'> & CredentialInput['named']): Promise<Stores> {
    const { io, logger, options } = this;
    const manifest = await this.#manifestFor(named);
    this.#stores ??= this.#connect({ io, logger, options, named, manifest });
    return this.#stores;
  }

  /** The one of `--config`, or the one that named the place. */
  async #manifestFor({ by }: Pick<Named, 'by'>): Promise<RegistryManifest | undefined> {
    return by === 'manifest' || this.options.config !== undefined ? await this.#findManifest() : undefined;
  }

  async #connect(input: CredentialInput): Promise<Stores> {
    const { reference, also = [] } = input.named;
    const isCached = this.options.cache !== false && [reference, ...also].some(({ kind }) => kind === 'registry');
    const { telemetry } = this;
    const warned = { ...input, telemetry, recording: this.recording, warn: (text: string): void => this.warn(text) };
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

  /** The manifest.yaml that has a say about what was named. @throws as reading it does */
  async manifestAbout(named: Named): Promise<RegistryManifest | undefined> {
    return ownManifest({ named, manifest: await this.#manifestFor(named) });
  }

  /** The manifest.yaml of `--config`, or in the working folder. @throws as reading it does */
  get manifest(): Promise<RegistryManifest | undefined> {
    return this.#findManifest();
  }

  #findManifest(): Promise<RegistryManifest | undefined> {
    // Most commands need no YAML.
    this.#manifest ??= import('./registryManifest.ts').then(({ findRegistryManifest }) =>
      findRegistryManifest(this.options.config, this.io.cwd),
    );
    return this.#manifest;
  }
}

/** What leads from a line of the log to its trace. */
function traceFields({ ids }: Telemetry): { readonly trace_id?: string; readonly span_id?: string } {
  return ids === undefined ? {} : { trace_id: ids.traceId, span_id: ids.spanId };
}
