import {
  bound,
  type Credential,
  type CredentialSource,
  chain,
  dockerCredentials,
  environmentCredentials,
  formatSecretReference,
  isSourceReadable,
  type LayoutReference,
  type Logger,
  mountedCredentials,
  OciError,
  parseRegistryHost,
  podmanCredentials,
  type RegistryReference,
  secretCredentials,
  throwIfAborted,
  variablesOf,
} from '../oci/index.ts';
import { type CheckAllowed, cloudSources } from './clouds.ts';
import { type CredentialSourceName, sourceOrder } from './credentialSources.ts';
import type { CliIo } from './io.ts';
import type { GlobalOptions } from './options.ts';
import type { RegistryManifest } from './registryManifest.ts';

type Place = Pick<RegistryReference, 'kind' | 'registry'> | Pick<LayoutReference, 'kind'>;

/** What decides which credentials a command has. */
export interface CredentialInput {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  /** What the command was pointed at; of it, the registry counts. */
  readonly named: { readonly reference: Place; readonly also?: readonly Place[] };
  /** Read only when `--config` names it, or nothing else names a registry. */
  readonly manifest: RegistryManifest | undefined;
  readonly logger: Logger;
}

/** The manifest.yaml, if it is about a registry that is named; of another one it has nothing to say. */
export function ownManifest({
  named,
  manifest,
}: Pick<CredentialInput, 'named' | 'manifest'>): RegistryManifest | undefined {
  return registriesIn(named).some((registry) => registry === manifest?.place.registry) ? manifest : undefined;
}

function registriesIn({ reference, also = [] }: CredentialInput['named']): readonly string[] {
  return [reference, ...also].flatMap((place) => (place.kind === 'registry' ? [place.registry] : []));
}

/** The registries that a credential of the environment may be meant for. */
export function registriesOf({ named, manifest }: Pick<CredentialInput, 'named' | 'manifest'>): readonly string[] {
  return [...registriesIn(named), ...(manifest ? [manifest.place.registry] : [])];
}

/**
 * The first that is known to the sources in the order of {@link sourceOrder}; else none. An identity in a cloud that the
 * manifest.yaml asks for comes in the place of the manifest.yaml where the environment names it too; elsewhere, as on a
 * developer's machine, in that of the clouds. A registry that only a manifest.yaml names which nobody named gets a credential
 * when FLOE_REGISTRY_HOST or a person says so: a cloned repository must not point a secret at a host of its choice.
 * @throws OciError INVALID_ARGUMENT, MISSING_CREDENTIAL when the environment contradicts itself; CliError WRONG_USAGE
 */
export function credentialsFor(input: CredentialInput): CredentialSource {
  const { io, options, logger } = input;
  const { names } = sourceOrder(options, io.env);
  const about = ownManifest(input);
  // Who does not ask the file for a credential may still have been led to the registry by it.
  const isSuspect = about?.isFoundByDefault === true && !isVouchedFor(input, about);
  const own = names.includes('manifest') ? about : undefined;
  let answer: Promise<boolean> | undefined;
  const checkAllowed: CheckAllowed = async (from, registry) => {
    if (!isSuspect || registry !== about.place.registry) return;
    answer ??= confirmed(io, from, registry);
    const isAllowed = await answer;
    throwIfAborted(io.signal);
    if (!isAllowed) refused(from, registry);
  };
  const clouds = cloudSources(input, own, checkAllowed);
  const files = { environment: io.env, logger };
  const isEarly = clouds.own !== undefined && (clouds.own.isNamed || !names.includes('cloud'));
  const chosen = clouds.own === undefined ? [] : [clouds.own.source];
  const made: Readonly<Record<CredentialSourceName, () => CredentialSource>> = {
    environment: () => environmentCredentials(io.env, registriesOf(input)),
    manifest: () => chain(...(own === undefined ? [] : secretOf(own, io.env)), ...(isEarly ? chosen : [])),
    docker: () => dockerCredentials(files),
    podman: () => podmanCredentials(files),
    kubernetes: () => mountedCredentials(files),
    cloud: () => chain(...chosen, clouds.others),
  };
  const sources = chain(...names.map((name) => made[name]()));
  return {
    async credentialFor(registry, asking) {
      // Of another registry that the command names, the file says nothing.
      const asked = own?.place.registry === registry ? own : undefined;
      if (asked?.config.auth.type === 'anonymous') return undefined;
      const credential = await sources.credentialFor(registry, asking);
      if (credential === undefined) return asked && missing(asked);
      await checkAllowed(credential, registry);
      return credential;
    },
  };
}

/** What `credentials_ref` leads to, for the registry that the same file names and no other. */
function secretOf(
  { place, config: { auth } }: RegistryManifest,
  environment: CliIo['env'],
): readonly CredentialSource[] {
  const { type, credentials_ref: reference } = auth;
  if (!reference || (type !== 'basic' && type !== 'token')) return [];
  return [bound(secretCredentials(reference, { type, environment }), place.registry)];
}

/** The host is bound to the credential, and the file does not switch off what proves that it is the host. */
function isVouchedFor({ io, options }: CredentialInput, { place, config }: RegistryManifest): boolean {
  const bound = io.env['FLOE_REGISTRY_HOST'];
  const isBound = bound !== undefined && bound !== '' && parseRegistryHost(bound) === place.registry;
  return isBound && (config.tls_verify || options.insecure === true);
}

async function confirmed(
  { confirm }: CliIo,
  { source }: Pick<Credential, 'source'>,
  registry: string,
): Promise<boolean> {
  if (confirm === undefined) return false;
  return confirm(`Only ./manifest.yaml names the registry ${registry}. Send it the credential from ${source}?`);
}

function refused({ source }: Pick<Credential, 'source'>, registry: string): never {
  throw new OciError('MISSING_CREDENTIAL', `the credential from ${source} is not sent to ${registry}`, {
    reference: source,
    reason: `it is not sent to ${registry}, which only ./manifest.yaml names; set FLOE_REGISTRY_HOST=${registry}, or name the registry with -r or --config`,
  });
}

/** What the file asks for and cannot be had; a file that asks for nothing is content with an anonymous request. */
function missing({ place, config: { auth } }: RegistryManifest): never {
  const { type, credentials_ref: secret } = auth;
  const reference = secret ? formatSecretReference(secret) : type;
  const isRead = secret?.source === 'env' && (type === 'basic' || type === 'token');
  const variables = isRead ? variablesOf(secret, type) : 'FLOE_REGISTRY_USERNAME and FLOE_REGISTRY_PASSWORD';
  const unread = secret && !isSourceReadable(secret.source) ? `, and ${secret.source} is not available here` : '';
  throw new OciError('MISSING_CREDENTIAL', `no credential for ${reference}`, {
    reference,
    reason: `manifest.yaml asks for it${unread}; set ${variables}, or sign in with "floe-oci login ${place.registry}"`,
  });
}
