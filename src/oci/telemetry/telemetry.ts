import type { CounterName, GaugeName, HistogramName, SpanName } from './names.ts';

/** What is known of something that is traced or counted; undefined is left out. Free of secrets, as all that is given here. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** What goes on, while it does. */
export interface ActiveSpan {
  set(facts: Facts): void;
  /** It did not go well, though nothing is thrown. */
  fail(code: string): void;
  /** Counts what belongs to it, also when it is over: a body moves after its headers. @param by default 1 */
  count(name: CounterName, facts: Facts, by?: number): void;
  /** The header that lets `host` (with its port) join the trace; undefined unless the user has listed it. https://www.w3.org/TR/trace-context/ */
  traceparentFor(host: string): string | undefined;
}

/** What kind of work a span is about. */
export interface SpanOptions {
  /** A request to somebody else. Default: work of our own. */
  readonly isClient?: boolean;
  /** Somebody has asked for just this: it is told among what was done. Default: a part of something. */
  readonly isOperation?: boolean;
}

/** The ids of a span, in hexadecimal, as traces and logs name it. */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** A value at the moment when somebody asks. */
export interface Reading {
  readonly value: number;
  readonly facts: Facts;
}

/** Reads a gauge. What it takes time to find out may come later; it must not fail. */
export type ReadGauge = () => readonly Reading[] | Promise<readonly Reading[]>;

/**
 * Where the core says what it does in spans and numbers. It is given, like a logger, and registered nowhere: what else
 * runs in the process neither sees nor changes it.
 */
export interface Telemetry {
  /** Runs something as a part of what is going on. It fails with what is thrown. */
  span<T>(name: SpanName, facts: Facts, run: (span: ActiveSpan) => Promise<T>, options?: SpanOptions): Promise<T>;
  /** The same for what comes piece by piece: from the first that is asked for to the last, or until nobody wants more. */
  stream<T>(name: SpanName, facts: Facts, items: AsyncIterable<T>): AsyncIterable<T>;
  /** @param by default 1 */
  count(name: CounterName, facts: Facts, by?: number): void;
  record(name: HistogramName, value: number, facts: Facts): void;
  /** Reads a gauge whenever the numbers are wanted. */
  watch(name: GaugeName, read: ReadGauge): void;
  /** Of what is going on here, for logs. */
  readonly ids: TraceIds | undefined;
}

const silentSpan: ActiveSpan = { set: () => {}, fail: () => {}, count: () => {}, traceparentFor: () => undefined };

/** Says nothing, and costs a call. */
export const silentTelemetry: Telemetry = {
  span: (_name, _facts, run) => run(silentSpan),
  stream: (_name, _facts, items) => items,
  count: () => {},
  record: () => {},
  watch: () => {},
  ids: undefined,
};

/** What leads from a line of the log to its trace, under the names that OpenTelemetry gives it in logs. */
export function traceFields({ ids }: Telemetry): { readonly trace_id?: string; readonly span_id?: string } {
  return ids === undefined ? {} : { trace_id: ids.traceId, span_id: ids.spanId };
}
