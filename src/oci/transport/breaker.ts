import { OciError } from '../errors.ts';

/** When a host counts as down, and when it is tried again. */
export interface CircuitBreakerOptions {
  /** Default true; otherwise every request goes through and none is counted. */
  readonly enabled: boolean;
  /** So many failures in a row open the circuit. */
  readonly failureThreshold: number;
  /** Milliseconds that it stays open before a request is let through to try. */
  readonly recoveryTimeoutMs: number;
  /** Requests let through at a time to try. */
  readonly halfOpenRequests: number;
}

/** floe's own, so that one manifest.yaml means the same to both. */
export const CIRCUIT_BREAKER_DEFAULTS: CircuitBreakerOptions = {
  enabled: true,
  failureThreshold: 5,
  recoveryTimeoutMs: 60_000,
  halfOpenRequests: 1,
};

/** `closed`: requests go through. `open`: none does. `half-open`: a few do, to find out. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** What happened to a circuit; `reopened` when trying failed. */
export type CircuitChange = 'opened' | 'half_open' | 'closed' | 'reopened';

/** Leave to send one request. Its holder says how that went, with exactly one of the last three; what comes later is nothing. */
export interface Permit {
  /** There is an answer, though its body is still to come. That is enough for a circuit that was trying to close. */
  answered(): void;
  /** The answer is there to its end. */
  completed(): void;
  /** The registry was not available, and the request is not repeated. */
  failed(): void;
  /** There is nothing to be learnt from it: it was cancelled, or is repeated by whoever sent it. A place to try is free again. */
  abandoned(): void;
}

/**
 * Stops asking a registry that is down: neither it nor the user gains from requests that wait for their timeouts. A plain
 * state machine; what counts as a failure is for those who use it to say.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  readonly #onChange: (change: CircuitChange) => void;
  #state: CircuitState = 'closed';
  #failures = 0;
  #retryAt = 0;
  #trying = 0;
  /** Counts states: how a request of an earlier one went says nothing about this one. */
  #era = 0;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number, onChange: (change: CircuitChange) => void = () => {}) {
    this.#now = now;
    this.#onChange = onChange;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** In a row, until now or until it opened. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds since the epoch when a request will be let through to try; undefined unless open. */
  get retryAt(): number | undefined {
    return this.#state === 'open' ? this.#retryAt : undefined;
  }

  /** Somebody wants to know: when it is open, the next request may try. */
  tryNow(): void {
    this.#retryAt = Math.min(this.#retryAt, this.#now());
  }

  /** Undefined when the request must not be sent. Nobody waits here: what is refused is refused at once. */
  admit(options: CircuitBreakerOptions): Permit | undefined {
    if (this.#state === 'open' && this.#now() >= this.#retryAt) this.#enter('half-open', 'half_open');
    if (this.#state === 'open') return undefined;
    if (this.#state === 'half-open') {
      if (this.#trying >= options.halfOpenRequests) return undefined;
      this.#trying++;
    }
    return this.#permit(options);
  }

  #permit(options: CircuitBreakerOptions): Permit {
    let era = this.#era;
    let isSettled = false;
    const settling = (effect: () => void) => (): void => {
      if (!isSettled && era === this.#era) effect();
      isSettled = true;
    };
    return {
      answered: () => {
        if (isSettled || era !== this.#era || this.#state !== 'half-open') return;
        this.#close();
        // Its body is still to come, and counts like any other.
        era = this.#era;
      },
      completed: settling(() => this.#close()),
      failed: settling(() => this.#fail(options)),
      abandoned: settling(() => {
        if (this.#state === 'half-open') this.#trying--;
      }),
    };
  }

  #close(): void {
    this.#failures = 0;
    if (this.#state !== 'closed') this.#enter('closed', 'closed');
  }

  #fail({ failureThreshold, recoveryTimeoutMs }: CircuitBreakerOptions): void {
    this.#failures++;
    const wasTrying = this.#state === 'half-open';
    if (!wasTrying && this.#failures < failureThreshold) return;
    this.#retryAt = this.#now() + recoveryTimeoutMs;
    this.#enter('open', wasTrying ? 'reopened' : 'opened');
  }

  #enter(state: CircuitState, change: CircuitChange): void {
    this.#state = state;
    this.#trying = 0;
    this.#era++;
    this.#onChange(change);
  }
}

/** @throws OciError INVALID_ARGUMENT naming the setting and what is accepted */
export function checkCircuitBreaker(options: CircuitBreakerOptions): void {
  for (const name of ['failureThreshold', 'recoveryTimeoutMs', 'halfOpenRequests'] as const) {
    const value = options[name];
    if (Number.isInteger(value) && value >= 1) continue;
    throw new OciError('INVALID_ARGUMENT', `circuitBreaker.${name} is ${value}`, {
      argument: `circuitBreaker.${name}`,
      value: String(value),
      accepted: 'a whole number from 1 up',
    });
  }
}
