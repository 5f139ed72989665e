import type { ActiveSpan, ReadGauge, Telemetry } from './telemetry.ts';

/** Passes on what it is told to all who listen. Listeners come and go while it goes on. */
export class TelemetryRelay implements Telemetry {
  #listeners: readonly Telemetry[] = [];
  /** For those who come later. */
  readonly #watched: (readonly [Parameters<Telemetry['watch']>[0], ReadGauge])[] = [];

  /** @returns what ends it; of what is under way, the listener hears the end */
  listen(listener: Telemetry): () => void {
    this.#listeners = [...this.#listeners, listener];
    for (const [name, read] of this.#watched) listener.watch(name, read);
    return () => {
      this.#listeners = this.#listeners.filter((each) => each !== listener);
    };
  }

  span: Telemetry['span'] = (name, facts, run, options) => {
    const listeners = this.#listeners;
    const within = (index: number, spans: readonly ActiveSpan[]): ReturnType<typeof run> => {
      const listener = listeners[index];
      if (listener === undefined) return run(together(spans));
      return listener.span(name, facts, (span) => within(index + 1, [...spans, span]), options);
    };
    return within(0, []);
  };

  stream: Telemetry['stream'] = (name, facts, items) =>
    this.#listeners.reduce((all, listener) => listener.stream(name, facts, all), items);

  count: Telemetry['count'] = (name, facts, by) => {
    for (const listener of this.#listeners) listener.count(name, facts, by);
  };

  record: Telemetry['record'] = (name, value, facts) => {
    for (const listener of this.#listeners) listener.record(name, value, facts);
  };

  watch(name: Parameters<Telemetry['watch']>[0], read: ReadGauge): void {
    this.#watched.push([name, read]);
    for (const listener of this.#listeners) listener.watch(name, read);
  }

  /** Of the first who has any. */
  get ids(): Telemetry['ids'] {
    for (const { ids } of this.#listeners) if (ids !== undefined) return ids;
    return undefined;
  }
}

function together(spans: readonly ActiveSpan[]): ActiveSpan {
  return {
    set: (facts) => {
      for (const span of spans) span.set(facts);
    },
    fail: (code) => {
      for (const span of spans) span.fail(code);
    },
    count: (name, facts, by) => {
      for (const span of spans) span.count(name, facts, by);
    },
    traceparentFor: (host) => spans.map((span) => span.traceparentFor(host)).find((header) => header !== undefined),
  };
}
