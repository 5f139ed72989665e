import { commands, l10n, window } from 'vscode';
import type { Availability } from '../../oci/index.ts';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import { explainState, type HostStates, type TroubledHost } from '../hostStates.ts';
import type { Trees } from '../trees.ts';

/** What showing which registries are not available works with. */
export interface UnavailableParts {
  readonly availability: Pick<Availability, 'tryNow'>;
  readonly states: Pick<HostStates, 'all'>;
  readonly registries: Pick<ConnectedRegistries, 'find'>;
  readonly trees: Pick<Trees, 'select' | 'refreshPlace'>;
}

/** Shows a host that is paused or does not answer: where it is, why, and the way to try it again now. */
export async function showUnavailable(parts: UnavailableParts, host: string | undefined): Promise<void> {
  const { all } = parts.states;
  const troubled = all.find((one) => one.host === host) ?? (await choose(all));
  if (troubled === undefined) {
    if (all.length === 0) void window.showInformationMessage(l10n.t('All registries that were asked have answered.'));
    return;
  }
  const place = parts.registries.find(troubled.host);
  await commands.executeCommand('floeOci.registries.focus');
  if (place !== undefined) await parts.trees.select(place);
  const retry = l10n.t('Retry Now');
  // Who asked for patience gets it.
  const buttons = troubled.state.kind === 'paused' ? [] : [retry];
  if ((await window.showWarningMessage(explainState(troubled), ...buttons)) !== retry) return;
  parts.availability.tryNow(troubled.host);
  if (place !== undefined) parts.trees.refreshPlace(place);
}

async function choose(all: readonly TroubledHost[]): Promise<TroubledHost | undefined> {
  if (all.length < 2) return all[0];
  const choices = all.map((troubled) => ({ label: troubled.host, detail: explainState(troubled), troubled }));
  const title = l10n.t('Registries That Are Not Available');
  return (await window.showQuickPick(choices, { title, placeHolder: l10n.t('Choose a registry') }))?.troubled;
}
