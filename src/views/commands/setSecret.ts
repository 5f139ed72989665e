import { l10n, window } from 'vscode';
import { formatSecretReference, TOKEN_USERNAME } from '../../oci/index.ts';
import type { Login } from '../credentials/login.ts';
import { secretIn } from '../credentials/manifestCredentials.ts';
import type { SecretReferences } from '../credentials/secretReferences.ts';
import type { ManifestRegistries } from '../manifestRegistries.ts';
import { askLogin } from './askLogin.ts';
import { askText } from './askText.ts';
import { orForSession, type SessionParts } from './orForSession.ts';

/** What giving a secret works with. */
export interface SetSecretParts extends SessionParts {
  readonly manifests: Pick<ManifestRegistries, 'find'>;
  readonly references: SecretReferences;
}

/**
 * Asks for the secret that the manifest.yaml in force for a registry refers to, and keeps it under that name, for that
 * registry alone. False when the user leaves it.
 */
export async function setSecret(parts: SetSecretParts, registry: string): Promise<boolean> {
  const manifest = parts.manifests.find(registry);
  const secret = manifest && secretIn(manifest);
  if (secret === undefined) {
    void window.showInformationMessage(l10n.t('No manifest.yaml that is in use refers to a secret for {0}.', registry));
    return false;
  }
  const { reference, type } = secret;
  const name = formatSecretReference(reference);
  const login = type === 'basic' ? await askBasic(name, registry) : await askToken(name, registry);
  if (login === undefined) return false;
  const { references } = parts;
  return await orForSession(parts, name, {
    store: () => references.store(reference, registry, login),
    keep: () => references.keepForSession(reference, registry, login),
  });
}

async function askBasic(name: string, registry: string): Promise<Login | undefined> {
  const answer = await askLogin({ scope: l10n.t('{0} as {1}', registry, name), offers: [], username: '' });
  return answer && 'login' in answer ? answer.login : undefined;
}

async function askToken(name: string, registry: string): Promise<Login | undefined> {
  const token = await askText({
    title: l10n.t('Sign in to {0}', registry),
    prompt: l10n.t('Token {0}', name),
    placeholder: l10n.t('Token'),
    isSecret: true,
    problemOf: (text) => (text.trim() === '' ? l10n.t('Type or paste a token.') : undefined),
  });
  if (typeof token !== 'object') return undefined;
  return { kind: 'basic', username: TOKEN_USERNAME, password: token.text.trim() };
}
