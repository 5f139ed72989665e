import { l10n, window } from 'vscode';
import { plainText } from '../plainText.ts';
import { areHeaders } from '../telemetry/collectorHeaders.ts';
import type { TelemetryExport } from '../telemetry/telemetryExport.ts';

/** What the headers for a collector are kept by. */
export interface CollectorParts {
  readonly export: Pick<TelemetryExport, 'origin' | 'headers'>;
}

/** Asks for the headers that the user's collector wants, and keeps them in the secret storage. */
export async function setCollectorHeaders(parts: CollectorParts): Promise<void> {
  const { origin, headers } = parts.export;
  if (origin === undefined) {
    void window.showWarningMessage(l10n.t('There is no collector: see the setting floeOci.otel.endpoint.'));
    return;
  }
  const typed = await window.showInputBox({
    title: l10n.t('Headers for {0}', plainText(origin)),
    prompt: l10n.t('NAME=VALUE, several with commas between them; empty to send none. Values are percent-encoded.'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (areHeaders(text) ? undefined : l10n.t('Accepted is NAME=VALUE,NAME=VALUE')),
  });
  if (typed === undefined) return;
  await headers.save(origin, typed.trim());
}
