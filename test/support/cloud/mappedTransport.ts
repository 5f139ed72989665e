import type { HttpRequest, Transport } from '../../../src/oci/transport/transport.ts';

/**
 * Requests to hosts that only a cloud has, answered by servers of the test: to whom the request goes is decided by its
 * address, and the answer is as if it came from there.
 */
export function mappedTransport(inner: Transport, originOf: (url: URL) => string): Transport {
  return {
    async send(request: HttpRequest, options) {
      const url = new URL(request.url.pathname + request.url.search, originOf(request.url));
      return { ...(await inner.send({ ...request, url }, options)), url: request.url };
    },
    close: () => inner.close(),
  };
}
