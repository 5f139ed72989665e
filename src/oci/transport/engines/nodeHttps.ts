// Default imports, and properties read when they are called: an editor replaces `request` on these objects.
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions, HttpRequest, HttpResponse, SendOptions, Transport } from '../transport.ts';
import { Exchange } from './exchange.ts';
import { guardedLookup } from './guardedLookup.ts';
import { tlsOptionsOf } from './trust.ts';

/**
 * One hop over `node:http` and `node:https`. In an editor they honour its proxy settings and, unlike its fetch, a
 * registry's own certificates; they open a connection for nearly every request there.
 * @throws OciError INVALID_ARGUMENT when a certificate or key is not usable PEM, or one of cert and key is missing
 */
export function createNodeTransport(connection: ConnectionOptions): Transport {
  const tls = tlsOptionsOf(connection);
  const { registryHost } = connection;
  // An editor that goes through a proxy leaves the name to the proxy, and does not call it.
  const names = registryHost === undefined ? {} : { lookup: guardedLookup(registryHost) };
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true });

  const open = (request: HttpRequest, exchange: Exchange): http.ClientRequest => {
    const { url, method, body } = request;
    const headers = exchange.headers();
    if (body !== undefined) headers['content-length'] = String(body.size);
    else if (method !== 'GET' && method !== 'HEAD') headers['content-length'] = '0';
    const shared = { method, headers, signal: exchange.signal, ...names };
    if (url.protocol === 'http:') return http.request(url, { ...shared, agent: plain });
    // With the request, not with the agent: an editor drops what it finds on an agent, except for localhost.
    return https.request(url, { ...shared, agent: secure, ...tls });
  };

  return {
    send: (request, options = {}) => send(request, connection, options, open),
    close: async () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

async function send(
  request: HttpRequest,
  connection: ConnectionOptions,
  options: SendOptions,
  open: (request: HttpRequest, exchange: Exchange) => http.ClientRequest,
): Promise<HttpResponse> {
  const exchange = new Exchange(request, connection, options);
  try {
    const outgoing = open(request, exchange);
    const message = await answerTo(outgoing, request, exchange);
    return exchange.respond({ status: message.statusCode ?? 0, headers: headersOf(message), chunks: message });
  } catch (error) {
    throw exchange.failure(error);
  }
}

function answerTo(
  outgoing: http.ClientRequest,
  request: HttpRequest,
  exchange: Exchange,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Stays for good: a socket may fail after its answer has been read, and then there is nobody left to tell.
    outgoing.on('error', reject);
    outgoing.once('socket', (socket) => {
      listen(socket);
      if (!socket.connecting) return;
      exchange.connecting();
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => exchange.connected());
    });
    outgoing.once('response', (message) => {
      // The reader is told through the iterator; without a listener a failure before reading starts would be thrown.
      message.on('error', () => {});
      // An answer to half an upload is final, and the rest of the upload can only be given up with the connection.
      if (!outgoing.writableEnded) message.once('close', () => outgoing.destroy());
      resolve(message);
    });
    if (request.body === undefined) outgoing.end();
    else upload(exchange.upload(request.body), outgoing).catch((error) => outgoing.destroy(error));
  });
}

const heard = new WeakSet<Socket>();

/**
 * Between the end of an answer and its return to the agent, a socket has no listener; an answer given up just then
 * would be an error thrown at nobody, which ends the process.
 */
function listen(socket: Socket): void {
  if (heard.has(socket)) return;
  heard.add(socket);
  socket.on('error', () => {});
}

/** Writes as fast as the connection takes it, until it is closed or answered. */
async function upload(pieces: AsyncGenerator<Uint8Array>, outgoing: http.ClientRequest): Promise<void> {
  let over = false;
  let wake = (): void => {};
  outgoing.on('drain', () => wake());
  for (const event of ['close', 'response']) {
    outgoing.once(event, () => {
      over = true;
      wake();
    });
  }
  for await (const piece of pieces) {
    if (over) return;
    if (outgoing.write(piece)) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (over) resolve();
    });
  }
  outgoing.end();
}

function headersOf(message: http.IncomingMessage): ReadonlyMap<string, string> {
  return new Map(Object.entries(message.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]));
}
