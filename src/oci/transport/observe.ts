import { isOciError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { redactHeaders, redactUrl } from './redact.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';

/** Names us to the registry and writes one line per hop at level trace, redacted, when its headers or its failure are in. */
export function observed(inner: Transport, { logger, userAgent }: { logger: Logger; userAgent: string }): Transport {
  const send = async (request: HttpRequest, options?: SendOptions): Promise<HttpResponse> => {
    const named = { ...request, headers: { 'user-agent': userAgent, ...request.headers } };
    const started = performance.now();
    const facts = (): Record<string, unknown> => ({
      method: request.method,
      url: redactUrl(request.url),
      headers: redactHeaders(named.headers),
      ...(request.body && { bodySize: request.body.size }),
      milliseconds: Math.round(performance.now() - started),
    });
    try {
      const response = await inner.send(named, options);
      logger.trace('http_request', {
        ...facts(),
        status: response.status,
        responseHeaders: redactHeaders(response.headers),
      });
      return response;
    } catch (error) {
      logger.trace('http_request', { ...facts(), error: isOciError(error) ? error.message : 'failed' });
      throw error;
    }
  };
  return { send, close: () => inner.close() };
}
