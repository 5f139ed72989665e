import { l10n, window } from 'vscode';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { Place } from '../places.ts';

/** Asks for one of the connected registries. */
export async function askRegistry(title: string, registries: ConnectedRegistries): Promise<Place | undefined> {
  const places = registries.all();
  if (places.length === 0) {
    void window.showInformationMessage(l10n.t('No registry is connected.'));
    return undefined;
  }
  const choices = places.map((place) => ({ label: place.label, place }));
  return (await window.showQuickPick(choices, { title, placeHolder: l10n.t('Choose a registry') }))?.place;
}
