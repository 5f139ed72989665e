import { l10n } from 'vscode';
import { cloudOf } from '../../floe/registrySettings.ts';
import {
  type Cloud,
  type Credential,
  type CredentialOptions,
  type CredentialSource,
  chain,
  formatSecretReference,
  isSourceReadable,
  OciError,
  type SecretReference,
  type SecretsBackend,
  secretCredentials,
  variablesOf,
} from '../../oci/index.ts';
import type { ManifestRegistries } from '../manifestRegistries.ts';
import type { WorkspaceManifest } from '../workspaceManifests.ts';
import type { SecretReferences } from './secretReferences.ts';

/** Where a manifest.yaml is found, and who reads the secrets it refers to. */
export interface ManifestCredentialsOptions {
  readonly manifests: Pick<ManifestRegistries, 'find'>;
  readonly references: Pick<SecretReferences, 'sourceFor' | 'backendFor'>;
  /** Who answers for the secrets of a source, as far as others have registered; default: nobody. */
  readonly backends?: () => Readonly<Record<string, SecretsBackend>>;
  /** Of the extension's process: `FLOE_SECRET_…`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The identity in a cloud that somebody chose, by the name of the choice. */
  readonly cloud: (chosen: { readonly cloud: Cloud; readonly by: string }) => CredentialSource;
}

/** What a manifest.yaml in force refers to, once the user has allowed that name for that host. */
export class ManifestCredentials implements CredentialSource {
  readonly #options: ManifestCredentialsOptions;
  readonly #clouds = new Map<string, CredentialSource>();

  constructor(options: ManifestCredentialsOptions) {
    this.#options = options;
  }

  /** @throws OciError MISSING_CREDENTIAL for half a secret, or what the cloud says; FILE_NOT_READABLE */
  async credentialFor(registry: string, options?: CredentialOptions): Promise<Credential | undefined> {
    const manifest = this.#options.manifests.find(registry);
    return manifest && (await this.#sourceOf(manifest)?.credentialFor(registry, options));
  }

  /** Whether a manifest.yaml in force says how the registry is signed in to. */
  isAbout(registry: string): boolean {
    return this.#options.manifests.find(registry) !== undefined;
  }

  /** Whether the file wants the registry to be asked without any credential. */
  isAnonymous(registry: string): boolean {
    return this.#options.manifests.find(registry)?.config.auth.type === 'anonymous';
  }

  /** Whether the file wants an identity in Amazon's cloud for the registry. */
  isAmazon(registry: string): boolean {
    const manifest = this.#options.manifests.find(registry);
    return manifest !== undefined && cloudOf(manifest.config) === 'aws';
  }

  /**
   * For when nobody knows a credential.
   * @throws OciError MISSING_CREDENTIAL when the file asks for one
   */
  demand(registry: string): void {
    const manifest = this.#options.manifests.find(registry);
    const secret = manifest && secretIn(manifest);
    if (manifest === undefined || secret === undefined) return;
    const reference = formatSecretReference(secret.reference);
    const { source } = secret.reference;
    const { name } = manifest;
    const variables = source === 'env' ? `; ${l10n.t('{0} would do', variablesOf(secret.reference, secret.type))}` : '';
    const reason = isSourceReadable(source, this.#backends)
      ? l10n.t(
          '{0} asks for it at {1}, and it is not there, or you have not allowed it yet (Retry asks){2}',
          name,
          registry,
          variables,
        )
      : l10n.t(
          '{0} asks for it at {1}, and {2} is not available here: set it in the registry\'s row with "Set Secret", or sign in',
          name,
          registry,
          source,
        );
    throw new OciError('MISSING_CREDENTIAL', `no secret ${reference}`, { reference, reason, registry });
  }

  get #backends(): Readonly<Record<string, SecretsBackend>> {
    return this.#options.backends?.() ?? {};
  }

  #sourceOf(manifest: WorkspaceManifest): CredentialSource | undefined {
    const { registry } = manifest.place;
    const { references, environment } = this.#options;
    const secret = secretIn(manifest);
    if (secret !== undefined) {
      const { reference, type } = secret;
      const kept = { [reference.source]: references.backendFor(reference) };
      // What the user has typed in for it comes first.
      const sources = [kept, this.#backends].map((backends) =>
        secretCredentials(reference, { type, environment, backends }),
      );
      return references.sourceFor(reference, registry, chain(...sources));
    }
    const by = manifest.config.auth.type;
    const cloud = cloudOf(manifest.config);
    if (cloud === undefined) return undefined;
    // An identity is used like a secret, and so is asked about like one.
    return references.sourceFor({ source: 'cloud', name: by }, registry, this.#cloud({ cloud, by }));
  }

  /** What a cloud gave is kept until it ends. */
  #cloud(chosen: { readonly cloud: Cloud; readonly by: string }): CredentialSource {
    const source = this.#clouds.get(chosen.by) ?? this.#options.cloud(chosen);
    this.#clouds.set(chosen.by, source);
    return source;
  }
}

/** The secret that a manifest.yaml refers to, and what it has to make. */
export function secretIn({
  config: { auth },
}: WorkspaceManifest): { readonly reference: SecretReference; readonly type: 'basic' | 'token' } | undefined {
  const { type, credentials_ref: reference } = auth;
  return reference && (type === 'basic' || type === 'token') ? { reference, type } : undefined;
}
