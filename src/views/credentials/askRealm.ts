import { l10n, window } from 'vscode';
import type { RealmChange } from '../../oci/index.ts';

/** Asks whether the secrets of a registry may go to a token server. Anything but the button means no. */
export async function askRealm({ registry, from, to }: RealmChange): Promise<boolean> {
  const send = l10n.t('Send');
  const question =
    from === undefined
      ? l10n.t('{0} wants your credentials sent to {1}. Send them?', registry, to)
      : l10n.t('{0} now wants your credentials sent to {1}, no longer to {2}. Send them?', registry, to, from);
  const detail =
    from === undefined
      ? l10n.t(
          'Registries may leave it to another server to check who you are. Send them only if you know that this one belongs to the registry. You are asked once.',
        )
      : l10n.t(
          'This is so when the registry has moved, and also when somebody has taken it over to get at your password. If you did not expect it, ask whoever runs the registry. Nothing has been sent yet.',
        );
  return (await window.showWarningMessage(question, { modal: true, detail }, send)) === send;
}
