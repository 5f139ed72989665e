import { window } from 'vscode';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import { type CredentialScope, formatScope } from '../credentials/credentialScope.ts';
import type { SignInParts } from './signIn.ts';

type SignOutParts = Pick<SignInParts, 'credentials' | 'sources'> & { readonly registries: ConnectedRegistries };

/**
 * Forgets a credential that was typed; its registry stays connected. From the palette any that is saved, also those of
 * registries that are not connected any more.
 */
export async function signOut(parts: SignOutParts, registry?: string): Promise<void> {
  const scope = await askSaved(parts, registry);
  if (scope === undefined) return;
  await parts.credentials.delete(scope);
  const left = await parts.sources.credentialFor(scope.registry);
  const more = left === undefined ? '' : ` There is still a credential for it from ${left.source}.`;
  void window.showInformationMessage(
    `Signed out of ${formatScope(scope)}. Its password is removed from this machine.${more}`,
  );
}

async function askSaved(
  { credentials, sources, registries }: SignOutParts,
  registry: string | undefined,
): Promise<CredentialScope | undefined> {
  const saved = (await credentials.scopes()) ?? registries.all().map(({ id }) => ({ registry: id }));
  const scopes = saved.filter((scope) => registry === undefined || scope.registry === registry);
  const [only] = scopes;
  if (only === undefined) {
    const used = registry === undefined ? undefined : await sources.credentialFor(registry);
    const reason = used === undefined ? '' : ` What is used for it comes from ${used.source}.`;
    void window.showInformationMessage(`No password is saved${registry ? ` for ${registry}` : ''}.${reason}`);
    return undefined;
  }
  if (registry !== undefined && scopes.length === 1) return only;
  const connected = new Set(registries.all().map(({ id }) => id));
  const choices = scopes.map((scope) => ({
    label: formatScope(scope),
    ...(connected.has(scope.registry) ? {} : { description: 'not connected' }),
    scope,
  }));
  return (await window.showQuickPick(choices, { title: 'Sign Out', placeHolder: 'Choose what to forget' }))?.scope;
}
