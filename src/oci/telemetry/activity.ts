import { AsyncLocalStorage } from 'node:async_hooks';
import type { ActivityEntry, ActivityFailure, ActivityLine, RequestSample } from './activityEntry.ts';
import type { LogFields, Logger } from './logger.ts';
import type { Operation } from './names.ts';
import type { ActiveSpan, Facts, SpanOptions, Telemetry } from './telemetry.ts';

/** How what was done is told to people. */
export interface ActivityOptions {
  readonly describe: (error: unknown) => ActivityFailure;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number;
}

/** What ended long ago nobody looks for. */
const MAX_ENTRIES = 50;
/** More than {@link MAX_ENTRIES} may have gone well since. */
const MAX_FAILED = 10;
/** Of one operation, at its beginning and at its end: its story without the middle of a thousand requests. */
const MAX_LINES = 100;
/** Of one registry: as many as a small chart has columns, and a few to reckon with. */
const MAX_SAMPLES = 60;

type Open = { -readonly [Key in keyof ActivityEntry]: ActivityEntry[Key] } & { lines: ActivityLine[] };

/**
 * Telemetry that stays here: what was done lately, and how registries have answered. It hears the same spans as whoever
 * sends them away, and forgets what is old.
 */
export class Activity implements Telemetry {
  readonly ids = undefined;
  readonly #describe: ActivityOptions['describe'];
  readonly #now: () => number;
  readonly #current = new AsyncLocalStorage<Open>();
  readonly #samples = new Map<string, readonly RequestSample[]>();
  readonly #listeners = new Set<() => void>();
  #entries: readonly Open[] = [];
  #failed: readonly Open[] = [];
  #count = 0;

  constructor({ describe, now = Date.now }: ActivityOptions) {
    this.#describe = describe;
    this.#now = now;
  }

  /** Those that run, then those that have ended; each the last one first. */
  get entries(): readonly ActivityEntry[] {
    const isRunning = ({ state }: Open): boolean => state === 'running';
    return [...this.#entries.filter(isRunning), ...this.#entries.filter((entry) => !isRunning(entry))];
  }

  /** The last one first; also when they are no longer among {@link entries}. */
  get failures(): readonly ActivityEntry[] {
    return this.#failed;
  }

  /** By registry, or whatever host was asked: the oldest first. */
  get samples(): ReadonlyMap<string, readonly RequestSample[]> {
    return this.#samples;
  }

  /** Something began, ended or was asked. @returns what ends the subscription */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The number of what is going on here, for logs. */
  get currentId(): number | undefined {
    return this.#current.getStore()?.id;
  }

  /** Keeps what is logged with the operation that it belongs to. */
  keeping(logger: Logger): Logger {
    const both =
      (level: keyof Logger) =>
      (event: string, fields: LogFields = {}): void => {
        this.#keep({ at: this.#now(), level, event, fields });
        logger[level](event, fields);
      };
    return {
      trace: both('trace'),
      debug: both('debug'),
      info: both('info'),
      warn: both('warn'),
      error: both('error'),
    };
  }

  span<T>(
    _name: Parameters<Telemetry['span']>[0],
    facts: Facts,
    run: (span: ActiveSpan) => Promise<T>,
    { isClient = false, isOperation = false }: SpanOptions = {},
  ): Promise<T> {
    if (isClient) return this.#request(facts, run);
    const current = this.#current.getStore();
    // What an operation needs others for is a part of it.
    if (!isOperation || current !== undefined) return run(this.#spanOf(current));
    return this.#operation(facts, run);
  }

  stream<T>(_name: Parameters<Telemetry['stream']>[0], _facts: Facts, items: AsyncIterable<T>): AsyncIterable<T> {
    return items;
  }

  count(): void {}
  record(): void {}
  watch(): void {}

  async #operation<T>(facts: Facts, run: (span: ActiveSpan) => Promise<T>): Promise<T> {
    const entry: Open = {
      id: ++this.#count,
      operation: facts['oci.operation'] as Operation,
      state: 'running',
      facts,
      startedAt: this.#now(),
      duration: undefined,
      requests: 0,
      retries: 0,
      sent: 0,
      received: 0,
      failure: undefined,
      lines: [],
    };
    this.#entries = [entry, ...this.#entries];
    this.#tell();
    try {
      const result = await this.#current.run(entry, () => run(this.#spanOf(entry, true)));
      entry.state = 'success';
      return result;
    } catch (error) {
      entry.failure = this.#describe(error);
      entry.state = entry.failure.code === 'CANCELLED' ? 'cancelled' : 'failure';
      throw error;
    } finally {
      entry.duration = this.#now() - entry.startedAt;
      this.#end(entry);
    }
  }

  #end(entry: Open): void {
    if (entry.state === 'failure') this.#failed = [entry, ...this.#failed].slice(0, MAX_FAILED);
    const tooMany = new Set(this.#entries.filter(({ state }) => state !== 'running').slice(MAX_ENTRIES));
    this.#entries = this.#entries.filter((each) => !tooMany.has(each));
    this.#tell();
  }

  async #request<T>(facts: Facts, run: (span: ActiveSpan) => Promise<T>): Promise<T> {
    const entry = this.#current.getStore();
    if (entry !== undefined) {
      entry.requests++;
      if (facts['http.request.resend_count'] !== undefined) entry.retries++;
    }
    const at = this.#now();
    const started = performance.now();
    let status: unknown;
    const note = (isFailed: boolean): void => {
      const registry = String(facts['oci.registry']);
      const sample = { at, milliseconds: performance.now() - started, isFailed };
      this.#samples.set(registry, [...(this.#samples.get(registry) ?? []), sample].slice(-MAX_SAMPLES));
      this.#tell();
    };
    const own = this.#spanOf(entry);
    const span: ActiveSpan = {
      ...own,
      set: (more) => {
        status = more['http.response.status_code'] ?? status;
      },
    };
    try {
      const result = await run(span);
      note(isOutOfOrder(status));
      return result;
    } catch (error) {
      if (this.#describe(error).code !== 'CANCELLED') note(true);
      throw error;
    }
  }

  #spanOf(entry: Open | undefined, isOwn = false): ActiveSpan {
    return {
      set: (facts) => {
        if (isOwn && entry !== undefined) entry.facts = { ...entry.facts, ...facts };
      },
      fail: () => {},
      count: (name, { direction }, by = 1) => {
        if (entry === undefined || name !== 'floe_oci_transferred_bytes_total') return;
        if (direction === 'upload') entry.sent += by;
        else entry.received += by;
      },
      traceparentFor: () => undefined,
    };
  }

  #keep(line: ActivityLine): void {
    const entry = this.#current.getStore();
    if (entry === undefined) return;
    entry.lines.push(line);
    // The one after the beginning goes.
    if (entry.lines.length > 2 * MAX_LINES) entry.lines.splice(MAX_LINES, 1);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** 429 and 5xx are about the registry; other refusals are answers. */
function isOutOfOrder(status: unknown): boolean {
  return typeof status === 'number' && (status === 429 || status >= 500);
}
