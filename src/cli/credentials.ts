import {
  bound,
  type Credential,
  type CredentialSource,
  chain,
  environmentCredentials,
  formatSecretReference,
  isSourceReadable,
  type LayoutReference,
  type Logger,
  OciError,
  parseRegistryHost,
  type RegistryReference,
  secretCredentials,
  signedInCredentials,
  throwIfAborted,
  variablesOf,
} from '../oci/index.ts';
import { type CheckAllowed, cloudSources } from './clouds.ts';
import type { CliIo } from './io.ts';
import type { GlobalOptions } from './options.ts';
import type { RegistryManifest } from './registryManifest.ts';

type Place = Pick<RegistryReference, 'kind' | 'registry'> | Pick<LayoutReference, 'kind'>;

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
 * The first of: FLOE_REGISTRY_*, the secret that the manifest.yaml refers to, what Docker's or Podman's files have for the
 * registry, and the identity in a cloud that the environment names, or the manifest.yaml asks for; else none. An identity
 * that both name comes before the files. A registry that only a manifest.yaml names which nobody named gets a credential when
 * FLOE_REGISTRY_HOST or a person says so: a cloned repository must not point a secret at a host of its choice.
 * @throws OciError INVALID_ARGUMENT, MISSING_CREDENTIAL when the environment contradicts itself
 */
export function credentialsFor(input: CredentialInput): CredentialSource {
  const { io, logger } = input;
  const own = ownManifest(input);
  const isSuspect = own?.isFoundByDefault === true && !isVouchedFor(input, own);
  let answer: Promise<boolean> | undefined;
  const checkAllowed: CheckAllowed = async (from, registry) => {
    if (!isSuspect) return;
    answer ??= confirmed(io, from, registry);
    const isAllowed = await answer;
    throwIfAborted(io.signal);
    if (!isAllowed) refused(from, registry);
  };
  const clouds = cloudSources(input, own, checkAllowed);
  const sources = chain(
    environmentCredentials(io.env, registriesOf(input)),
    ...(own === undefined ? [] : secretOf(own, io.env)),
    ...clouds.first,
    signedInCredentials({ environment: io.env, logger }),
    ...clouds.last,
  );
  return {
    async credentialFor(registry, options) {
      // Of another registry that the command names, the file says nothing.
      const asked = own?.place.registry === registry ? own : undefined;
      if (asked?.config.auth.type === 'anonymous') return undefined;
      const credential = await sources.credentialFor(registry, options);
      if (credential === undefined) return asked && missing(asked);
      if (asked) await checkAllowed(credential, registry);
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
