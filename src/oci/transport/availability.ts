import { type Logger, silentLogger } from '../telemetry/logger.ts';
import { type Reading, silentTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { CircuitBreaker, type CircuitChange, type CircuitState } from './breaker.ts';
import { type Clock, systemClock } from './clock.ts';

/** The circuit of one host, as it is now. */
export interface Circuit {
  /** As the user names it; of storage or a token server, its host. */
  readonly registry: string;
  readonly state: CircuitState;
  /** Requests in a row that failed because it was not available. */
  readonly failures: number;
  /** ISO date from when on it is tried again, by the next request; null unless open. */
  readonly retryAt: string | null;
}

/** A host that asked for patience: no request goes there until then. */
export interface Pause {
  /** As the user names it; of storage or a token server, its host. */
  readonly host: string;
  /** ISO date. */
  readonly until: string;
  /** A clause in words. */
  readonly reason: string;
}

/** What changed. A pause ends by itself at its time, and that is no change. */
export type AvailabilityChange =
  | { readonly kind: 'circuit'; readonly change: CircuitChange; readonly circuit: Circuit }
  | { readonly kind: 'pause'; readonly pause: Pause };

/** Told each change of what is known about a host; must not throw. */
export type AvailabilityListener = (change: AvailabilityChange) => void;

/** An hour. Limits may begin anew a day later, or not as they said: then it is worth a request to find out. */
const MAX_PAUSE_MS = 60 * 60 * 1000;

/** As floe's dashboards have it. */
const STATE_NUMBERS: Readonly<Record<CircuitState, number>> = { closed: 0, open: 1, 'half-open': 2 };

/** Who is told about hosts that come and go. */
export interface AvailabilityOptions {
  readonly logger?: Logger;
  /** Told the state of every circuit. Default: nobody is. */
  readonly telemetry?: Telemetry;
  readonly clock?: Clock;
}

/**
 * What a process knows about which hosts can be asked now: their circuits and pauses. Everything that asks the same hosts
 * shares one, so that what one request learnt all others know, and so that it can be shown.
 */
export class Availability {
  readonly clock: Clock;
  readonly #logger: Logger;
  readonly #circuits = new Map<string, CircuitBreaker>();
  readonly #pauses = new Map<string, { readonly until: number; readonly reason: string }>();
  readonly #listeners = new Set<AvailabilityListener>();

  constructor({ logger = silentLogger, telemetry = silentTelemetry, clock = systemClock }: AvailabilityOptions = {}) {
    this.#logger = logger;
    this.clock = clock;
    const readings = (value: (circuit: Circuit) => number) => (): readonly Reading[] =>
      this.circuits.map((circuit) => ({ value: value(circuit), facts: { registry: circuit.registry } }));
    telemetry.watch(
      'floe_oci_circuit_breaker_state',
      readings(({ state }) => STATE_NUMBERS[state]),
    );
    telemetry.watch(
      'floe_oci_circuit_breaker_failures',
      readings(({ failures }) => failures),
    );
  }

  /** @returns what ends the subscription */
  onChange(listener: AvailabilityListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every circuit there has been a request through. */
  get circuits(): readonly Circuit[] {
    return [...this.#circuits].map(([registry, breaker]) => circuitOf(registry, breaker));
  }

  /** Those that last. */
  get pauses(): readonly Pause[] {
    const now = this.clock.now();
    for (const [host, { until }] of this.#pauses) if (until <= now) this.#pauses.delete(host);
    return [...this.#pauses].map(([host, { until, reason }]) => ({ host, until: dateOf(until), reason }));
  }

  /** That of one host, while it lasts. */
  pauseOf(host: string): Pause | undefined {
    return this.pauses.find((pause) => pause.host === host);
  }

  breaker(registry: string): CircuitBreaker {
    const known = this.#circuits.get(registry);
    if (known !== undefined) return known;
    const breaker = new CircuitBreaker(
      () => this.clock.now(),
      (change) => this.#note(change, circuitOf(registry, breaker)),
    );
    this.#circuits.set(registry, breaker);
    return breaker;
  }

  /** Lets the next request to a registry find out whether it answers again, without waiting for the time to do so. */
  tryNow(registry: string): void {
    this.#circuits.get(registry)?.tryNow();
  }

  /**
   * Holds back everything that goes to the host, for so many milliseconds from now, an hour at the most, unless it is held
   * back for longer already.
   */
  pause(host: string, milliseconds: number, reason: string): void {
    const until = this.clock.now() + Math.min(milliseconds, MAX_PAUSE_MS);
    if (milliseconds <= 0 || until <= (this.#pauses.get(host)?.until ?? 0)) return;
    this.#pauses.set(host, { until, reason });
    const pause = { host, until: dateOf(until), reason };
    this.#logger.info('host_paused', pause);
    this.#tell({ kind: 'pause', pause });
  }

  /** Milliseconds, 0 when there is no pause. */
  pauseLeft(host: string): number {
    return Math.max(0, (this.#pauses.get(host)?.until ?? 0) - this.clock.now());
  }

  /** Waits until the host is not paused, and not again meanwhile. @throws OciError CANCELLED */
  async pauseOver(host: string, signal?: AbortSignal): Promise<void> {
    for (let left = this.pauseLeft(host); left > 0; left = this.pauseLeft(host)) await this.clock.sleep(left, signal);
  }

  #note(change: CircuitChange, circuit: Circuit): void {
    const { registry, failures, retryAt } = circuit;
    const isBad = change === 'opened' || change === 'reopened';
    if (isBad) this.#logger.warn(`circuit_${change}`, { registry, failures, retryAt });
    else this.#logger.info(`circuit_${change}`, { registry });
    this.#tell({ kind: 'circuit', change, circuit });
  }

  #tell(change: AvailabilityChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

/** What the layers of a transport need to share what they know. */
export interface Hosts {
  readonly availability: Availability;
  /** What a host is known by: the registry as the user names it, of any other its host. */
  readonly nameOf: (url: URL) => string;
  /** Default: nothing is counted. */
  readonly telemetry?: Telemetry;
}

/** For a layer on its own. */
export function ownHosts(): Hosts {
  return { availability: new Availability(), nameOf: ({ host }) => host };
}

function circuitOf(registry: string, { state, failures, retryAt }: CircuitBreaker): Circuit {
  return { registry, state, failures, retryAt: retryAt === undefined ? null : dateOf(retryAt) };
}

function dateOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
