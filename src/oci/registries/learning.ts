import { essenceOf, MediaType } from '../spec/mediaTypes.ts';
import { isRegistryUrl } from '../transport/origin.ts';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.ts';
import type { Capabilities, Fingerprint } from './capabilities.ts';
import { providerByHeaders } from './detect.ts';
import { type RateLimit, rateLimitOf } from './rateLimit.ts';

/** Told what is left of a limit, and by which host. */
export type LimitListener = (url: URL, limit: RateLimit) => void;

/**
 * Looks at every answer of a registry for what it shows of the registry's abilities, without a request of its own. Answers
 * of other hosts, to which a redirect led, show nothing; those of its API on another host show that host's limit.
 * @param onLimit told of each answer that says what is left
 */
export function learning(inner: Transport, fingerprint: Fingerprint, onLimit: LimitListener = () => {}): Transport {
  return {
    async send(request, options) {
      const response = await inner.send(request, options);
      if (response.url.origin !== request.url.origin) return response;
      const { rateLimit, ...shown } = shownBy(request, response);
      const isOwn = isRegistryUrl(fingerprint.registry, request.url);
      const limits = rateLimit && (isOwn ? { rateLimit } : { apiRateLimit: rateLimit });
      fingerprint.learn({ ...(isOwn && shown), ...limits });
      if (rateLimit) onLimit(request.url, rateLimit);
      return response;
    },
    close: () => inner.close(),
  };
}

/** What one answer shows. A 401, a 403, a 404 of content and a 5xx show nothing about abilities. */
function shownBy(request: HttpRequest, response: HttpResponse, now: number = Date.now()): Capabilities {
  const provider = providerByHeaders(response.headers);
  const rateLimit = rateLimitOf(response.headers, now);
  return { ...(provider && { provider }), ...(rateLimit && { rateLimit }), ...abilitiesShown(request, response) };
}

function abilitiesShown(request: HttpRequest, response: HttpResponse): Capabilities {
  const { pathname } = request.url;
  if (/^\/v2\/.+\/referrers\/[^/]+$/.test(pathname)) return referrersShown(response);
  if (/^\/v2\/.+\/manifests\/[^/]+$/.test(pathname)) return manifestShown(request, response);
  if (/^\/v2\/.+\/blobs\/uploads(?:\/|$)/.test(pathname)) return uploadShown(request, response);
  if (/^\/v2\/.+\/blobs\/[^/]+$/.test(pathname)) return blobShown(request, response);
  return {};
}

function referrersShown({ status, headers }: HttpResponse): Capabilities {
  const isIndex = essenceOf(headers.get('content-type') ?? '') === MediaType.imageIndex;
  if (status === 200 && isIndex) return { referrersApi: true };
  // Whether a 404 is about the API or about content, its body says: see remote/referrersApi.
  return status === 405 ? { referrersApi: false } : {};
}

function manifestShown(
  { method, url, headers: sent = {} }: HttpRequest,
  { status, headers }: HttpResponse,
): Capabilities {
  if (method === 'DELETE') {
    const isTag = !url.pathname.slice(url.pathname.lastIndexOf('/')).includes(':');
    const can = status >= 200 && status < 300 ? true : status === 405 || (isTag && status === 400) ? false : undefined;
    return can === undefined ? {} : isTag ? { tagDeletion: can } : { manifestDeletion: can };
  }
  if (method === 'PUT') {
    const isConditional = sent['if-match'] !== undefined || sent['if-none-match'] !== undefined;
    return {
      ...(status === 201 && headers.has('oci-subject') && { referrersApi: true }),
      ...(isConditional && status === 412 && { conditionalWrites: true }),
    };
  }
  return status === 304 ? { conditionalReads: true } : {};
}

function uploadShown({ method, url }: HttpRequest, { status, headers }: HttpResponse): Capabilities {
  const minChunkSize = Number(headers.get('oci-chunk-min-length') ?? Number.NaN);
  return {
    ...(Number.isSafeInteger(minChunkSize) && minChunkSize > 0 && { minChunkSize }),
    // A mount that was not done may be about rights, or about a blob that is not there.
    ...(method === 'POST' && url.searchParams.has('mount') && status === 201 && { mount: true }),
    ...(method === 'PATCH' && status === 202 && { chunkedUploads: true }),
    ...(method === 'PATCH' && status === 405 && { chunkedUploads: false }),
  };
}

function blobShown({ method, url, headers: sent = {} }: HttpRequest, { status }: HttpResponse): Capabilities {
  return {
    ...(method === 'GET' && sent['range'] !== undefined && status === 206 && { ranges: true }),
    ...(status === 200 && url.pathname.includes('/blobs/sha512:') && { sha512: true }),
  };
}
