import { isDeepStrictEqual } from 'node:util';
import { l10n, ProgressLocation, window } from 'vscode';
import { type Credential, type CredentialSource, isOciError, type RepositoryName } from '../../oci/index.ts';
import { signalOf } from '../cancellation.ts';
import type { Connections } from '../connections.ts';
import type { AccountCredentials } from '../credentials/accountCredentials.ts';
import { type CredentialScope, formatScope } from '../credentials/credentialScope.ts';
import { credentialOf } from '../credentials/login.ts';
import type { SecretCredentials } from '../credentials/secretCredentials.ts';
import type { Presenter } from '../present.ts';
import { askLogin, type LoginAnswer } from './askLogin.ts';
import { orForSession } from './orForSession.ts';

/** What signing in works with. */
export interface SignInParts {
  readonly connections: Connections;
  /** What the user has typed. */
  readonly credentials: SecretCredentials;
  readonly accounts: AccountCredentials;
  /** All sources, in the user's order. */
  readonly sources: CredentialSource;
  readonly presenter: Presenter;
}

/**
 * Whether the registry lets us in with what we have for it, or for one of its repositories.
 * @throws OciError what else is wrong with it, or with a source of credentials
 */
export async function isLetIn(
  { connections, sources }: SignInParts,
  registry: string,
  repository?: RepositoryName,
): Promise<boolean> {
  const credential = await sources.credentialFor(registry, repository === undefined ? {} : { repository });
  return (await check(connections, registry, credential)) !== 'refused';
}

/**
 * Asks for a login until the registry accepts one, and saves that. False when the user leaves a prompt.
 * @throws OciError what else is wrong with the registry
 */
export async function signIn(parts: SignInParts, scope: CredentialScope): Promise<boolean> {
  const { connections, accounts } = parts;
  const { registry } = scope;
  const offers = scope.path === undefined ? accounts.offersFor(registry) : [];
  let username = (await parts.credentials.find(scope))?.username ?? '';
  let problem: string | undefined;
  for (;;) {
    const answer = await askLogin({ scope: formatScope(scope), offers, username, problem });
    if (answer === undefined) return false;
    const credential = await credentialIn(answer, accounts);
    if (credential === undefined) return false;
    const outcome = await check(connections, registry, credential);
    if (outcome !== 'refused') {
      if (!(await save(parts, scope, answer))) return false;
      await explainUse(parts, scope, credential, outcome);
      return true;
    }
    username = credential.username ?? '';
    problem = l10n.t('{0} does not accept {1}. Try again.', registry, WHAT[credential.kind]);
  }
}

const WHAT: Readonly<Record<Credential['kind'], string>> = {
  basic: l10n.t('this user name with this password'),
  identityToken: l10n.t('this identity token'),
  registryToken: l10n.t('this registry token'),
};

async function credentialIn(answer: LoginAnswer, accounts: AccountCredentials): Promise<Credential | undefined> {
  return 'offer' in answer ? await accounts.signIn(answer.offer) : credentialOf(answer.login, l10n.t('the prompt'));
}

/** `unasked`: the registry lets everybody in, so nobody knows what it thinks of the credential. */
type Outcome = 'accepted' | 'refused' | 'unasked';

async function check(connections: Connections, registry: string, credential: Credential | undefined): Promise<Outcome> {
  const title = l10n.t('Connecting to {0}', registry);
  return await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_, token) => {
      let outcome: Outcome = 'unasked';
      const credentialFor = async (): Promise<Credential | undefined> => {
        outcome = 'accepted';
        return credential;
      };
      const stores = await connections.storesWith({ credentialFor });
      try {
        await (await stores.registry(registry)).ping({ signal: signalOf(token) });
        return outcome;
      } catch (error) {
        if (isOciError(error, 'UNAUTHORIZED')) return 'refused';
        throw error;
      } finally {
        await stores.close();
      }
    },
  );
}

/** What was typed is kept; an account is VS Code's to keep, and takes the place of what was typed before. */
async function save(parts: SignInParts, scope: CredentialScope, answer: LoginAnswer): Promise<boolean> {
  if ('login' in answer) {
    const { login } = answer;
    return await orForSession(parts, formatScope(scope), {
      store: () => parts.credentials.store(scope, login),
      keep: () => parts.credentials.keepForSession(scope, login),
    });
  }
  await parts.credentials.delete(scope);
  return true;
}

/** Says what the user would not expect: that a credential could not be checked, or that another one goes first. */
async function explainUse(
  { sources }: SignInParts,
  { registry, path }: CredentialScope,
  credential: Credential,
  outcome: Outcome,
): Promise<void> {
  const used = await sources
    .credentialFor(registry, path === undefined ? {} : { repository: path })
    .catch((error: unknown) => {
      // Another one is wanted, and is not there.
      if (isOciError(error, 'MISSING_CREDENTIAL')) return undefined;
      throw error;
    });
  const { source: usedFrom, ...usedLogin } = used ?? { source: undefined };
  const { source: _, ...login } = credential;
  if (!isDeepStrictEqual(usedLogin, login)) {
    void window.showWarningMessage(
      usedFrom === undefined
        ? l10n.t(
            'Your credential for {0} is not used, none is: the settings floeOci.credentials.sources and floeOci.registryOptions say so.',
            registry,
          )
        : l10n.t(
            'Your credential for {0} is not used, that from {1} is: the settings floeOci.credentials.sources and floeOci.registryOptions say so.',
            registry,
            usedFrom,
          ),
    );
  } else if (outcome === 'unasked') {
    void window.showInformationMessage(
      l10n.t(
        '{0} lets everybody in, so your credential could not be checked. It is used where the registry asks for one.',
        registry,
      ),
    );
  }
}
