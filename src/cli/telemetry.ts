import { resolve } from 'node:path';
import {
  type Cache,
  exportSettingsFrom,
  filePlace,
  publishText,
  type RunningTelemetry,
  redactUrl,
  startTelemetry,
} from '../oci/index.ts';
import type { CliIo } from './io.ts';
import type { GlobalOptions } from './options.ts';

/** Says that telemetry is wanted; the others say how. */
const WANTED = /^OTEL_(EXPORTER_OTLP_((TRACES|METRICS)_)?ENDPOINT|(TRACES|METRICS)_EXPORTER)$/;

interface TelemetryInput {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  warn(text: string): void;
}

/** Telemetry as the environment and `--metrics-file` want it; undefined, with nothing loaded, when they want none. */
export async function telemetryFor({ io, options, warn }: TelemetryInput): Promise<RunningTelemetry | undefined> {
  const { env } = io;
  const isNamed = Object.keys(env).some((name) => WANTED.test(name) && env[name]);
  if (!isNamed && options.metricsFile === undefined) return undefined;
  const { settings, problems } = exportSettingsFrom(env);
  for (const problem of problems) warn(`telemetry: ${problem}`);
  const { traces, metrics } = settings;
  const endpoint = traces ?? metrics;
  if (endpoint === undefined && options.metricsFile === undefined) return undefined;
  return startTelemetry({
    settings,
    propagateTo: (env['FLOE_OCI_TRACE_HOSTS'] ?? '').split(',').map((host) => host.trim()),
    onFailure: (reason) => warn(`telemetry was not sent to ${redactUrl(endpoint?.url ?? '')}: ${reason}`),
  });
}

/** Tells what is in the cache when a command has ended; of one that cannot be looked at, nothing. */
export async function watchCache({ telemetry }: RunningTelemetry, cache: Cache | undefined): Promise<void> {
  const status = await cache?.status().catch(() => undefined);
  if (status === undefined) return;
  telemetry.watch('floe_oci_cache_size_bytes', () => [{ value: status.totalSizeBytes, facts: {} }]);
  telemetry.watch('floe_oci_cache_entries_count', () => [{ value: status.entries, facts: {} }]);
}

/**
 * Writes what somebody else reads, at once, so that nobody reads half of it.
 * @throws OciError FILE_NOT_WRITABLE
 */
export async function writeReport(file: string, cwd: string, text: string): Promise<void> {
  const { path, mode } = await filePlace(resolve(cwd, file));
  await publishText(path, text, mode);
}
