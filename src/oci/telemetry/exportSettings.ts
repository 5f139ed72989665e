/** Where one kind of telemetry goes. */
export interface OtlpEndpoint {
  readonly url: string;
  /** May hold secrets; never shown. */
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: 'http/protobuf' | 'http/json';
  /** Milliseconds that one sending may take. */
  readonly timeoutMs: number;
}

/** What `OTEL_*` or settings say about export: where each signal goes, and what of it. */
export interface ExportSettings {
  readonly traces?: OtlpEndpoint;
  readonly metrics?: OtlpEndpoint;
  /** What describes us, besides what we know ourselves. */
  readonly resource: Readonly<Record<string, string>>;
  /** Share of the traces that are sent, from 0 to 1. */
  readonly sampled: number;
}

/** What to do, and what could not be understood: it is left out, for nothing may fail because of telemetry. */
export interface ReadExportSettings {
  readonly settings: ExportSettings;
  /** A sentence each, free of secrets. */
  readonly problems: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;
type Signal = 'TRACES' | 'METRICS';

/** The specification's. https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const DEFAULT_ENDPOINT = 'http://localhost:4318';
const DEFAULT_TIMEOUT_MS = 10_000;
/** A day: longer is a mistake, and too long for a timer. */
const MAX_TIMEOUT_MS = 86_400_000;

/**
 * What the standard variables say of export by OTLP over HTTP. It is off unless an endpoint, or the exporter `otlp`, is
 * named; OTEL_SDK_DISABLED keeps it off.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function exportSettingsFrom(env: Environment): ReadExportSettings {
  const problems: string[] = [];
  const isDisabled = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true';
  const endpoint = (signal: Signal): OtlpEndpoint | undefined =>
    isDisabled ? undefined : endpointOf(signal, env, problems);
  const traces = endpoint('TRACES');
  const metrics = endpoint('METRICS');
  const settings = {
    ...(traces && { traces }),
    ...(metrics && { metrics }),
    resource: resourceOf(env, problems),
    sampled: sampledOf(env, problems),
  };
  const isOff = traces === undefined && metrics === undefined && problems.length === 0;
  return { settings, problems: isOff || isDisabled ? [] : problems };
}

function endpointOf(signal: Signal, env: Environment, problems: string[]): OtlpEndpoint | undefined {
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  const either = (name: string): string | undefined =>
    value(`OTEL_EXPORTER_OTLP_${signal}_${name}`) ?? value(`OTEL_EXPORTER_OTLP_${name}`);
  const exporter = value(`OTEL_${signal}_EXPORTER`);
  const own = value(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`);
  const base = value('OTEL_EXPORTER_OTLP_ENDPOINT');
  const isWanted = exporter === undefined ? (own ?? base) !== undefined : exporter === 'otlp';
  if (exporter !== undefined && exporter !== 'otlp' && exporter !== 'none') {
    problems.push(`OTEL_${signal}_EXPORTER names an exporter that is not there; accepted: otlp, none`);
  }
  if (!isWanted) return undefined;
  const protocol = either('PROTOCOL') ?? 'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    problems.push(`OTEL_EXPORTER_OTLP_PROTOCOL is not accepted; accepted: http/protobuf, http/json`);
    return undefined;
  }
  const url = own ?? `${(base ?? DEFAULT_ENDPOINT).replace(/\/$/, '')}/v1/${signal.toLowerCase()}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    problems.push(`OTEL_EXPORTER_OTLP_ENDPOINT is not a URL of http or https`);
    return undefined;
  }
  const headers = pairsOf(either('HEADERS'), 'OTEL_EXPORTER_OTLP_HEADERS', problems);
  return { url, headers, protocol, timeoutMs: timeoutOf(either('TIMEOUT'), problems) };
}

function timeoutOf(text: string | undefined, problems: string[]): number {
  if (text === undefined) return DEFAULT_TIMEOUT_MS;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MAX_TIMEOUT_MS) return value;
  problems.push(`OTEL_EXPORTER_OTLP_TIMEOUT is not accepted; accepted: milliseconds from 1 to ${MAX_TIMEOUT_MS}`);
  return DEFAULT_TIMEOUT_MS;
}

/** `key=value,key=value`, percent-encoded. https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables */
function pairsOf(text: string | undefined, variable: string, problems: string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of text?.split(',') ?? []) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals)).trim();
    if (pair.trim() === '') continue;
    try {
      if (!/^[\w.-]+$/.test(name)) throw new Error('no name');
      pairs[name] = decodeURIComponent(pair.slice(equals + 1).trim());
    } catch {
      // Without the pair itself, which may be a secret.
      problems.push(`a part of ${variable} is not accepted; accepted: NAME=VALUE, percent-encoded, between commas`);
    }
  }
  return pairs;
}

function resourceOf(env: Environment, problems: string[]): Record<string, string> {
  const named = pairsOf(env['OTEL_RESOURCE_ATTRIBUTES'], 'OTEL_RESOURCE_ATTRIBUTES', problems);
  const name = env['OTEL_SERVICE_NAME'] || undefined;
  return { ...named, ...(name && { 'service.name': name }) };
}

function sampledOf(env: Environment, problems: string[]): number {
  const sampler = (env['OTEL_TRACES_SAMPLER'] || 'always_on').replace(/^parentbased_/, '');
  if (sampler === 'always_on') return 1;
  if (sampler === 'always_off') return 0;
  const share = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? 1);
  if (sampler === 'traceidratio' && share >= 0 && share <= 1) return share;
  problems.push(
    'OTEL_TRACES_SAMPLER is not accepted; accepted: always_on, always_off, traceidratio with OTEL_TRACES_SAMPLER_ARG from 0 to 1',
  );
  return 1;
}
