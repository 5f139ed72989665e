import { type Disposable, type Event, EventEmitter, l10n, type SecretStorage } from 'vscode';
import {
  type Credential,
  type CredentialOptions,
  type CredentialSource,
  isOciError,
  type Logger,
} from '../../oci/index.ts';
import { type CredentialScope, formatScope, parseScope, scopesOf } from './credentialScope.ts';
import { credentialOf, type Login, readLogin, writeLogin } from './login.ts';
import { SecretEntries } from './secretEntries.ts';

/** Followed by `host[:port]`, and by `/path` where it is for repositories below that path alone. */
const KEY_PREFIX = 'floeOci.credential.v1:';

const IN_STORAGE = l10n.t("VS Code's secret storage");
const IN_SESSION = l10n.t('this session');

/**
 * Credentials the user has given us, in VS Code's secret storage: nothing of them is in settings or state. For a
 * repository the one with the longest path that it is in counts.
 */
export class SecretCredentials implements CredentialSource, Disposable {
  readonly #entries: SecretEntries;
  readonly #logger: Logger;
  /** What could not be stored, by scope; gone with the window. */
  readonly #session = new Map<string, Login>();
  readonly #changed = new EventEmitter<string>();
  readonly #subscription: Disposable;

  constructor(secrets: SecretStorage, logger: Logger) {
    this.#entries = new SecretEntries(secrets, KEY_PREFIX);
    this.#logger = logger;
    this.#subscription = this.#entries.onDidChange((name) => this.#changed.fire(name));
  }

  /** A credential was stored or removed, in this window or another: its scope, formatted. */
  get onDidChange(): Event<string> {
    return this.#changed.event;
  }

  async credentialFor(registry: string, { repository }: CredentialOptions = {}): Promise<Credential | undefined> {
    for (const scope of scopesOf(registry, repository)) {
      const credential = await this.find(scope);
      if (credential !== undefined) return credential;
    }
    return undefined;
  }

  /** The credential of exactly this scope. A keyring that does not work has none. */
  async find(scope: CredentialScope): Promise<Credential | undefined> {
    const name = formatScope(scope);
    const session = this.#session.get(name);
    if (session !== undefined) return credentialOf(session, IN_SESSION);
    try {
      const text = await this.#entries.get(name);
      const login = text === undefined ? undefined : readLogin(text);
      if (text !== undefined && login === undefined)
        this.#logger.warn('saved_credential_not_understood', { for: name });
      return login && credentialOf(login, IN_STORAGE);
    } catch (error) {
      this.#logger.warn('secret_storage_failed', { for: name, error });
      return undefined;
    }
  }

  /** What there are credentials for; undefined where VS Code is too old to tell. */
  async scopes(): Promise<readonly CredentialScope[] | undefined> {
    const names = await this.#entries.names();
    return names && [...new Set([...names, ...this.#session.keys()])].sort().flatMap(readScope);
  }

  /** Rejects with the keyring's own error when it cannot store. */
  async store(scope: CredentialScope, login: Login): Promise<void> {
    const name = formatScope(scope);
    await this.#entries.store(name, writeLogin(login));
    if (this.#session.delete(name)) this.#changed.fire(name);
  }

  keepForSession(scope: CredentialScope, login: Login): void {
    this.#session.set(formatScope(scope), login);
    this.#changed.fire(formatScope(scope));
  }

  async delete(scope: CredentialScope): Promise<void> {
    const name = formatScope(scope);
    if (this.#session.delete(name)) this.#changed.fire(name);
    await this.#entries.delete(name);
  }

  /** Forgets all that is for the registry or for a part of it. */
  async deleteAll(registry: string): Promise<void> {
    const parts = ((await this.scopes()) ?? []).filter(
      (scope) => scope.registry === registry && scope.path !== undefined,
    );
    for (const scope of [...parts, { registry }]) await this.delete(scope);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#entries.dispose();
    this.#changed.dispose();
  }
}

/** Nothing for a key that names no registry: somebody else made it. */
function readScope(name: string): readonly CredentialScope[] {
  try {
    return [parseScope(name)];
  } catch (error) {
    if (isOciError(error, 'INVALID_REFERENCE')) return [];
    throw error;
  }
}
