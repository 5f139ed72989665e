import { commands, type Disposable, env, l10n, type SecretStorage, window } from 'vscode';
import {
  type ExportSettings,
  exportSettingsFrom,
  type Logger,
  type RunningTelemetry,
  redactUrl,
  startTelemetry,
  type TelemetryRelay,
} from '../../oci/index.ts';
import { plainText } from '../plainText.ts';
import { isCollector } from '../settingProblems.ts';
import type { Settings } from '../settings.ts';
import { CollectorHeaders, isCollectorHeaders } from './collectorHeaders.ts';
import { exportEnvironment } from './exportEnvironment.ts';

/** What export is set up with. */
export interface TelemetryExportParts {
  readonly settings: Pick<Settings, 'otel' | 'onDidChange'>;
  readonly secrets: Pick<SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What is told of everything, and passes it on. */
  readonly relay: TelemetryRelay;
  readonly logger: Logger;
}

/** Whether traces and numbers leave, and where to; a reason is a clause in English, for the Diagnostics document. */
export type ExportState =
  | { readonly isOn: false; readonly reason: string }
  | { readonly isOn: true; readonly url: string; readonly protocol: string };

interface Wanted {
  readonly state: ExportState;
  readonly settings?: ExportSettings;
  readonly traceHosts?: readonly string[];
  readonly problems?: readonly string[];
}

/**
 * Sends traces and numbers to the user's own collector, while the settings want that and VS Code's telemetry is not switched
 * off. Nothing is loaded before, and nothing is registered for others: the process is shared with them.
 */
export class TelemetryExport implements Disposable {
  readonly headers: CollectorHeaders;
  readonly #parts: TelemetryExportParts;
  readonly #subscriptions: readonly Disposable[];
  #state: ExportState = { isOn: false, reason: 'not started yet' };
  #wanted: string | undefined;
  #running: { readonly telemetry: RunningTelemetry; readonly leave: () => void } | undefined;
  /** One change after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor(parts: TelemetryExportParts) {
    this.#parts = parts;
    this.headers = new CollectorHeaders(parts.secrets);
    const change = (): void => void this.apply();
    this.#subscriptions = [
      parts.settings.onDidChange(change),
      env.onDidChangeTelemetryEnabled(change),
      parts.secrets.onDidChange(({ key }) => isCollectorHeaders(key) && change()),
    ];
  }

  get state(): ExportState {
    return this.#state;
  }

  /** Does what the settings say now. Never rejects. */
  apply(): Promise<void> {
    this.#changing = this.#changing.then(() => this.#apply()).catch((error: unknown) => this.#failed(error));
    return this.#changing;
  }

  /** Where telemetry would go, for who has a key for it; undefined when nobody could say. */
  get origin(): string | undefined {
    return originOf(this.#settings(undefined).settings);
  }

  /** Sends what is left, for at most two seconds. Never rejects. */
  async end(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.dispose();
    await this.#changing;
    await this.#stop();
  }

  dispose(): void {
    void this.end();
  }

  async #apply(): Promise<void> {
    const wanted = await this.#want();
    const key = JSON.stringify(wanted);
    if (key === this.#wanted) return;
    this.#wanted = key;
    await this.#stop();
    const { state, settings, traceHosts = [], problems = [] } = wanted;
    this.#state = state;
    for (const problem of problems) this.#parts.logger.warn('telemetry_problem', { problem });
    if (!state.isOn || settings === undefined) return;
    const { relay, logger } = this.#parts;
    const onFailure = (reason: string): void => this.#warn(state.url, reason);
    const telemetry = await startTelemetry({ settings, propagateTo: traceHosts, onFailure });
    this.#running = { telemetry, leave: relay.listen(telemetry.telemetry) };
    logger.info('telemetry_started', { url: state.url, protocol: state.protocol });
  }

  async #want(): Promise<Wanted> {
    const { enabled, endpoint, traceHosts } = this.#parts.settings.otel;
    if (!enabled) return off('floeOci.otel.enabled is false');
    if (!env.isTelemetryEnabled) return off("VS Code's own telemetry is switched off (telemetry.telemetryLevel)");
    if (endpoint !== undefined && !isCollector(endpoint)) return off('floeOci.otel.endpoint is not accepted');
    const { origin } = this;
    const headers = origin === undefined ? undefined : await this.headers.find(origin);
    const { settings, problems } = this.#settings(headers);
    const to = settings.traces ?? settings.metrics;
    if (to === undefined) return { ...off("OpenTelemetry's variables want none"), problems };
    return { state: { isOn: true, url: redactUrl(to.url), protocol: to.protocol }, settings, traceHosts, problems };
  }

  #settings(headers: string | undefined): ReturnType<typeof exportSettingsFrom> {
    const { settings, environment } = this.#parts;
    return exportSettingsFrom(exportEnvironment(settings.otel, environment, headers));
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.leave();
    await running?.telemetry.end();
  }

  #failed(error: unknown): void {
    this.#state = { isOn: false, reason: 'it could not be started' };
    this.#parts.logger.error('telemetry_failed', { error });
  }

  /** The core says so once for each start. */
  #warn(url: string, reason: string): void {
    this.#parts.logger.warn('telemetry_not_sent', { url, reason });
    const open = l10n.t('Open Settings');
    const message = l10n.t('Telemetry could not be sent to {0}: {1}. Everything works without it.', url, reason);
    void window.showWarningMessage(plainText(message), open).then((answer) => {
      if (answer === open) void commands.executeCommand('workbench.action.openSettings', 'floeOci.otel');
    });
  }
}

function off(reason: string): Wanted {
  return { state: { isOn: false, reason } };
}

function originOf({ traces, metrics }: ExportSettings): string | undefined {
  const url = (traces ?? metrics)?.url;
  return url === undefined ? undefined : new URL(url).origin;
}
