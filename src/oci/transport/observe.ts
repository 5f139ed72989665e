import { isOciError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type ActiveSpan, type Facts, silentTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { redactHeaders, redactUrl } from './redact.ts';
import { noteAuthorization } from './sentSecrets.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';

/** Who is told of requests, and by what names. */
export interface ObserveOptions {
  readonly logger: Logger;
  readonly userAgent: string;
  /** Default: nothing is traced or counted. */
  readonly telemetry?: Telemetry;
  /** What a host is known by. Default: itself. */
  readonly nameOf?: (url: URL) => string;
}

/**
 * Names us to the registry, and tells of every hop, redacted: one line at level trace and a span, when its headers or its
 * failure are in, and the bytes of its bodies as they move.
 */
export function observed(inner: Transport, options: ObserveOptions): Transport {
  const { logger, userAgent, telemetry = silentTelemetry, nameOf = ({ host }) => host } = options;
  const isCounted = telemetry !== silentTelemetry;

  const exchange = async (request: HttpRequest, span: ActiveSpan, sendOptions?: SendOptions): Promise<HttpResponse> => {
    const traceparent = span.traceparentFor(request.url.host);
    const headers = { 'user-agent': userAgent, ...request.headers, ...(traceparent && { traceparent }) };
    noteAuthorization(request.headers?.['authorization']);
    const registry = nameOf(request.url);
    const count = (direction: 'upload' | 'download') => (bytes: number) =>
      span.count('floe_oci_transferred_bytes_total', { direction, registry }, bytes);
    const { body } = request;
    const sent = isCounted && body ? { ...body, open: () => counted(body.open(), count('upload')) } : body;
    const named = { ...request, headers, ...(sent && { body: sent }) };
    const started = performance.now();
    const facts = (): Record<string, unknown> => ({
      method: request.method,
      url: redactUrl(request.url),
      headers: redactHeaders(headers),
      ...(body && { bodySize: body.size }),
      milliseconds: Math.round(performance.now() - started),
    });
    try {
      const response = await inner.send(named, sendOptions);
      const { status } = response;
      logger.trace('http_request', { ...facts(), status, responseHeaders: redactHeaders(response.headers) });
      span.set({ 'http.response.status_code': status });
      if (status >= 400) span.fail(String(status));
      return isCounted ? { ...response, body: counted(response.body, count('download')) } : response;
    } catch (error) {
      logger.trace('http_request', { ...facts(), error: isOciError(error) ? error.message : 'failed' });
      throw error;
    }
  };

  const send = (request: HttpRequest, sendOptions?: SendOptions): Promise<HttpResponse> => {
    const facts = isCounted ? { 'oci.registry': nameOf(request.url), ...attributesOf(request, sendOptions) } : {};
    const run = (span: ActiveSpan): Promise<HttpResponse> => exchange(request, span, sendOptions);
    return telemetry.span(request.method, facts, run, { isClient: true });
  };
  return { send, close: () => inner.close() };
}

/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client */
function attributesOf({ method, url, body }: HttpRequest, { resendCount = 0 }: SendOptions = {}): Facts {
  return {
    'http.request.method': method,
    'url.full': redactUrl(url),
    'server.address': url.hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    'http.request.body.size': body?.size,
    'http.request.resend_count': resendCount === 0 ? undefined : resendCount,
  };
}

/** Tells of the bytes when they have passed. */
async function* counted(stream: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    count(chunk.length);
    yield chunk;
  }
}
