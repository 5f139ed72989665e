import { type Disposable, type Event, l10n, type SecretStorage } from 'vscode';
import * as z from 'zod/mini';
import {
  bound,
  type CredentialOptions,
  type CredentialSource,
  formatSecretReference,
  OciError,
  type SecretReference,
  type SecretsBackend,
} from '../../oci/index.ts';
import { type Login, readLogin, writeLogin } from './login.ts';
import { SecretEntries } from './secretEntries.ts';
import { secretStorageBackend } from './secretStorageBackend.ts';

/** Followed by `<source>/<name>`, and by `/<key>` where the reference has one. */
const KEY_PREFIX = 'floeOci.secretReference.v1:';

const savedSecret = z.object({
  version: z.literal(1),
  /** The registries that it may go to. */
  hosts: z.array(z.string()),
  /** Absent where the secret is somewhere else, and only its use has been allowed. */
  login: z.optional(z.string()),
});
type SavedSecret = z.infer<typeof savedSecret>;

/** Who decides whether a secret may go to a registry. */
export interface SecretReferencesOptions {
  /** Whether the workspace is trusted; asked anew each time. */
  readonly isTrusted: () => boolean;
  /** Whether the secret of this name may go to this registry; undefined when nobody was asked, which is no answer to keep. */
  readonly ask: (reference: string, registry: string) => Promise<boolean | undefined>;
}

/**
 * Secrets that files of a workspace refer to by name, with the registries that each may go to. A file can name any secret
 * together with any registry, so nothing is looked up before the user has allowed this name for this registry, once;
 * because of a workspace that is not trusted nothing is, and nobody is asked.
 */
export class SecretReferences implements Disposable {
  readonly #entries: SecretEntries;
  readonly #options: SecretReferencesOptions;
  readonly #asking = new Map<string, Promise<boolean>>();
  /** What was not allowed, until the user starts something new. */
  readonly #refused = new Set<string>();
  /** What could not be stored, by name; gone with the window. */
  readonly #session = new Map<string, SavedSecret>();

  constructor(secrets: SecretStorage, options: SecretReferencesOptions) {
    this.#entries = new SecretEntries(secrets, KEY_PREFIX);
    this.#options = options;
  }

  /** The name of a reference whose secret, or what is allowed of it, is other than it was, whichever window changed it. */
  get onDidChange(): Event<string> {
    return this.#entries.onDidChange;
  }

  /**
   * The secret that `secret` knows, for the registry that is named together with it and for no other, as far as that is
   * allowed.
   * @throws OciError INVALID_ARGUMENT when a part of the reference is empty or has a slash
   */
  sourceFor(reference: SecretReference, registry: string, secret: CredentialSource): CredentialSource {
    const name = nameOf(reference);
    const source: CredentialSource = {
      credentialFor: async (asked, options) => {
        if (!this.#options.isTrusted() || !(await this.#isAllowed(name, asked, options))) return undefined;
        return await secret.credentialFor(asked, options);
      },
    };
    return bound(source, registry);
  }

  /**
   * What is kept here under the name of the reference. Whether it may be used is for {@link sourceFor} to say.
   * @throws OciError INVALID_ARGUMENT as `sourceFor`
   */
  backendFor(reference: SecretReference): SecretsBackend {
    const name = nameOf(reference);
    return secretStorageBackend(async () => {
      const { login } = await this.#read(name);
      return login === undefined ? undefined : readLogin(login);
    });
  }

  /** Keeps a secret, for the one registry that it is typed in for. Those allowed for an older secret of the name are not. */
  async store(reference: SecretReference, registry: string, login: Login): Promise<void> {
    const name = nameOf(reference);
    await this.#entries.store(name, JSON.stringify(secretOf(registry, login)));
    this.#session.delete(name);
    this.#refused.delete(keyOf(name, registry));
  }

  /** The same where VS Code cannot store it. */
  keepForSession(reference: SecretReference, registry: string, login: Login): void {
    this.#session.set(nameOf(reference), secretOf(registry, login));
  }

  /** The names of all secrets that are kept or allowed; undefined where VS Code is too old to tell. */
  async names(): Promise<readonly string[] | undefined> {
    const names = await this.#entries.names();
    return names && [...new Set([...names, ...this.#session.keys()])].sort();
  }

  /** Forgets the secret of this name, and what was allowed. */
  async forget(name: string): Promise<void> {
    this.#session.delete(name);
    await this.#entries.delete(name);
  }

  /** What was not allowed may be asked about again: the user has started something new. */
  askAgain(): void {
    this.#refused.clear();
  }

  /** Forgets the secret, and what was allowed. */
  async delete(reference: SecretReference): Promise<void> {
    await this.forget(nameOf(reference));
  }

  dispose(): void {
    this.#entries.dispose();
  }

  async #isAllowed(name: string, registry: string, { isQuiet = false }: CredentialOptions = {}): Promise<boolean> {
    if ((await this.#read(name)).hosts.includes(registry)) return true;
    const key = keyOf(name, registry);
    if (isQuiet || this.#refused.has(key)) return false;
    const asking = this.#asking.get(key) ?? this.#ask(name, registry).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return await asking;
  }

  async #ask(name: string, registry: string): Promise<boolean> {
    const answer = await this.#options.ask(name, registry);
    if (answer === false) this.#refused.add(keyOf(name, registry));
    if (answer !== true) return false;
    const saved = await this.#read(name);
    await this.#write(name, { ...saved, hosts: [...new Set([...saved.hosts, registry])] });
    return true;
  }

  /** An entry that cannot be read allows nothing. */
  async #read(name: string): Promise<SavedSecret> {
    const session = this.#session.get(name);
    if (session !== undefined) return session;
    try {
      return savedSecret.parse(JSON.parse((await this.#entries.get(name)) ?? ''));
    } catch {
      return { version: 1, hosts: [] };
    }
  }

  /** A keyring that does not work must not make us ask for ever: the answer then lasts as long as the window. */
  async #write(name: string, secret: SavedSecret): Promise<void> {
    try {
      await this.#entries.store(name, JSON.stringify(secret));
    } catch {
      this.#session.set(name, secret);
    }
  }
}

function secretOf(registry: string, login: Login): SavedSecret {
  return { version: 1, hosts: [registry], login: writeLogin(login) };
}

function keyOf(name: string, registry: string): string {
  return `${name} ${registry}`;
}

/** With a slash in a part, two references could be one name. */
function nameOf(reference: SecretReference): string {
  const { source, name, key } = reference;
  const parts = [source, name, ...(key ? [key] : [])];
  if (parts.every((part) => part !== '' && !part.includes('/'))) return formatSecretReference(reference);
  const value = formatSecretReference(reference);
  throw new OciError('INVALID_ARGUMENT', `${value} is not a secret reference`, {
    argument: 'credentials_ref',
    value,
    accepted: l10n.t('a source, a name and a key without "/" in them'),
  });
}
