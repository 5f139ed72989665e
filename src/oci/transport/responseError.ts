import * as z from 'zod/mini';
import { OciError, type OciErrorDetails, type RegistryErrorEntry } from '../errors.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import { essenceOf } from '../spec/mediaTypes.ts';
import { bodyStart } from './boundedBody.ts';
import { proxyRefused } from './proxies.ts';
import { quotable, redactUrl } from './redact.ts';
import { waitAsked } from './retry.ts';
import type { HttpRequest, HttpResponse } from './transport.ts';
import { isUnavailableStatus } from './unavailable.ts';

/** What a request was about, so that its failure can be told in the user's words. */
export interface RequestSubject {
  /** As the user names it: `docker.io`, not `registry-1.docker.io`. Default: the host of the URL. */
  readonly registry?: string;
  /** `host/name`, for a repository that the registry does not know. */
  readonly repository?: string;
  /** What is absent when the answer is 404. Without it, 404 is a REGISTRY_ERROR. */
  readonly notFound?: OciErrorDetails['NOT_FOUND'];
  /** The manifest that was being written: content unknown to the registry is then what it references. */
  readonly manifest?: Digest;
}

/**
 * The error that an answer outside the expected statuses stands for. Reads the body, as far as needed, and gives the
 * connection back.
 *
 * 401 UNAUTHORIZED · 403 DENIED · 407 PROXY_REFUSED · 404 NOT_FOUND · 405, 501 or the spec's UNSUPPORTED: UNSUPPORTED · 408, 429, 5xx
 * REGISTRY_UNAVAILABLE · a manifest's missing content MISSING_REFERENCE · an unexpected 2xx INVALID_RESPONSE · the rest
 * REGISTRY_ERROR
 */
export async function responseError(
  response: HttpResponse,
  request: HttpRequest,
  subject: RequestSubject = {},
): Promise<OciError> {
  const { status } = response;
  const { errors, digests } = await readErrors(response);
  const url = redactUrl(request.url);
  const registry = subject.registry ?? request.url.host;
  const codes = new Set(errors.map(({ code }) => code));
  const reason = errors.length === 0 ? `status ${status}` : errors.map(sentence).join('; ');
  const message = `${request.method} ${url} was answered with ${status}${errors.length === 0 ? '' : `: ${reason}`}`;

  if (status >= 200 && status < 300) {
    const unexpected = `status ${status} is not an answer to this request`;
    return new OciError('INVALID_RESPONSE', message, { method: request.method, url, status, reason: unexpected });
  }
  if (subject.manifest && status < 500 && (codes.has('MANIFEST_BLOB_UNKNOWN') || codes.has('BLOB_UNKNOWN'))) {
    return new OciError('MISSING_REFERENCE', message, { manifest: subject.manifest, missing: digests });
  }
  if (status === 401) return new OciError('UNAUTHORIZED', message, { registry, reason });
  if (status === 403) return new OciError('DENIED', message, { registry, reason });
  // No registry has a say in that: an editor hands over what its proxy answered.
  if (status === 407) return proxyRefused(registry, null, status);
  if (status === 404 && codes.has('NAME_UNKNOWN') && subject.repository !== undefined) {
    return new OciError('NOT_FOUND', message, { kind: 'repository', what: subject.repository });
  }
  if (status === 404 && subject.notFound) return new OciError('NOT_FOUND', message, subject.notFound);
  if (status === 405 || status === 501 || codes.has('UNSUPPORTED')) {
    return new OciError('UNSUPPORTED', message, { what: `${request.method} ${url} (${reason})` });
  }
  if (isUnavailableStatus(status)) {
    const wait = waitAsked(response.headers, Date.now());
    const asked = wait && { retryAfterSeconds: Math.ceil(wait / 1000) };
    return new OciError('REGISTRY_UNAVAILABLE', message, { registry, reason, status, ...asked });
  }
  return new OciError('REGISTRY_ERROR', message, { method: request.method, url, status, errors });
}

/** An answer that the distribution spec does not know. */
export function invalidResponse(
  response: HttpResponse,
  { method, url }: HttpRequest,
  reason: string,
  cause?: unknown,
): OciError<'INVALID_RESPONSE'> {
  const details = { method, url: redactUrl(url), status: response.status, reason };
  return new OciError('INVALID_RESPONSE', `${method} ${details.url}: ${reason}`, details, { cause });
}

/** Room for a sentence about each of some hundred missing blobs; nobody reads more. */
const MAX_BODY = 64 * 1024;
/** As many errors as a person will look at. */
const MAX_ENTRIES = 10;

/** The spec's error body, as lenient as the registries are. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
const entrySchema = z.object({
  code: z.optional(z.union([z.string(), z.number()])),
  message: z.optional(z.nullable(z.string())),
  detail: z.optional(z.unknown()),
});
const bodySchema = z.object({ errors: z.union([z.array(entrySchema), entrySchema]) });

interface ErrorBody {
  readonly errors: readonly RegistryErrorEntry[];
  /** Every digest that the details name. */
  readonly digests: readonly Digest[];
}

async function readErrors(response: HttpResponse): Promise<ErrorBody> {
  const text = await readText(response);
  const parsed = bodySchema.safeParse(jsonOf(text));
  if (!parsed.success) return { errors: textEntry(text, response.headers.get('content-type') ?? ''), digests: [] };
  const entries = Array.isArray(parsed.data.errors) ? parsed.data.errors : [parsed.data.errors];
  return {
    errors: entries.slice(0, MAX_ENTRIES).map(({ code, message }) => ({
      code: quotable(String(code ?? 'UNKNOWN')),
      message: quotable(message ?? ''),
    })),
    digests: [...new Set(entries.flatMap(({ detail }) => digestsIn(textOf(detail))))],
  };
}

/** An HTML page says nothing that fits in a sentence. */
function textEntry(text: string, contentType: string): readonly RegistryErrorEntry[] {
  const message = essenceOf(contentType) === 'text/html' || text.trimStart().startsWith('<') ? '' : quotable(text);
  return message === '' ? [] : [{ code: 'UNKNOWN', message }];
}

/** What is nested too deep to be written names nothing that anybody would read. */
function textOf(detail: unknown): string {
  try {
    return JSON.stringify(detail) ?? '';
  } catch {
    return '';
  }
}

function digestsIn(text: string): readonly Digest[] {
  return [...text.matchAll(/sha(?:256|512):[0-9a-f]+/g)].map(([match]) => match).filter(isDigest);
}

function sentence({ code, message }: RegistryErrorEntry): string {
  return message === '' ? code : `${code}: ${message}`;
}

/** The body, up to the limit. One that breaks off is as none: the status has been said. */
async function readText(response: HttpResponse): Promise<string> {
  try {
    return (await bodyStart(response.body, MAX_BODY)).toString('utf8');
  } catch {
    return '';
  } finally {
    await response.discard();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
