import * as z from 'zod/mini';
import { isToken } from '../credentials/credentials.ts';
import { OciError } from '../errors.ts';
import { boundedBody } from './boundedBody.ts';
import { proxyRefused } from './proxies.ts';
import { quotable, redactUrl } from './redact.ts';
import { invalidResponse } from './responseError.ts';
import type { HttpRequest, HttpResponse } from './transport.ts';

/** What a token server gave us, to be sent as `Bearer`. */
export interface Token {
  readonly value: string;
  /** What it was asked for; the server may have granted less. */
  readonly scopes: readonly string[];
  /** Milliseconds from its arrival on, with a margin for the request that is about to use it. */
  readonly freshFor: number;
  /** What the token server wants to see the next time in the place of the identity token. */
  readonly refreshToken?: string;
}

/** Real answers have some kilobytes; other clients stop at 64 or 128 KiB. */
const MAX_TOKEN_RESPONSE = 64 * 1024;

/** What a token that says nothing lives. https://distribution.github.io/distribution/spec/auth/token/ */
const DEFAULT_LIFETIME = 60_000;
/** What a token itself may claim to live when its server says nothing: it is not ours to verify. */
const MAX_CLAIMED_LIFETIME = 3_600_000;
/** A token is not used in the last 30 seconds, or the last fifth of a short life: an upload must start within it. */
const MAX_MARGIN = 30_000;
const MARGIN = 0.2;

const TokenResponse = z.object({
  token: z.optional(z.nullable(z.string())),
  access_token: z.optional(z.nullable(z.string())),
  expires_in: z.optional(z.unknown()),
  issued_at: z.optional(z.unknown()),
  refresh_token: z.optional(z.unknown()),
});

/**
 * The token in the answer of a token server.
 * @param wanted the registry, for messages, and what was asked for
 * @throws OciError UNAUTHORIZED, DENIED, REDIRECT_REFUSED, REGISTRY_UNAVAILABLE, INVALID_RESPONSE, LIMIT_EXCEEDED
 */
export async function tokenIn(
  response: HttpResponse,
  request: HttpRequest,
  wanted: { readonly registry: string; readonly scopes: readonly string[] },
): Promise<Token> {
  const text = await textOf(response);
  if (response.status !== 200) throw refusal(wanted.registry, request, response, text);
  const parsed = TokenResponse.safeParse(jsonIn(text));
  const value = parsed.data?.token || parsed.data?.access_token;
  if (!value || !isToken(value)) throw invalidResponse(response, request, 'the token server sent no usable token');
  const refreshToken = parsed.data?.refresh_token;
  return {
    value,
    scopes: wanted.scopes,
    freshFor: freshFor(value, parsed.data, Date.now()),
    ...(typeof refreshToken === 'string' && refreshToken !== '' && { refreshToken }),
  };
}

type Lifetime = Pick<z.infer<typeof TokenResponse>, 'expires_in' | 'issued_at'> | undefined;

/** `issued_at` counts only where it can be true by our clock; otherwise the token is as old as its arrival. */
function freshFor(token: string, response: Lifetime, now: number): number {
  const seconds = Number(response?.expires_in);
  const lifetime = seconds > 0 ? seconds * 1000 : claimedLifetime(token, now);
  const issued = Date.parse(String(response?.issued_at));
  const age = issued >= now - lifetime && issued <= now ? now - issued : 0;
  return lifetime - age - Math.min(MAX_MARGIN, lifetime * MARGIN);
}

const Claims = z.object({ exp: z.number() });

/** What a JSON web token says of its end, where its server says nothing; it may lengthen the default, never shorten it. */
function claimedLifetime(token: string, now: number): number {
  const [, payload = ''] = token.split('.');
  const claims = Claims.safeParse(jsonIn(Buffer.from(payload, 'base64url').toString('utf8')));
  const claimed = claims.success ? claims.data.exp * 1000 - now : 0;
  return Math.max(DEFAULT_LIFETIME, Math.min(claimed, MAX_CLAIMED_LIFETIME));
}

function refusal(registry: string, request: HttpRequest, response: HttpResponse, text: string): OciError {
  const { status } = response;
  if (status >= 300 && status < 400) {
    const to = quotable(response.headers.get('location') ?? '');
    const details = { from: redactUrl(request.url), to, reason: 'a token server must not redirect' };
    return new OciError('REDIRECT_REFUSED', `${details.from}: ${details.reason}`, details);
  }
  const said = messageIn(text);
  const reason = `the token server ${request.url.host} answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 401) return new OciError('UNAUTHORIZED', `${registry}: ${reason}`, { registry, reason });
  if (status === 403) return new OciError('DENIED', `${registry}: ${reason}`, { registry, reason });
  if (status === 407) return proxyRefused(registry, null, status);
  if (status === 408 || status === 429 || status >= 500) {
    return new OciError('REGISTRY_UNAVAILABLE', `${registry}: ${reason}`, { registry, reason, status });
  }
  return invalidResponse(response, request, reason);
}

const RefusalMessage = z.object({
  errors: z.optional(z.array(z.object({ message: z.optional(z.string()) }))),
  details: z.optional(z.string()),
  message: z.optional(z.string()),
});

/** What the token server says, where it says it in one of the usual forms; a page of HTML is no message. */
function messageIn(text: string): string {
  const { errors, details, message } = RefusalMessage.safeParse(jsonIn(text)).data ?? {};
  return quotable(errors?.[0]?.message ?? details ?? message ?? '');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textOf(response: HttpResponse): Promise<string> {
  const details = { what: 'bytes of a token response', limit: MAX_TOKEN_RESPONSE };
  const tooLarge = () =>
    new OciError('LIMIT_EXCEEDED', `${response.url.host}: the answer of the token server is too large`, details);
  return (await boundedBody(response.body, MAX_TOKEN_RESPONSE, tooLarge)).toString('utf8');
}
