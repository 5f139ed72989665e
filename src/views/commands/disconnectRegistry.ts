import { window } from 'vscode';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { SecretCredentials } from '../credentials/secretCredentials.ts';
import type { Place } from '../places.ts';
import { askRegistry } from './askRegistry.ts';

export interface DisconnectParts {
  readonly registries: ConnectedRegistries;
  readonly credentials: SecretCredentials;
}

/** Takes a registry out of the view and forgets its credentials. Nothing changes in the registry. */
export async function disconnectRegistry({ registries, credentials }: DisconnectParts, known?: Place): Promise<void> {
  const place = known ?? (await askRegistry('Disconnect a Registry', registries));
  if (place === undefined) return;
  const disconnect = 'Disconnect';
  const answer = await window.showWarningMessage(
    `Disconnect ${place.label}?`,
    { modal: true, detail: 'Its password is removed from this machine. Nothing changes in the registry.' },
    disconnect,
  );
  if (answer !== disconnect) return;
  await credentials.deleteAll(place.id);
  await registries.remove(place.id);
}
