import type { OtelSettings } from '../settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the variables of the environment send things, and what they show there. */
const OF_COLLECTOR = /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS)_)?(?:ENDPOINT|HEADERS|PROTOCOL)$/;

/**
 * OpenTelemetry's variables as the settings would have them, for a reader that knows variables alone. What the settings say
 * comes first. A collector that they name is another one than the environment's: it does not get the keys of that one.
 * @param headers of the collector, as `OTEL_EXPORTER_OTLP_HEADERS` has them; undefined: those of the environment, if any
 */
export function exportEnvironment(
  { endpoint, protocol }: Pick<OtelSettings, 'endpoint' | 'protocol'>,
  environment: Environment,
  headers: string | undefined,
): Environment {
  const isOwn = endpoint !== undefined;
  const kept = Object.entries(environment).filter(([name]) => !isOwn || !OF_COLLECTOR.test(name));
  return {
    ...Object.fromEntries(kept),
    OTEL_TRACES_EXPORTER: environment['OTEL_TRACES_EXPORTER'] || 'otlp',
    OTEL_METRICS_EXPORTER: environment['OTEL_METRICS_EXPORTER'] || 'otlp',
    ...(endpoint !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
    ...(protocol !== undefined && { OTEL_EXPORTER_OTLP_PROTOCOL: protocol }),
    ...(headers !== undefined && { OTEL_EXPORTER_OTLP_HEADERS: headers }),
  };
}
