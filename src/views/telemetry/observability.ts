import type { Disposable, LogOutputChannel } from 'vscode';
import {
  Activity,
  causesOf,
  describeFailure,
  HttpRecording,
  type Logger,
  type Observer,
  TelemetryRelay,
  traceFields,
} from '../../oci/index.ts';
import { loggerOver } from '../logging.ts';
import { TelemetryExport, type TelemetryExportParts } from './telemetryExport.ts';

/** Where the log is, and what export is set up with. */
export interface ObservabilityOptions extends Pick<TelemetryExportParts, 'settings' | 'secrets' | 'environment'> {
  readonly log: LogOutputChannel;
}

/** How what this window does is seen: the log, what was done lately, the user's own collector, and a recording. */
export class Observability implements Disposable, Observer {
  /** Told of everything. The Activity view and the collector hear the same. */
  readonly telemetry: TelemetryRelay = new TelemetryRelay();
  readonly activity: Activity;
  readonly logger: Logger;
  readonly export: TelemetryExport;
  /** Of the HTTP exchange; it runs while the user wants it to. */
  readonly recording: HttpRecording = new HttpRecording({ isRunning: false });

  constructor({ log, ...rest }: ObservabilityOptions) {
    const describe = (error: unknown) => ({ ...describeFailure(error), causes: causesOf(error) });
    this.activity = new Activity({ describe });
    this.telemetry.listen(this.activity);
    const context = () => ({ activity: this.activity.currentId, ...traceFields(this.telemetry) });
    this.logger = this.activity.keeping(loggerOver(log, context));
    this.export = new TelemetryExport({ ...rest, relay: this.telemetry, logger: this.logger });
  }

  dispose(): void {
    this.export.dispose();
  }
}
