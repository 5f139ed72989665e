import { describeFailure } from './observeOperation.ts';
import type { ExportSettings } from './telemetry/exportSettings.ts';
import type { RunningTelemetry } from './telemetry/sdk.ts';
import { quotable } from './transport/redact.ts';
import { version } from './version.ts';

export type { Observer, OperationFacts } from './observeOperation.ts';
export { causesOf, describeFailure, observeOperation } from './observeOperation.ts';
export type { RunningTelemetry } from './telemetry/sdk.ts';

/** What is exported, and who is told when that fails. */
export interface TelemetryExportOptions {
  readonly settings: ExportSettings;
  /** Hosts, with their port, that are told which trace a request belongs to. Default: none. */
  readonly propagateTo?: readonly string[];
  /** Told once, when something could not be sent, why; redacted. */
  readonly onFailure: (reason: string) => void;
}

/** Loads OpenTelemetry's SDK, which nobody pays for before, and starts it. */
export async function startTelemetry({ onFailure, ...options }: TelemetryExportOptions): Promise<RunningTelemetry> {
  const { startSdk } = await import('./telemetry/sdk.ts');
  let isTold = false;
  return startSdk({
    ...options,
    version,
    describe: describeFailure,
    onFailure: (reason) => {
      if (!isTold) onFailure(quotable(reason));
      isTold = true;
    },
  });
}
