import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { type ProxyServer, proxyFor } from '../proxies.ts';
import type { ConnectionOptions, HttpRequest, HttpResponse, Transport } from '../transport.ts';
import { connectSecondsOf, Exchange } from './exchange.ts';
import { guardedLookup } from './guardedLookup.ts';
import { largeReads } from './largeReads.ts';
import { secureContextOf } from './trust.ts';
import { UndiciAnswer } from './undiciAnswer.ts';

/** Silence is measured by the exchange, for all engines alike. */
const PATIENT = { headersTimeout: 0, bodyTimeout: 0 };

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
  const plain = buildConnector({ timeout, onread: largeReads(), ...names });
  // Made at the first TLS connection: gathering the system's certificates takes longer than a plain request.
  let secure: buildConnector.connector | undefined;
  const connect: buildConnector.connector = (options, callback) => {
    if (options.protocol === 'http:') return plain(options, callback);
    secure ??= buildConnector(tls());
    secure(options, callback);
  };
  const direct = new Agent({ ...PATIENT, connect });
  const proxied = new Map<string, ProxyAgent>();
  /** Nothing of the registry's own is shown to a proxy; of its authority, that of a proxy in the same house may be. */
  const through = ({ origin, authorization }: ProxyServer): ProxyAgent => {
    const known = proxied.get(origin);
    if (known !== undefined) return known;
    const { ca } = connection;
    const proxyTls = { secureContext: secureContextOf(ca === undefined ? {} : { ca })(), timeout };
    const token = authorization === undefined ? {} : { token: authorization };
    const shared = { ...PATIENT, uri: origin, ...token, proxyTls, requestTls: tls() };
    const made = new ProxyAgent({ ...shared, clientFactory: poolOf, factory: poolOf });
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

/** Connections to a proxy, and through it. */
function poolOf(origin: string | URL, { connect, ...options }: Pool.Options): Pool {
  const own = typeof connect === 'function' ? { connect: withoutNumbers(connect) } : {};
  return new Pool(origin, { ...options, ...PATIENT, ...own });
}

/**
 * An address is not sent as the name of a server, which RFC 6066 forbids and Node warns of; the certificate is compared with
 * it all the same.
 */
function withoutNumbers(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(isIP(options.servername ?? '') === 0 ? options : { ...options, servername: '' }, callback);
}

/**
 * Bytes that a connection of undici's keeps at most while it takes more (16 KiB of TLS): of a larger piece it waits until the
 * system has all, before it asks for the next.
 */
const KEPT_BY_CONNECTION = 64 * 1024;

function hasLeft(piece: Uint8Array): boolean {
  return piece.length >= KEPT_BY_CONNECTION;
}

async function send(dispatcher: Dispatcher, request: HttpRequest, exchange: Exchange): Promise<HttpResponse> {
  const { url, method } = request;
  const headers = exchange.headers();
  if (request.body !== undefined) headers['content-length'] = String(request.body.size);
  try {
    exchange.connecting();
    const answer = new UndiciAnswer(exchange.signal, () => exchange.connected());
    const options: Dispatcher.DispatchOptions = {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      // It takes what can be iterated, too, which its types leave out.
      body: request.body ? (exchange.upload(request.body, hasLeft) as AsyncIterable<Uint8Array> as Readable) : null,
      // Left to itself it closes the connection after every HEAD, for the sake of servers that send a body with it.
      reset: false,
    };
    dispatcher.dispatch(options, answer);
    return exchange.respond(await answer.begun);
  } catch (error) {
    throw exchange.failure(error);
  }
}
