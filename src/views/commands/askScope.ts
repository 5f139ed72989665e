import { l10n, window } from 'vscode';
import { isOciError } from '../../oci/index.ts';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import { type CredentialScope, formatScope, parseScope, scopesOf } from '../credentials/credentialScope.ts';
import { describeError, explain } from '../describeError.ts';
import { type Choice, pickOrType } from './pickOrType.ts';

/** Asks what a credential is to be for: one of the connected registries, or a typed one, or part of one. */
export async function askScope(title: string, registries: ConnectedRegistries): Promise<CredentialScope | undefined> {
  return await pickOrType<CredentialScope>({
    title,
    placeholder: l10n.t(
      'Choose a registry, or type one, with a path for repositories below it alone: harbor.example/team',
    ),
    choices: async () =>
      registries.all().map(({ id, label }) => ({
        label,
        ...(label === id ? {} : { description: id }),
        value: { registry: id },
      })),
    typed: scopeChoice,
  });
}

/** Asks how much of the registry a credential is to be for: all, or what is below one of the paths that lead to `path`. */
export async function askReach(registry: string, path: string): Promise<CredentialScope | undefined> {
  const choices = scopesOf(registry, path)
    .toReversed()
    .map((scope) => ({
      label: formatScope(scope),
      description: scope.path === undefined ? l10n.t('the whole registry') : l10n.t('only this and what is below'),
      scope,
    }));
  const placeHolder = l10n.t('What are the credentials for?');
  return (await window.showQuickPick(choices, { title: l10n.t('Edit Credentials'), placeHolder, ignoreFocusOut: true }))
    ?.scope;
}

function scopeChoice(text: string): Choice<CredentialScope> | string {
  try {
    return { label: text, value: parseScope(text) };
  } catch (error) {
    if (isOciError(error)) return explain(describeError(error));
    throw error;
  }
}
