import { l10n, window } from 'vscode';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { SecretCredentials } from '../credentials/secretCredentials.ts';
import type { Place } from '../places.ts';
import { askRegistry } from './askRegistry.ts';

/** What disconnecting works with. */
export interface DisconnectParts {
  readonly registries: ConnectedRegistries;
  readonly credentials: SecretCredentials;
}

/** Takes a registry out of the view and forgets its credentials. Nothing changes in the registry. */
export async function disconnectRegistry({ registries, credentials }: DisconnectParts, known?: Place): Promise<void> {
  const place = known ?? (await askRegistry(l10n.t('Disconnect a Registry'), registries));
  if (place === undefined) return;
  const disconnect = l10n.t('Disconnect');
  const answer = await window.showWarningMessage(
    l10n.t('Disconnect {0}?', place.label),
    { modal: true, detail: l10n.t('Its password is removed from this machine. Nothing changes in the registry.') },
    disconnect,
  );
  if (answer !== disconnect) return;
  await credentials.deleteAll(place.id);
  await registries.remove(place.id);
}
