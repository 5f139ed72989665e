import { l10n } from 'vscode';
import { cloudOf } from '../../floe/registrySettings.ts';
import {
  anonymous,
  type Cloud,
  type Credential,
  type CredentialOptions,
  type CredentialSource,
  chain,
  OciError,
  TOKEN_USERNAME,
} from '../../oci/index.ts';
import { type CloudChoice, isCloudChoice, type SignInChoice } from './signInChoice.ts';
import type { SourceName } from './sourceNames.ts';

/** What the settings have chosen, and what it leads to. */
export interface ChosenCredentialsOptions {
  /** How a registry is to be signed in to; undefined where the settings leave that to the order of sources. */
  readonly choiceFor: (registry: string) => SignInChoice | undefined;
  /** The identity in a cloud that somebody chose, by the name of the choice. */
  readonly cloud: (chosen: { readonly cloud: Cloud; readonly by: string }) => CredentialSource;
}

/** What one can sign in with here, once the registry asks for it: until then nobody is signed in. */
const AT_HAND: readonly SignInChoice[] = ['basic', 'token', 'secretStorage', 'vscodeAccount'];

type Sources = Readonly<Record<SourceName, CredentialSource>>;

/** The credentials of registries for which the settings say how they are signed in to. */
export class ChosenCredentials {
  readonly #options: ChosenCredentialsOptions;
  readonly #clouds = new Map<string, CredentialSource>();

  constructor(options: ChosenCredentialsOptions) {
    this.#options = options;
  }

  choiceFor(registry: string): SignInChoice | undefined {
    return this.#options.choiceFor(registry);
  }

  /**
   * What is chosen and cannot be had is not made up for by something else; nor by nothing, where only other programs can
   * help.
   * @param order what `basic` and `token` are looked for in
   * @throws OciError MISSING_CREDENTIAL, and what a source throws that cannot be read
   */
  async credentialFor(
    registry: string,
    choice: SignInChoice,
    { sources, order }: { readonly sources: Sources; readonly order: readonly SourceName[] },
    options?: CredentialOptions,
  ): Promise<Credential | undefined> {
    if (choice === 'anonymous') return undefined;
    const credential = await this.#sourceFor(choice, sources, order).credentialFor(registry, options);
    if (credential !== undefined || AT_HAND.includes(choice)) return credential;
    const reference = `${choice} (floeOci.registryOptions["${registry}"].auth)`;
    const reason = l10n.t('nothing of this kind is known for {0}: sign in that way, or change the setting', registry);
    throw new OciError('MISSING_CREDENTIAL', `no credential from ${reference}`, { reference, reason });
  }

  #sourceFor(
    choice: Exclude<SignInChoice, 'anonymous'>,
    sources: Sources,
    order: readonly SourceName[],
  ): CredentialSource {
    if (isCloudChoice(choice)) return this.#cloud(choice);
    if (choice !== 'basic' && choice !== 'token') return sources[choice];
    const isWanted = (found: Credential): boolean => isToken(found) === (choice === 'token');
    return chain(...order.map((name) => only(sources[name], isWanted)));
  }

  /** What a cloud gave is kept until it ends. */
  #cloud(by: CloudChoice): CredentialSource {
    const cloud = cloudOf({ auth: { type: by } });
    const source = this.#clouds.get(by) ?? (cloud === undefined ? anonymous : this.#options.cloud({ cloud, by }));
    this.#clouds.set(by, source);
    return source;
  }
}

/** A token may come as the password of a user name that says so. */
function isToken(credential: Credential): boolean {
  return credential.kind !== 'basic' || credential.username === TOKEN_USERNAME;
}

function only(source: CredentialSource, isWanted: (found: Credential) => boolean): CredentialSource {
  return {
    async credentialFor(registry, options) {
      const found = await source.credentialFor(registry, options);
      return found && isWanted(found) ? found : undefined;
    },
  };
}
