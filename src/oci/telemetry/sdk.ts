import { OTLPMetricExporter as MetricExporterJson } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as MetricExporterProto } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as TraceExporterJson } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as TraceExporterProto } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ExportSettings, OtlpEndpoint } from './exportSettings.ts';
import { type OpenTelemetryOptions, openTelemetry } from './openTelemetry.ts';
import { prometheusText } from './prometheus.ts';
import type { Telemetry } from './telemetry.ts';

/** What the SDK of OpenTelemetry is set up with. */
export interface SdkOptions extends Pick<OpenTelemetryOptions, 'describe' | 'propagateTo'> {
  readonly settings: ExportSettings;
  readonly version: string;
  /** Told each time when something could not be sent. */
  readonly onFailure: (reason: string) => void;
}

/** Telemetry that goes somewhere. */
export interface RunningTelemetry {
  readonly telemetry: Telemetry;
  /** All numbers so far, as Prometheus text. */
  prometheus(): Promise<string>;
  /** Sends what is left, for at most two seconds; nothing is sent afterwards. Never rejects. */
  end(): Promise<void>;
}

/** Milliseconds: nobody should wait longer for telemetry to leave. */
const MAX_FLUSH_MS = 2000;
/** What tracer and meter are called in floe's dashboards. */
const SCOPE = 'floe.oci';

/** Starts the SDK for ourselves: its providers are ours and are registered nowhere. */
export function startSdk({ settings, version, onFailure, ...rest }: SdkOptions): RunningTelemetry {
  const { traces, metrics, sampled } = settings;
  const resource = resourceFromAttributes({
    'service.name': 'floe-oci',
    'service.version': version,
    ...settings.resource,
  });
  const watched = <Exporter extends SpanExporter | PushMetricExporter>(exporter: Exporter): Exporter =>
    telling(exporter, onFailure);
  const spanProcessors = traces ? [new BatchSpanProcessor({ exporter: watched(traceExporter(traces)) })] : [];
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(traces ? sampled : 0) });
  const tracers = new TracerProvider({ resource, sampler, spanProcessors });
  const collected = new CollectedReader();
  const periodic = metrics ? [new PeriodicExportingMetricReader({ exporter: watched(metricExporter(metrics)) })] : [];
  const meters = new MeterProvider({ resource, readers: [collected, ...periodic] });
  return {
    telemetry: openTelemetry({
      ...rest,
      tracer: tracers.getTracer(SCOPE, version),
      meter: meters.getMeter(SCOPE, version),
    }),
    prometheus: async () => prometheusText((await collected.collect()).resourceMetrics),
    async end() {
      const { promise: tooLate, resolve } = Promise.withResolvers<'late'>();
      const timer = setTimeout(() => resolve('late'), MAX_FLUSH_MS);
      const all = Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      const outcome = await Promise.race([all, tooLate]);
      clearTimeout(timer);
      if (outcome === 'late') onFailure('it did not take them within two seconds');
    },
  };
}

/** Reads when it is asked to, and never by itself. */
class CollectedReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

function traceExporter({ protocol, url, headers, timeoutMs }: OtlpEndpoint): SpanExporter {
  const config = { url, headers: { ...headers }, timeoutMillis: timeoutMs };
  return protocol === 'http/json' ? new TraceExporterJson(config) : new TraceExporterProto(config);
}

function metricExporter({ protocol, url, headers, timeoutMs }: OtlpEndpoint): PushMetricExporter {
  const config = { url, headers: { ...headers }, timeoutMillis: timeoutMs };
  return protocol === 'http/json' ? new MetricExporterJson(config) : new MetricExporterProto(config);
}

/** The exporter itself, which tells besides when it failed; by itself it would tell a global of OpenTelemetry's. */
function telling<Exporter extends SpanExporter | PushMetricExporter>(
  exporter: Exporter,
  onFailure: (reason: string) => void,
): Exporter {
  const send = exporter.export.bind(exporter) as (
    items: unknown,
    done: (result: { readonly code: number; readonly error?: Error }) => void,
  ) => void;
  exporter.export = (items: unknown, done: Parameters<typeof send>[1]) =>
    send(items, (result) => {
      if (result.code !== 0) onFailure(result.error?.message || 'it was not there');
      done(result);
    });
  return exporter;
}
