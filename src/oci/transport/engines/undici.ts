import { Readable } from 'node:stream';
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from 'undici';
import { type ProxyServer, proxyFor } from '../proxies.ts';
import type { ConnectionOptions, HttpRequest, HttpResponse, Transport } from '../transport.ts';
import { connectSecondsOf, Exchange } from './exchange.ts';
import { guardedLookup } from './guardedLookup.ts';
import { secureContextOf } from './trust.ts';

/**
 * One hop over an undici of our own, with its own connections: it shares nothing with whoever runs us. Proxies come from
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY; one that is no address fails each request that would go through it.
 * @throws OciError INVALID_ARGUMENT when a certificate or key is not usable PEM, or one of cert and key is missing
 */
export function createUndiciTransport(connection: ConnectionOptions): Transport {
  const secureContext = secureContextOf(connection);
  const { registryHost } = connection;
  const names = registryHost === undefined ? {} : { lookup: guardedLookup(registryHost) };
  // Our timer ends the request, well before this one, which clears away the connection that nobody waits for any more.
  const timeout = 2 * connectSecondsOf(connection) * 1000;
  const tls = (): buildConnector.BuildOptions => ({
    secureContext: secureContext(),
    rejectUnauthorized: connection.insecure !== true,
    timeout,
    // Each blob has a connection, and its flow control, to itself; so counting requests is counting connections.
    allowH2: false,
    ...names,
  });
  const plain = buildConnector({ timeout, ...names });
  // Made at the first TLS connection: gathering the system's certificates takes longer than a plain request.
  let secure: buildConnector.connector | undefined;
  const connect: buildConnector.connector = (options, callback) => {
    if (options.protocol === 'http:') return plain(options, callback);
    secure ??= buildConnector(tls());
    secure(options, callback);
  };
  // Silence is measured by the exchange, for all engines alike.
  const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
  const direct = new Agent({ ...timeouts, connect });
  const proxied = new Map<string, ProxyAgent>();
  /** Nothing of the registry's own is shown to a proxy; of its authority, that of a proxy in the same house may be. */
  const through = ({ origin, authorization }: ProxyServer): ProxyAgent => {
    const known = proxied.get(origin);
    if (known !== undefined) return known;
    const { ca } = connection;
    const proxyTls = { secureContext: secureContextOf(ca === undefined ? {} : { ca })(), timeout };
    const token = authorization === undefined ? {} : { token: authorization };
    const made = new ProxyAgent({ ...timeouts, uri: origin, ...token, proxyTls, requestTls: tls() });
    proxied.set(origin, made);
    return made;
  };

  return {
    send: async (request, options = {}) => {
      const proxy = proxyFor(request.url, process.env);
      const dispatcher = proxy === undefined ? direct : through(proxy);
      return send(
        dispatcher,
        request,
        new Exchange(request, connection, { ...options, ...(proxy && { proxy: proxy.origin }) }),
      );
    },
    close: async () => {
      await Promise.all([direct.destroy(), ...[...proxied.values()].map((agent) => agent.destroy())]);
    },
  };
}

async function send(dispatcher: Dispatcher, request: HttpRequest, exchange: Exchange): Promise<HttpResponse> {
  const { url, method } = request;
  const headers = exchange.headers();
  if (request.body !== undefined) headers['content-length'] = String(request.body.size);
  // A request starts on a connection that is there; the handler is this request's own.
  const noticingStart: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      exchange.connected();
      start?.(controller, context);
    };
    return dispatch(options, handler);
  };
  try {
    exchange.connecting();
    const sending = dispatcher.compose(noticingStart).request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      body: request.body ? Readable.from(exchange.upload(request.body)) : null,
      signal: exchange.signal,
      // Left to itself it closes the connection after every HEAD, for the sake of servers that send a body with it.
      reset: false,
    });
    const answer = await Promise.race([sending, aborted(exchange.signal)]);
    // The reader is told through the iterator; without a listener a failure before reading starts would be thrown.
    answer.body.on('error', () => {});
    return exchange.respond({ status: answer.statusCode, headers: headersOf(answer.headers), chunks: answer.body });
  } catch (error) {
    throw exchange.failure(error);
  }
}

/** Fails at once when aborted: undici itself looks at the signal only when it has a connection. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function headersOf(headers: Dispatcher.ResponseData['headers']): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers).map(([name, value = '']) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
