import { OciError } from '../errors.ts';
import { checkHop } from './origin.ts';
import { redactUrl } from './redact.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';

/** Storage behind a registry needs one or two; more than this is a mistake or an attack. Browsers stop at 20, Go at 10. */
const MAX_REDIRECTS = 10;

const FOLLOWED_WHEN_READING: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Only these promise that method and body stay what they are. RFC 9110, section 15.4 */
const FOLLOWED_WHEN_WRITING: ReadonlySet<number> = new Set([307, 308]);

/**
 * What may be sent to another origin. By allow-list, because a header that the caller made up may be its key; storage
 * behind signed addresses answers 400 to an `Authorization` besides.
 */
const HEADERS_FOR_OTHERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'content-range',
  'content-type',
  'if-range',
  'range',
  'user-agent',
]);

/**
 * Follows redirects by {@link checkHop}: reads (GET, HEAD) follow every kind, writes follow 307 and 308 with their body
 * opened again. Once the origin has been left, what belonged to it is not sent again, not even on the way back.
 * Another 3xx to a write is the answer.
 * @throws OciError REDIRECT_REFUSED by the policy, for a loop or too many; INVALID_RESPONSE without a usable Location
 */
export function followRedirects(inner: Transport): Transport {
  return { send: (request, options) => follow(inner, request, options), close: () => inner.close() };
}

async function follow(inner: Transport, request: HttpRequest, options?: SendOptions): Promise<HttpResponse> {
  const seen = new Set<string>();
  let hop = request;
  while (true) {
    seen.add(hop.url.href);
    const response = await inner.send(hop, options);
    if (!isFollowed(hop, response)) return response;
    await response.discard();
    const url = locationOf(hop, response);
    const { sameOrigin } = checkHop('redirect', hop.url, url);
    if (seen.has(url.href)) refuse(hop, url, 'it leads in a circle');
    if (seen.size > MAX_REDIRECTS) refuse(hop, url, `there are more than ${MAX_REDIRECTS} redirects`);
    hop = { ...hop, url, ...(!sameOrigin && { headers: headersForOthers(hop.headers) }) };
  }
}

function isFollowed({ method }: HttpRequest, { status }: HttpResponse): boolean {
  const reads = method === 'GET' || method === 'HEAD';
  return (reads ? FOLLOWED_WHEN_READING : FOLLOWED_WHEN_WRITING).has(status);
}

function locationOf({ method, url }: HttpRequest, { status, headers }: HttpResponse): URL {
  const location = headers.get('location') ?? '';
  if (location === '' || !URL.canParse(location, url.href)) {
    const reason = location === '' ? 'a redirect without Location' : 'a redirect whose Location is not an address';
    const details = { method, url: redactUrl(url), status, reason };
    throw new OciError('INVALID_RESPONSE', `${details.url}: ${reason}`, details);
  }
  const target = new URL(location, url);
  target.hash = '';
  return target;
}

function headersForOthers(headers: HttpRequest['headers'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HEADERS_FOR_OTHERS.has(name)));
}

function refuse({ url }: HttpRequest, target: URL, reason: string): never {
  const details = { from: redactUrl(url), to: redactUrl(target), reason };
  throw new OciError('REDIRECT_REFUSED', `redirect from ${details.from} to ${details.to} refused: ${reason}`, details);
}
