import { window } from 'vscode';

/** Asks whether a secret that a manifest.yaml names may go to a registry. Anything but the button means no. */
export async function askSecretUse(reference: string, registry: string): Promise<boolean> {
  const allow = 'Send It';
  const question = `manifest.yaml asks for the secret ${reference} to sign in to ${registry}. Send it there?`;
  const detail =
    'Whoever wrote the file chose both names. Send the secret only if you know that it belongs to this registry. You are asked once.';
  return (await window.showWarningMessage(question, { modal: true, detail }, allow)) === allow;
}
