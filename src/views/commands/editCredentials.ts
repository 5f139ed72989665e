import { l10n, window } from 'vscode';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import { type CredentialScope, formatScope } from '../credentials/credentialScope.ts';
import { askScope } from './askScope.ts';
import { type SignInParts, signIn } from './signIn.ts';

/** Asks for another credential, tries it and saves it. False when the user leaves it. */
export async function editCredentials(
  parts: SignInParts & { readonly registries: ConnectedRegistries },
  known?: CredentialScope,
): Promise<boolean> {
  const scope = known ?? (await askScope(l10n.t('Edit Credentials'), parts.registries));
  if (scope === undefined || !(await signIn(parts, scope))) return false;
  window.setStatusBarMessage(`$(check) ${l10n.t('Signed in to {0}', formatScope(scope))}`, 5_000);
  return true;
}
