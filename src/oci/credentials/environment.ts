import { OciError } from '../errors.ts';
import { parseRegistryHost } from '../spec/reference.ts';
import { anonymous, type Credential, type CredentialSource, fixed } from './credentials.ts';

/** Variables, as in `process.env`. An empty one counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The user name that goes with a token where a registry wants both; registries that take tokens ignore it. */
export const TOKEN_USERNAME = '__token__';

/**
 * The credential in FLOE_REGISTRY_TOKEN, or in FLOE_REGISTRY_USERNAME with FLOE_REGISTRY_PASSWORD.
 *
 * It goes to FLOE_REGISTRY_HOST; without that to the one registry that the command names. A secret never goes to a
 * registry that merely happened to be asked.
 *
 * @param registries every registry the command names, by itself or through its manifest.yaml
 * @throws OciError INVALID_ARGUMENT when both forms are set, when the host is none, or when it is not clear which
 *   registry is meant; MISSING_CREDENTIAL when one of user name and password is absent
 */
export function environmentCredentials(environment: Environment, registries: readonly string[]): CredentialSource {
  const credential = credentialIn(environment);
  if (credential === undefined) return anonymous;
  const registry = registryOf(environment, registries);
  return registry === undefined ? anonymous : fixed(credential, registry);
}

/** Where the secrets of one registry may go, besides that registry. */
export interface EnvironmentRealm {
  readonly registry: string;
  /** `https://auth.example` */
  readonly origin: string;
}

/**
 * The token server in FLOE_REGISTRY_REALM, for the same registry as {@link environmentCredentials}.
 * @throws OciError INVALID_ARGUMENT when it is no address, or when it is not clear which registry is meant
 */
export function environmentRealm(
  environment: Environment,
  registries: readonly string[],
): EnvironmentRealm | undefined {
  const realm = environment['FLOE_REGISTRY_REALM'];
  const registry = realm ? registryOf(environment, registries) : undefined;
  if (!realm || registry === undefined) return undefined;
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return fail('FLOE_REGISTRY_REALM', '***', 'the address of a token server, such as https://auth.example.com');
  }
  return { registry, origin: url.origin };
}

/** The one registry that the variables are about: that of FLOE_REGISTRY_HOST, else the only one that is named. */
function registryOf(environment: Environment, registries: readonly string[]): string | undefined {
  const bound = environment['FLOE_REGISTRY_HOST'];
  if (bound) return hostIn(bound);
  const named = new Set(registries.map((registry) => parseRegistryHost(registry)));
  if (named.size <= 1) return [...named][0];
  return fail('FLOE_REGISTRY_HOST', 'not set', `one of ${[...named].join(', ')}: several registries are named`);
}

function credentialIn(environment: Environment): Credential | undefined {
  const token = environment['FLOE_REGISTRY_TOKEN'];
  const username = environment['FLOE_REGISTRY_USERNAME'];
  const password = environment['FLOE_REGISTRY_PASSWORD'];
  if (token) {
    if (username || password) {
      return fail('FLOE_REGISTRY_TOKEN', 'set', 'either a token, or a user name and a password');
    }
    return { kind: 'basic', username: TOKEN_USERNAME, password: token, source: 'FLOE_REGISTRY_TOKEN' };
  }
  if (!username && !password) return undefined;
  if (!username) return missing('FLOE_REGISTRY_USERNAME', 'FLOE_REGISTRY_PASSWORD');
  if (!password) return missing('FLOE_REGISTRY_PASSWORD', 'FLOE_REGISTRY_USERNAME');
  return { kind: 'basic', username, password, source: 'FLOE_REGISTRY_USERNAME' };
}

function hostIn(bound: string): string {
  try {
    return parseRegistryHost(bound);
  } catch {
    return fail('FLOE_REGISTRY_HOST', bound, 'a registry host such as registry.example.com or localhost:5000');
  }
}

function missing(absent: string, present: string): never {
  throw new OciError('MISSING_CREDENTIAL', `${present} is set without ${absent}`, {
    reference: absent,
    reason: `${present} is set without it`,
  });
}

function fail(argument: string, value: string, accepted: string): never {
  throw new OciError('INVALID_ARGUMENT', `${argument} is ${value}; accepted: ${accepted}`, {
    argument,
    value,
    accepted,
  });
}
