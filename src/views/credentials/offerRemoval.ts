import { type Disposable, l10n, window } from 'vscode';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { Presenter } from '../present.ts';
import type { Settings } from '../settings.ts';
import { formatScope } from './credentialScope.ts';
import type { SecretCredentials } from './secretCredentials.ts';

interface RemovalParts {
  readonly settings: Pick<Settings, 'onDidChangeRegistries'>;
  readonly registries: Pick<ConnectedRegistries, 'all'>;
  readonly credentials: SecretCredentials;
  readonly presenter: Pick<Presenter, 'logError'>;
}

/** When a registry leaves the settings: offers to forget what is saved for it, which nobody would find there again. */
export function offerRemovals({ settings, registries, credentials, presenter }: RemovalParts): Disposable {
  const connected = (): ReadonlySet<string> => new Set(registries.all().map(({ id }) => id));
  let before = connected();
  return settings.onDidChangeRegistries(() => {
    const now = connected();
    const gone = [...before].filter((registry) => !now.has(registry));
    before = now;
    for (const registry of gone) {
      offerRemoval(credentials, registry).catch((error: unknown) =>
        presenter.logError(`Removing the password for ${registry}`, error),
      );
    }
  });
}

async function offerRemoval(credentials: SecretCredentials, registry: string): Promise<void> {
  const scopes = ((await credentials.scopes()) ?? []).filter((scope) => scope.registry === registry);
  if (scopes.length === 0) return;
  const remove = l10n.t('Remove Password');
  const names = scopes.map(formatScope).join(', ');
  const question = l10n.t(
    '{0} is no longer connected. The password for {1} is still saved on this machine.',
    registry,
    names,
  );
  if ((await window.showInformationMessage(question, remove, l10n.t('Keep'))) !== remove) return;
  await credentials.deleteAll(registry);
}
