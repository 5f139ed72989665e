import { l10n, window } from 'vscode';

/** Asks whether a secret that a manifest.yaml names may go to a registry. Anything but the button means no. */
export async function askSecretUse(reference: string, registry: string): Promise<boolean> {
  const allow = l10n.t('Send It');
  const question = l10n.t(
    'manifest.yaml asks for the secret {0} to sign in to {1}. Send it there?',
    reference,
    registry,
  );
  const detail = l10n.t(
    'Whoever wrote the file chose both names. Send the secret only if you know that it belongs to this registry. You are asked once.',
  );
  return (await window.showWarningMessage(question, { modal: true, detail }, allow)) === allow;
}
