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
import type { SourceName } from './sourceNames.ts';

/** The sources in the order of the setting `floeOci.credentials.sources`; where none knows a credential, requests are anonymous. */
export class CredentialChain implements CredentialSource {
  readonly #sources: Readonly<Record<SourceName, CredentialSource>>;
  readonly #order: () => readonly SourceName[];

  constructor(sources: Readonly<Record<SourceName, CredentialSource>>, order: () => readonly SourceName[]) {
    this.#sources = sources;
    this.#order = order;
  }

  /** @throws OciError what a source throws that cannot be read */
  async credentialFor(registry: string, options?: CredentialOptions): Promise<Credential | undefined> {
    const sources = this.#order().map((name) => this.#sources[name]);
    return await chain(...sources).credentialFor(registry, options);
  }
}

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
