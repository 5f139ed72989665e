import { homedir } from 'node:os';
import { l10n } from 'vscode';
import type { Activity, Availability } from '../../oci/index.ts';
import type { Caches } from '../caches.ts';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { Connections } from '../connections.ts';
import { registrySection } from '../diagnostics/registrySection.ts';
import { reportText } from '../diagnostics/report.ts';
import { cacheSection, errorsSection } from '../diagnostics/storageSections.ts';
import { networkSection, telemetrySection, versionSection } from '../diagnostics/windowSections.ts';
import type { Reports } from '../reports.ts';
import type { Settings } from '../settings.ts';
import type { Observability } from '../telemetry/observability.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import { whileLooking } from './whileLooking.ts';

/** What diagnostics look at. */
export interface DiagnosticsParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly settings: Settings;
  readonly registries: Pick<ConnectedRegistries, 'all'>;
  readonly connections: Pick<Connections, 'storesFor'>;
  readonly availability: Availability;
  readonly caches: Caches;
  readonly activity: Activity;
  readonly observability: Observability;
  readonly reports: Pick<Reports, 'open'>;
}

/** Looks at this window and at the connected registries, and opens what was found: fit to be pasted into a bug report. */
export async function showDiagnostics(parts: DiagnosticsParts): Promise<void> {
  const text = await whileLooking(l10n.t('Looking at the registries'), (signal) => diagnose(parts, signal));
  await parts.reports.open('floe-oci-diagnostics.md', text);
}

/** @throws OciError CANCELLED */
export async function diagnose(parts: DiagnosticsParts, signal: AbortSignal): Promise<string> {
  const { environment, settings, connections, availability, caches, activity, observability } = parts;
  const stores = (registry: string) => connections.storesFor(registry);
  const looks = parts.registries
    .all()
    .map((place) =>
      observeAt(observability, 'doctor', { place }, () =>
        registrySection(place, { stores, availability, samples: activity.samples }, signal),
      ),
    );
  const registries = await Promise.all(looks);
  const sections = [
    versionSection(),
    networkSection(settings, environment),
    telemetrySection(observability.export.state, observability.recording.isRunning),
    await cacheSection(caches),
    ...(registries.length === 0 ? [{ title: 'Registries', facts: [] }] : registries),
    errorsSection(activity),
  ];
  return reportText('Floe OCI diagnostics', sections, homedir());
}
