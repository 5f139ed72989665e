import { l10n, type QuickPickItem, window } from 'vscode';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import { type CredentialScope, formatScope } from '../credentials/credentialScope.ts';
import type { SecretReferences } from '../credentials/secretReferences.ts';
import type { SignInParts } from './signIn.ts';

type SignOutParts = Pick<SignInParts, 'credentials' | 'sources'> & {
  readonly registries: ConnectedRegistries;
  readonly references: Pick<SecretReferences, 'names' | 'forget'>;
};

/** What can be forgotten: a credential that was typed for a registry, or a secret that a manifest.yaml refers to by name. */
type Saved = { readonly scope: CredentialScope } | { readonly secret: string };

/**
 * Forgets a credential that was typed; its registry stays connected. From the palette any that is saved: also those of
 * registries that are not connected any more, and the secrets of manifest.yaml files with what was allowed of them.
 */
export async function signOut(parts: SignOutParts, registry?: string): Promise<void> {
  const saved = await askSaved(parts, registry);
  if (saved === undefined) return;
  if ('secret' in saved) {
    await parts.references.forget(saved.secret);
    const message = l10n.t('The secret {0} is removed from this machine, with what was allowed of it.', saved.secret);
    void window.showInformationMessage(message);
    return;
  }
  const { scope } = saved;
  await parts.credentials.delete(scope);
  // A manifest.yaml may ask for a credential that there is not.
  const left = await parts.sources.credentialFor(scope.registry).catch(() => undefined);
  const message = [
    l10n.t('Signed out of {0}. Its password is removed from this machine.', formatScope(scope)),
    ...(left === undefined ? [] : [l10n.t('There is still a credential for it from {0}.', left.source)]),
  ];
  void window.showInformationMessage(message.join(' '));
}

async function askSaved(parts: SignOutParts, registry: string | undefined): Promise<Saved | undefined> {
  const { credentials, references, registries } = parts;
  const saved = (await credentials.scopes()) ?? registries.all().map(({ id }) => ({ registry: id }));
  const scopes = saved.filter((scope) => registry === undefined || scope.registry === registry);
  const secrets = registry === undefined ? ((await references.names()) ?? []) : [];
  const [only] = scopes;
  if (only === undefined && secrets.length === 0) return await tellNone(parts, registry);
  if (only !== undefined && registry !== undefined && scopes.length === 1) return { scope: only };
  const connected = new Set(registries.all().map(({ id }) => id));
  const choices: readonly (QuickPickItem & { readonly saved: Saved })[] = [
    ...scopes.map((scope) => ({
      label: formatScope(scope),
      ...(connected.has(scope.registry) ? {} : { description: l10n.t('not connected') }),
      saved: { scope },
    })),
    ...secrets.map((secret) => ({
      label: secret,
      description: l10n.t('secret of a manifest.yaml'),
      saved: { secret },
    })),
  ];
  return (
    await window.showQuickPick(choices, { title: l10n.t('Sign Out'), placeHolder: l10n.t('Choose what to forget') })
  )?.saved;
}

async function tellNone({ sources }: SignOutParts, registry: string | undefined): Promise<undefined> {
  const used = registry === undefined ? undefined : await sources.credentialFor(registry).catch(() => undefined);
  const message = [
    registry === undefined ? l10n.t('No password is saved.') : l10n.t('No password is saved for {0}.', registry),
    ...(used === undefined ? [] : [l10n.t('What is used for it comes from {0}.', used.source)]),
  ];
  void window.showInformationMessage(message.join(' '));
}
