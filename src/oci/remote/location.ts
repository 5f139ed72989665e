import type { Digest } from '../spec/digest.ts';
import { checkHop } from '../transport/origin.ts';
import { invalidResponse } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse } from '../transport/transport.ts';

/**
 * Where an upload goes on: relative to what answered, or absolute, also on another origin (which the transport gives no
 * credentials).
 * @throws OciError INVALID_RESPONSE, REDIRECT_REFUSED by the origin policy
 */
export function locationOf(response: HttpResponse, request: HttpRequest): URL {
  const location = response.headers.get('location');
  if (location === undefined) throw invalidResponse(response, request, 'an upload was begun without a Location');
  if (!URL.canParse(location, response.url.href)) throw invalidResponse(response, request, 'Location is not a URL');
  const url = new URL(location, response.url);
  checkHop('location', response.url, url);
  return url;
}

/**
 * The session's URL with the digest that ends it. The query is the registry's own and stays as it is, byte for byte.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
 */
export function withDigest(session: URL, digest: Digest): URL {
  const url = new URL(session);
  url.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${digest}`;
  return url;
}
