import { OciError } from '../errors.ts';
import { parseRegistryHost } from '../spec/reference.ts';

/** What identifies us to a registry. Held in memory only, and never printed: `source` and `username` are what people are shown. */
export type Credential = BasicCredential | IdentityTokenCredential | RegistryTokenCredential;

interface CredentialOrigin {
  /** Where it comes from, in words: `FLOE_REGISTRY_TOKEN`, `/home/me/.docker/config.json`. */
  readonly source: string;
}

/** A user name and a password: for the registry where it asks for Basic, for its token server where it asks for a token. */
export interface BasicCredential extends CredentialOrigin {
  readonly kind: 'basic';
  readonly username: string;
  readonly password: string;
  /** Somebody signs in: token servers are asked for an identity token too, and what they give is told. */
  readonly onIdentityToken?: (token: string) => void;
}

/** An OAuth2 refresh token, `identitytoken` in Docker's files: for the token server, never for the registry. */
export interface IdentityTokenCredential extends CredentialOrigin {
  readonly kind: 'identityToken';
  /** The user name kept beside the token; some token servers want it. */
  readonly username?: string;
  readonly token: string;
}

/** A token that is sent to the registry as it is, `registrytoken` in Docker's files: for the registry, never for its token server. */
export interface RegistryTokenCredential extends CredentialOrigin {
  readonly kind: 'registryToken';
  readonly username?: string;
  readonly token: string;
}

/** What a credential is looked up for. */
export interface CredentialOptions {
  /** Ends the look-up with CANCELLED. */
  readonly signal?: AbortSignal;
  /** What in the registry it is for: robots of two projects on one host differ. Without it, the registry as a whole. */
  readonly repository?: string;
  /** The last answer was refused: what was remembered may be out of date. Default false. */
  readonly isRefused?: boolean;
  /** Nobody is to be asked for anything: a credential that needs somebody's word first is not given. Default false. */
  readonly isQuiet?: boolean;
}

/** A place that may know a credential. */
export interface CredentialSource {
  /**
   * The credential for exactly this registry, or `undefined` when this place knows none: the request is then anonymous.
   * Asked once per challenge, and again after a refusal.
   * @param registry `host[:port]` as {@link parseRegistryHost} spells it
   * @throws OciError MISSING_CREDENTIAL when one is configured and cannot be had
   */
  credentialFor(registry: string, options?: CredentialOptions): Promise<Credential | undefined>;
}

/** Never a credential. */
export const anonymous: CredentialSource = { credentialFor: async () => undefined };

/** The first source that knows one decides; the others are not asked. */
export function chain(...sources: readonly CredentialSource[]): CredentialSource {
  return {
    async credentialFor(registry, options) {
      for (const source of sources) {
        const credential = await source.credentialFor(registry, options);
        if (credential !== undefined) return credential;
      }
      return undefined;
    },
  };
}

/**
 * What a source knows, for one registry alone: an equal host and port, never a part of a name. Docker Hub's names are one
 * registry.
 * @throws OciError INVALID_REFERENCE when `registry` is none
 */
export function bound(source: CredentialSource, registry: string): CredentialSource {
  const own = parseRegistryHost(registry);
  return {
    credentialFor: async (asked, options) =>
      parseRegistryHost(asked) === own ? source.credentialFor(asked, options) : undefined,
  };
}

/** One credential for one registry. @throws as {@link bound} */
export function fixed(credential: Credential, registry: string): CredentialSource {
  return bound({ credentialFor: async () => credential }, registry);
}

/** A credential as a log may show it: where it comes from and whose it is. */
export function describeCredential(credential: Credential): { readonly source: string; readonly username?: string } {
  const { source, username } = credential;
  // Some services take the token as a user name, with nothing or a fixed word as the password.
  const isSecret = credential.kind === 'basic' && /^(x-oauth-basic)?$/.test(credential.password);
  return { source, ...(username !== undefined && { username: isSecret ? '***' : username }) };
}

/**
 * The credential as the value of an `Authorization` header.
 * @throws OciError INVALID_ARGUMENT when the user name cannot be sent by RFC 7617: it has a colon or a control character
 */
export function basicAuthorization({ username, password, source }: Omit<BasicCredential, 'kind'>): string {
  if (username.includes(':') || hasControl(username) || hasControl(password)) {
    throw new OciError('INVALID_ARGUMENT', `the credential from ${source} cannot be sent`, {
      argument: username.includes(':') || hasControl(username) ? 'username' : 'password',
      value: '***',
      accepted: 'a user name without colon, and no control characters (a line break at the end?) in either',
    });
  }
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/**
 * The token as the value of an `Authorization` header.
 * @throws OciError INVALID_ARGUMENT when it holds what cannot stand in a header
 */
export function bearerAuthorization({ token, source }: RegistryTokenCredential): string {
  if (!isToken(token)) {
    throw new OciError('INVALID_ARGUMENT', `the credential from ${source} cannot be sent`, {
      argument: 'token',
      value: '***',
      accepted: 'printable ASCII characters without spaces (a line break at the end?)',
    });
  }
  return `Bearer ${token}`;
}

/** Whether a text can stand in a header as a token; what else a server sends would end the header, or be mangled in it. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
