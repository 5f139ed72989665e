import { type Disposable, type Event, EventEmitter, l10n } from 'vscode';
import type { Availability, Circuit, Pause } from '../oci/index.ts';

/** Why nothing, or next to nothing, is sent to a host now. */
export type HostState =
  /** It asked for patience. */
  | { readonly kind: 'paused'; readonly until: Date; readonly reason: string }
  /** It did not answer, and is left alone. */
  | { readonly kind: 'open'; readonly failures: number; readonly retryAt: Date }
  /** It did not answer, and is being tried again. */
  | { readonly kind: 'trying'; readonly failures: number };

/** A host as the user knows it: a registry, or storage or a token server of one. */
export interface TroubledHost {
  readonly host: string;
  readonly state: HostState;
}

/** Which hosts are not to be asked now, for rows, badges and the status bar. */
export class HostStates implements Disposable {
  readonly #availability: Availability;
  readonly #changed = new EventEmitter<string>();
  readonly #unsubscribe: () => void;
  /** By host: a pause ends by itself, without a word, and so does the time for which a host is left alone. */
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(availability: Availability) {
    this.#availability = availability;
    this.#unsubscribe = availability.onChange((change) => {
      const { host, until } =
        change.kind === 'pause' ? change.pause : { host: change.circuit.registry, until: change.circuit.retryAt };
      if (until !== null) this.#wakeAt(host, until);
      this.#changed.fire(host);
    });
  }

  /** The host whose state is other than it was. */
  get onDidChange(): Event<string> {
    return this.#changed.event;
  }

  /** All that are in trouble, by name. */
  get all(): readonly TroubledHost[] {
    const { circuits, pauses } = this.#availability;
    const states = new Map<string, HostState>(pauses.map((pause) => [pause.host, stateOfPause(pause)]));
    for (const circuit of circuits) {
      const state = stateOf(circuit, this.#availability.clock.now());
      if (state !== undefined) states.set(circuit.registry, state);
    }
    return [...states].map(([host, state]) => ({ host, state })).sort((a, b) => (a.host < b.host ? -1 : 1));
  }

  of(host: string): HostState | undefined {
    return this.all.find((troubled) => troubled.host === host)?.state;
  }

  dispose(): void {
    this.#unsubscribe();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#changed.dispose();
  }

  #wakeAt(host: string, until: string): void {
    clearTimeout(this.#timers.get(host));
    const left = Date.parse(until) - this.#availability.clock.now();
    const timer = setTimeout(() => {
      this.#timers.delete(host);
      this.#changed.fire(host);
    }, left);
    timer.unref();
    this.#timers.set(host, timer);
  }
}

function stateOfPause({ until, reason }: Pause): HostState {
  return { kind: 'paused', until: new Date(until), reason };
}

/** Undefined when the next request goes through. */
function stateOf({ state, failures, retryAt }: Circuit, now: number): HostState | undefined {
  if (state === 'half-open') return { kind: 'trying', failures };
  if (retryAt === null || Date.parse(retryAt) <= now) return undefined;
  return { kind: 'open', failures, retryAt: new Date(retryAt) };
}

/** In a few words, for a row: `paused until 10:42:07`. */
export function describeState(state: HostState): string {
  switch (state.kind) {
    case 'paused':
      return l10n.t('paused until {0}', timeOf(state.until));
    case 'open':
      return l10n.t('not answering, next try at {0}', timeOf(state.retryAt));
    case 'trying':
      return l10n.t('not answering, being tried again');
  }
}

/** A sentence, for a tooltip or a message. */
export function explainState({ host, state }: TroubledHost): string {
  switch (state.kind) {
    case 'paused':
      return l10n.t('{0} gets no requests until {1}: {2}.', host, timeOf(state.until), state.reason);
    case 'open':
      return state.failures === 1
        ? l10n.t('{0} did not answer once in a row. It is left alone until {1}.', host, timeOf(state.retryAt))
        : l10n.t(
            '{0} did not answer {1} times in a row. It is left alone until {2}.',
            host,
            state.failures,
            timeOf(state.retryAt),
          );
    case 'trying':
      return state.failures === 1
        ? l10n.t('{0} did not answer once in a row, and is being tried again.', host)
        : l10n.t('{0} did not answer {1} times in a row, and is being tried again.', host, state.failures);
  }
}

/** As the user's system writes it. */
function timeOf(date: Date): string {
  return date.toLocaleTimeString();
}
