import {
  type Credential,
  type CredentialOptions,
  type CredentialSource,
  chain,
  createCloudCredentials,
  dockerCredentials,
  type EngineName,
  type FileCredentialsOptions,
  mountedCredentials,
  podmanCredentials,
  userAgent,
} from '../../oci/index.ts';
import type { ChosenCredentials } from './chosenCredentials.ts';
import type { ManifestCredentials } from './manifestCredentials.ts';
import type { SignInChoice } from './signInChoice.ts';
import type { SourceName } from './sourceNames.ts';

type Sources = Readonly<Record<SourceName, CredentialSource>> & {
  readonly manifest: Pick<ManifestCredentials, 'credentialFor' | 'isAbout' | 'isAnonymous' | 'isAmazon' | 'demand'>;
};

interface Rules {
  readonly order: readonly SourceName[];
  /** What the settings choose for the registry, and nothing else. */
  readonly choice: SignInChoice | undefined;
  /** Without a choice: those of the order that are asked. */
  readonly asked: readonly SourceName[];
}

/**
 * The sources in the order of the setting `floeOci.credentials.sources`; where none knows a credential, requests are
 * anonymous, unless a manifest.yaml asks for one. Where it asks for none, what would come after it is left alone. What the
 * settings choose for one registry counts where no manifest.yaml is about it.
 */
export class CredentialChain implements CredentialSource {
  readonly #sources: Sources;
  readonly #order: () => readonly SourceName[];
  readonly #chosen: Pick<ChosenCredentials, 'choiceFor' | 'credentialFor'>;

  constructor(
    sources: Sources,
    order: () => readonly SourceName[],
    chosen: Pick<ChosenCredentials, 'choiceFor' | 'credentialFor'>,
  ) {
    this.#sources = sources;
    this.#order = order;
    this.#chosen = chosen;
  }

  /** @throws OciError MISSING_CREDENTIAL, and what a source throws that cannot be read */
  async credentialFor(registry: string, options?: CredentialOptions): Promise<Credential | undefined> {
    const { order, choice, asked } = this.#rulesFor(registry);
    if (choice !== undefined) {
      return await this.#chosen.credentialFor(registry, choice, { sources: this.#sources, order }, options);
    }
    const credential = await chain(...asked.map((name) => this.#sources[name])).credentialFor(registry, options);
    if (credential === undefined && order.includes('manifest')) this.#sources.manifest.demand(registry);
    return credential;
  }

  /**
   * Whether the identity of Amazon's that the environment names is among what a registry may be asked with: its API takes no
   * other. One that a manifest.yaml asks for is, once the user has allowed that.
   */
  async mayUseAmazon(registry: string): Promise<boolean> {
    const { choice, asked } = this.#rulesFor(registry);
    if (choice === 'cloud' || choice === 'aws-irsa') return true;
    if (choice !== undefined && choice !== 'basic' && choice !== 'token') return false;
    if (asked.includes('cloud')) return true;
    const { manifest } = this.#sources;
    if (!asked.includes('manifest') || !manifest.isAmazon(registry)) return false;
    return (await manifest.credentialFor(registry).catch(() => undefined)) !== undefined;
  }

  #rulesFor(registry: string): Rules {
    const order = this.#order();
    const { manifest } = this.#sources;
    const place = order.indexOf('manifest');
    const choice = place >= 0 && manifest.isAbout(registry) ? undefined : this.#chosen.choiceFor(registry);
    return { order, choice, asked: place >= 0 && manifest.isAnonymous(registry) ? order.slice(0, place) : order };
  }
}

/** What the sources outside of VS Code need. */
export interface OtherSourcesOptions extends Required<FileCredentialsOptions> {
  /** Carries what the SDKs of clouds leave to us. */
  readonly engine: EngineName;
}

/**
 * What other programs keep for the user, and the identity in a cloud that the machine has. Which files and which identity
 * those are is said by the environment of the extension's process, and by nothing in a workspace.
 */
export function otherSources(
  options: OtherSourcesOptions,
): Readonly<Record<'docker' | 'podman' | 'kubernetes' | 'cloud', CredentialSource>> {
  return {
    docker: dockerCredentials(options),
    podman: podmanCredentials(options),
    kubernetes: mountedCredentials(options),
    cloud: createCloudCredentials({ ...options, userAgent }),
  };
}
