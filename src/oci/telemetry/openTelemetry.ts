import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  type Meter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type CounterName, type GaugeName, type HistogramName, METRICS, type SpanName } from './names.ts';
import type { ActiveSpan, Facts, ReadGauge, Telemetry } from './telemetry.ts';

/** What may be said of an error in a trace. */
export interface Failure {
  /** The code, else the class of the error. */
  readonly code: string;
  /** Redacted, on one line. */
  readonly message: string;
}

/** The parts of OpenTelemetry that spans and numbers go to. */
export interface OpenTelemetryOptions {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly describe: (error: unknown) => Failure;
  /** Hosts, with their port, that are told which trace a request belongs to. Default: none, for an id says who asks. */
  readonly propagateTo?: readonly string[];
}

/** Telemetry over a tracer and a meter of OpenTelemetry. What is going on is known by our own means, so that no global is needed. */
export function openTelemetry({ tracer, meter, describe, propagateTo = [] }: OpenTelemetryOptions): Telemetry {
  const contexts = new AsyncLocalStorage<Context>();
  const current = (): Context => contexts.getStore() ?? ROOT_CONTEXT;
  const counters = new Map<CounterName, { add(by: number, facts: Attributes): void }>();
  const histograms = new Map<HistogramName, { record(value: number, facts: Attributes): void }>();
  const readers = new Map<GaugeName, ReadGauge[]>();

  const start = (
    name: SpanName,
    facts: Facts,
    isClient: boolean,
  ): { readonly span: Span; readonly within: Context } => {
    const kind = isClient ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const span = tracer.startSpan(name, { kind, attributes: attributesOf(facts) }, current());
    return { span, within: trace.setSpan(current(), span) };
  };

  const failed = (span: Span, error: unknown): void => {
    const { code, message } = describe(error);
    span.setAttribute('error.type', code);
    span.addEvent('exception', { 'exception.type': code, 'exception.message': message });
    span.setStatus({ code: SpanStatusCode.ERROR, message: `${code}: ${message}` });
  };

  const active = (span: Span): ActiveSpan => ({
    set: (facts) => void span.setAttributes(attributesOf(facts)),
    fail: (code) => {
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    count: (name, facts, by = 1) => kept(counters, name, counterOf).add(by, attributesOf(facts)),
    traceparentFor: (host) => (propagateTo.includes(host) ? traceparentOf(span) : undefined),
  });

  const span: Telemetry['span'] = async (name, facts, run, { isClient = false } = {}) => {
    const { span: own, within } = start(name, facts, isClient);
    try {
      return await contexts.run(within, () => run(active(own)));
    } catch (error) {
      failed(own, error);
      throw error;
    } finally {
      own.end();
    }
  };

  const counterOf = (name: CounterName): { add(by: number, facts: Attributes): void } => {
    const { kind, unit, description } = METRICS[name];
    const make = kind === 'counter' ? meter.createCounter : meter.createUpDownCounter;
    return make.call(meter, name, { unit, description });
  };

  const histogramOf = (name: HistogramName): { record(value: number, facts: Attributes): void } => {
    const { unit, description, buckets } = METRICS[name];
    return meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...buckets] } });
  };

  const observe = (name: GaugeName): ReadGauge[] => {
    const all: ReadGauge[] = [];
    const { unit, description } = METRICS[name];
    meter.createObservableGauge(name, { unit, description }).addCallback(async (result) => {
      const readings = (await Promise.all(all.map((read) => read()))).flat();
      for (const { value, facts } of readings) result.observe(value, attributesOf(facts));
    });
    return all;
  };

  return {
    span,
    async *stream(name, facts, items) {
      const { span: own, within } = start(name, facts, false);
      const iterator = contexts.run(within, () => items[Symbol.asyncIterator]());
      let isOver = false;
      try {
        while (true) {
          const next = await contexts.run(within, () => iterator.next());
          if (next.done) break;
          yield next.value;
        }
        isOver = true;
      } catch (error) {
        isOver = true;
        failed(own, error);
        throw error;
      } finally {
        try {
          if (!isOver) await contexts.run(within, () => iterator.return?.());
        } finally {
          own.end();
        }
      }
    },
    count: (name, facts, by = 1) => kept(counters, name, counterOf).add(by, attributesOf(facts)),
    record: (name, value, facts) => kept(histograms, name, histogramOf).record(value, attributesOf(facts)),
    watch: (name, read) => void kept(readers, name, observe).push(read),
    get ids() {
      const context = trace.getSpanContext(current());
      return context && { traceId: context.traceId, spanId: context.spanId };
    },
  };
}

function kept<Name, Made>(all: Map<Name, Made>, name: Name, make: (name: Name) => Made): Made {
  const made = all.get(name) ?? make(name);
  all.set(name, made);
  return made;
}

function attributesOf(facts: Facts): Attributes {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
