import { type BasicCredential, basicAuthorization, type IdentityTokenCredential } from '../credentials/credentials.ts';
import { OciError } from '../errors.ts';
import type { BearerChallenge } from './challenge.ts';
import { checkHop } from './origin.ts';
import { checkPin, keepPin, type RealmPins } from './realmPins.ts';
import { quotable, redactUrl } from './redact.ts';
import type { RenewedTokens } from './renewedTokens.ts';
import { noteSent } from './sentSecrets.ts';
import { type Token, tokenIn } from './tokenResponse.ts';
import type { HttpRequest, Transport } from './transport.ts';

/** What a token server takes. */
export type TokenCredential = BasicCredential | IdentityTokenCredential;

/** What a token server is asked for, and on whose word. */
export interface TokenRequest {
  /** Host of the registry, for messages and pins. */
  readonly registry: string;
  /** Address that answered with the challenge. */
  readonly challengedAt: URL;
  readonly challenge: BearerChallenge;
  readonly scopes: readonly string[];
  /** Without it the token is anonymous. */
  readonly credential: TokenCredential | undefined;
  readonly pins: RealmPins;
  /** Where renewed identity tokens are kept. */
  readonly renewed: RenewedTokens;
  readonly signal: AbortSignal;
}

/** Names us to token servers that keep statistics or policies by client. */
const CLIENT_ID = 'floe-oci';

/** How servers answer to a POST that they do not know, besides how they refuse one that they do. */
const POST_NOT_TAKEN: ReadonlySet<number> = new Set([400, 401, 404, 405]);

/** The user name that goes with an identity token where there is none; that of Azure, which documents one. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Asks the token server named by a challenge for a token: by POST with an identity token, by GET with user name and
 * password, without a credential, and where a server does not take the POST.
 * https://distribution.github.io/distribution/spec/auth/token/ and …/oauth/
 * @throws OciError REDIRECT_REFUSED when the realm, or a redirect from it, leads where no request of ours may go;
 *   REALM_REFUSED when the credential may not go there; UNAUTHORIZED or DENIED when it refuses; REGISTRY_UNAVAILABLE;
 *   INVALID_RESPONSE; LIMIT_EXCEEDED
 */
export async function fetchToken(transport: Transport, wanted: TokenRequest): Promise<Token> {
  const { registry, challengedAt, credential, pins } = wanted;
  const realm = realmOf(wanted);
  if (credential !== undefined) await checkPin(pins, registry, challengedAt, realm);
  const token = await askForToken(transport, realm, wanted);
  if (credential !== undefined) await keepPin(pins, registry, challengedAt, realm);
  return token;
}

async function askForToken(transport: Transport, realm: URL, wanted: TokenRequest): Promise<Token> {
  const { credential, renewed } = wanted;
  if (credential?.kind !== 'identityToken') return askByGet(transport, realm, wanted, credential);
  for (;;) {
    const current = renewed.of(credential, realm);
    const request = postRequest(realm, wanted, current);
    const response = await transport.send(request, { signal: wanted.signal });
    if (!POST_NOT_TAKEN.has(response.status)) {
      const token = await tokenIn(response, request, wanted);
      renewed.keep(credential, realm, token.refreshToken);
      return token;
    }
    await response.discard();
    // Another request may have used it up meanwhile, and a new one is there.
    if (renewed.of(credential, realm).token !== current.token) continue;
    return askByGet(transport, realm, wanted, basicOf(current));
  }
}

async function askByGet(
  transport: Transport,
  realm: URL,
  wanted: TokenRequest,
  credential: BasicCredential | undefined,
): Promise<Token> {
  const request = getRequest(realm, wanted, credential);
  const token = await tokenIn(await transport.send(request, { signal: wanted.signal }), request, wanted);
  if (token.refreshToken !== undefined) credential?.onIdentityToken?.(token.refreshToken);
  return token;
}

/** @throws OciError REDIRECT_REFUSED */
function realmOf({ challengedAt, challenge }: TokenRequest): URL {
  const url = URL.canParse(challenge.realm, challengedAt.href) ? new URL(challenge.realm, challengedAt) : undefined;
  if (url === undefined || url.hash !== '') {
    const reason = url === undefined ? 'the realm is no address' : 'the realm has a fragment';
    const details = { from: redactUrl(challengedAt), to: quotable(challenge.realm), reason };
    throw new OciError('REDIRECT_REFUSED', `${details.from}: ${reason}`, details);
  }
  checkHop('realm', challengedAt, url);
  return url;
}

function getRequest(realm: URL, wanted: TokenRequest, credential: BasicCredential | undefined): HttpRequest {
  const { challenge, scopes } = wanted;
  const url = new URL(realm);
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  url.searchParams.set('client_id', CLIENT_ID);
  if (credential !== undefined) url.searchParams.set('account', credential.username);
  // Not without need: there are servers whose tokens are of no use then.
  if (credential?.onIdentityToken !== undefined) url.searchParams.set('offline_token', 'true');
  const authorization = credential && { authorization: basicAuthorization(credential) };
  return { method: 'GET', url, headers: { accept: 'application/json', ...authorization } };
}

function postRequest(realm: URL, wanted: TokenRequest, { token }: IdentityTokenCredential): HttpRequest {
  const { challenge, scopes } = wanted;
  noteSent(token);
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: CLIENT_ID, refresh_token: token });
  if (challenge.service !== undefined) form.set('service', challenge.service);
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  const bytes = Buffer.from(form.toString());
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: new URL(realm), headers, body: { size: bytes.length, open } };
}

/** The identity token in the place of a password, as servers without OAuth2 take it. */
function basicOf({ username = NOBODY, token, source }: IdentityTokenCredential): BasicCredential {
  return { kind: 'basic', username, password: token, source };
}
