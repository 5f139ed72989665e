import * as z from 'zod/mini';
import { OciError } from '../../errors.ts';
import type { IssuedCredential } from './renewedCredentials.ts';

/** Sends a form and resolves with the answer; it follows no redirect. */
export type PostForm = (
  url: URL,
  form: URLSearchParams,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly text: string }>;

/** A token of Azure, for {@link exchangeForAcr}. */
export interface AccessToken {
  readonly token: string;
  /** Where it comes from, in words. */
  readonly source: string;
}

/** Milliseconds. What a refresh token lives that does not say it. https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md */
const DEFAULT_LIFETIME = 3 * 3_600_000;

/** The user name that Azure documents for its tokens. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const Exchanged = z.object({ refresh_token: z.string().check(z.minLength(1)) });
const Refusal = z.object({
  errors: z.array(z.object({ code: z.optional(z.string()), message: z.optional(z.string()) })),
});
const Claims = z.object({ exp: z.number() });

/**
 * Exchanges a token of Azure for a refresh token of one registry, with which its token server gives access.
 * https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md#calling-post-oauth2exchange-to-get-an-acr-refresh-token
 * @param host the registry's; no token of Azure goes to any other
 * @throws OciError UNAUTHORIZED, DENIED, REGISTRY_UNAVAILABLE, INVALID_RESPONSE, and what `post` throws
 */
export async function exchangeForAcr(
  host: string,
  { token, source }: AccessToken,
  post: PostForm,
  signal: AbortSignal,
): Promise<IssuedCredential> {
  const url = new URL(`https://${host}/oauth2/exchange`);
  const form = new URLSearchParams({ grant_type: 'access_token', service: host, access_token: token });
  const { status, text } = await post(url, form, signal);
  if (status !== 200) throw refusal(host, status, text);
  const exchanged = Exchanged.safeParse(jsonIn(text));
  if (!exchanged.success) throw unexpected(url, status, 'it has no refresh_token');
  const refreshToken = exchanged.data.refresh_token;
  return {
    credential: { kind: 'identityToken', username: NOBODY, token: refreshToken, source },
    expiresAt: endOf(refreshToken),
  };
}

/** A refresh token is a JSON web token. Whoever issued it verifies it; here only its end is read. */
function endOf(refreshToken: string): number {
  const [, payload = ''] = refreshToken.split('.');
  const claims = Claims.safeParse(jsonIn(Buffer.from(payload, 'base64url').toString('utf8')));
  return claims.success ? claims.data.exp * 1000 : Date.now() + DEFAULT_LIFETIME;
}

function refusal(registry: string, status: number, text: string): OciError {
  const [first] = Refusal.safeParse(jsonIn(text)).data?.errors ?? [];
  const said = [first?.code, first?.message]
    .filter(Boolean)
    .join(': ')
    .replace(/\p{C}+/gu, ' ')
    .slice(0, 300);
  const reason = `the exchange of the Azure token was answered ${status}${said === '' ? '' : `: ${said}`}`;
  const message = `${registry}: ${reason}`;
  if (status === 401) return new OciError('UNAUTHORIZED', message, { registry, reason });
  if (status === 403) return new OciError('DENIED', message, { registry, reason });
  if (status === 408 || status === 429 || status >= 500) {
    return new OciError('REGISTRY_UNAVAILABLE', message, { registry, reason, status });
  }
  return unexpected(new URL(`https://${registry}/oauth2/exchange`), status, reason);
}

function unexpected({ href }: URL, status: number, reason: string): OciError<'INVALID_RESPONSE'> {
  return new OciError('INVALID_RESPONSE', `${href}: ${reason}`, { method: 'POST', url: href, status, reason });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
