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
import type { SourceName } from './sourceNames.ts';

type Sources = Readonly<Record<SourceName, CredentialSource>> & {
  readonly manifest: Pick<ManifestCredentials, 'credentialFor' | 'isAbout' | 'isAnonymous' | 'demand'>;
};

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
    const order = this.#order();
    const { manifest } = this.#sources;
    const place = order.indexOf('manifest');
    const choice = place >= 0 && manifest.isAbout(registry) ? undefined : this.#chosen.choiceFor(registry);
    if (choice !== undefined) {
      return await this.#chosen.credentialFor(registry, choice, { sources: this.#sources, order }, options);
    }
    const asked = place >= 0 && manifest.isAnonymous(registry) ? order.slice(0, place) : order;
    const credential = await chain(...asked.map((name) => this.#sources[name])).credentialFor(registry, options);
    if (credential === undefined && place >= 0) manifest.demand(registry);
    return credential;
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
