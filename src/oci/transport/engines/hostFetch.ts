import { setImmediate as nextTurn } from 'node:timers/promises';
import { OciError } from '../../errors.ts';
import { redactUrl } from '../redact.ts';
import type { ConnectionOptions, HttpRequest, HttpResponse, SendOptions, Transport } from '../transport.ts';
import { Exchange } from './exchange.ts';
import { nameCheck } from './guardedLookup.ts';

/**
 * One hop over the `fetch` of whoever runs us. In an editor that is the one which knows its proxy settings, its prompts
 * and the system's certificates. It takes no certificates of ours: {@link ConnectionOptions} `ca`, `cert`, `key` and
 * `insecure` need another engine.
 * @throws OciError INVALID_ARGUMENT when given one of them, rather than ignore it
 */
export function createHostFetchTransport(connection: ConnectionOptions): Transport {
  const extra = (['ca', 'cert', 'key', 'insecure'] as const).find((name) => connection[name]);
  if (extra !== undefined) {
    throw new OciError('INVALID_ARGUMENT', `the host's fetch cannot honour ${extra}`, {
      argument: extra,
      value: 'set',
      accepted: 'not with the host engine; use node or undici',
    });
  }
  const { registryHost } = connection;
  const check = registryHost === undefined ? undefined : nameCheck(registryHost);
  return {
    send: async (request, options = {}) => {
      await check?.(request.url.hostname);
      return send(request, connection, options);
    },
    close: async () => {},
  };
}

async function send(request: HttpRequest, connection: ConnectionOptions, options: SendOptions): Promise<HttpResponse> {
  const exchange = new Exchange(request, connection, options);
  const headers = exchange.headers();
  // With a range, fetch by the book asks for identity itself, and would ask twice.
  if (headers['range'] !== undefined) delete headers['accept-encoding'];
  try {
    // Looked up at call time: an editor puts its own fetch in place after extensions have been loaded.
    const response = await globalThis.fetch(request.url, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: exchange.signal,
      // A fetch by the book asks for this with every body that streams; Node's does not type it for others.
      ...(request.body && { body: new UploadBlob(exchange, request.body), duplex: 'half' }),
    });
    const { status, body } = response;
    if (body !== null) refuseDecoded(request, status, response.headers, body);
    return exchange.respond({ status, headers: headersOf(response.headers), chunks: untilReusable(body) });
  } catch (error) {
    throw exchange.failure(error);
  }
}

/**
 * Lets fetch send a length with a body that is not in memory: registries want `Content-Length` on an upload, fetch sends
 * one only when it knows the length itself, and a Blob is the one kind of body whose length it asks for.
 */
class UploadBlob extends Blob {
  readonly #open: () => ReadableStream<Uint8Array<ArrayBuffer>>;

  constructor(exchange: Exchange, body: NonNullable<HttpRequest['body']>) {
    super([]);
    this.#open = () => ReadableStream.from(exchange.upload(body)) as ReadableStream<Uint8Array<ArrayBuffer>>;
    Object.defineProperty(this, 'size', { value: body.size });
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#open();
  }
}

/** fetch decodes what carries a content coding, asked or not, and what it hands over then has another digest. */
function refuseDecoded(request: HttpRequest, status: number, headers: Headers, body: ReadableStream): void {
  const coding = headers.get('content-encoding') ?? 'identity';
  if (request.method === 'HEAD' || coding.toLowerCase() === 'identity') return;
  body.cancel().catch(() => {});
  const reason = 'the registry compressed the answer although it was asked not to, and fetch hides the original bytes';
  const details = { method: request.method, url: redactUrl(request.url), status, reason };
  throw new OciError('INVALID_RESPONSE', `${details.url}: ${reason}`, details);
}

function headersOf(headers: Headers): ReadonlyMap<string, string> {
  const map = new Map<string, string>(headers);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) map.set('set-cookie', cookies.join(', '));
  return map;
}

/**
 * The body, ending when its connection is free again: Node's fetch takes two turns of the event loop for that, and opens
 * another connection for whoever asks sooner. After a HEAD, whose connection it always closes, Node 24.21 opens one for
 * every request from then on that is asked sooner: https://github.com/nodejs/undici/pull/5034.
 */
async function* untilReusable(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* body;
  await nextTurn();
  await nextTurn();
}
