import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOciError, OciError, type OciErrorCode } from '../../src/oci/errors.ts';
import type { ConnectionOptions, HttpBody, HttpResponse, Transport } from '../../src/oci/transport/transport.ts';
import {
  closedPort,
  type ServeOptions,
  serve,
  serveRaw,
  settled,
  type TestServer,
  tlsFixture,
} from './transportServer.ts';

export interface TransportAbilities {
  /** Trusts authorities given to it, shows a client certificate, accepts any certificate when told. */
  readonly ownCertificates: boolean;
  /** Hands over a body with a content coding as it travelled; otherwise it refuses it. */
  readonly keepsContentCoding: boolean;
  /** Uses a connection again after HEAD. */
  readonly reusesAfterHead: boolean;
  /** Knows when it is connected; otherwise the time before the first byte covers connecting too. */
  readonly tellsConnecting: boolean;
}

const MEBIBYTE = 1024 * 1024;
/** More than the buffers of two sockets hold, so that both ends have to wait for each other. */
const BIG = 32 * MEBIBYTE;

/** What every engine must do. */
export function transportContract(
  name: string,
  make: (connection: ConnectionOptions) => Transport,
  abilities: TransportAbilities,
): void {
  describe(`${name} as a transport`, () => {
    const cleanup: (() => Promise<void>)[] = [];

    const transport = (connection: ConnectionOptions = {}): Transport => {
      const made = make(connection);
      cleanup.push(() => made.close());
      return made;
    };
    const server = async (...arguments_: Parameters<typeof serve>): Promise<TestServer> => {
      const made = await serve(...arguments_);
      cleanup.push(() => made.close());
      return made;
    };
    const rawServer = async (...arguments_: Parameters<typeof serveRaw>): Promise<TestServer> => {
      const made = await serveRaw(...arguments_);
      cleanup.push(() => made.close());
      return made;
    };

    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    beforeEach(() => {
      unhandled.length = 0;
      process.on('unhandledRejection', note);
    });
    afterEach(async () => {
      for (const close of cleanup.splice(0).toReversed()) await close();
      process.off('unhandledRejection', note);
      expect(unhandled).toEqual([]);
    });

    describe('requests', () => {
      it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)('sends %s', async (method) => {
        const { url, requests } = await server((_, response) => response.end());
        const response = await transport().send({ method, url: new URL('v2/a/b?x=1&y=%2F', url) });
        await response.discard();
        expect(response.status).toBe(200);
        expect(requests.map((request) => [request.method, request.url])).toEqual([[method, '/v2/a/b?x=1&y=%2F']]);
      });

      it('sends headers, and asks for bodies as they are stored', async () => {
        const { url, requests } = await server((_, response) => response.end());
        const headers = { accept: 'a/b, c/d', 'x-own': '1', range: 'bytes=0-3' };
        await (await transport().send({ method: 'GET', url, headers })).discard();
        expect(requests[0]?.headers).toMatchObject({ ...headers, 'accept-encoding': 'identity' });
      });

      it('sends no authorization of its own', async () => {
        const { url, requests } = await server((_, response) => response.end());
        await (await transport().send({ method: 'GET', url })).discard();
        expect(requests[0]?.headers.authorization).toBeUndefined();
      });

      it.each(['POST', 'PUT'] as const)('says that %s without a body has none', async (method) => {
        const { url, requests } = await server((_, response) => response.end());
        await (await transport().send({ method, url, headers: { 'content-length': '0' } })).discard();
        expect(requests[0]?.headers).toMatchObject({ 'content-length': '0' });
      });

      it('sends a body with its length, chunk for chunk', async () => {
        const { url, requests } = await server(echoDigest);
        const body = bodyOf([new Uint8Array(3).fill(1), new Uint8Array(0), new Uint8Array(200_000).fill(2)]);
        const response = await transport().send({ method: 'PUT', url, body });
        expect(await textOf(response)).toBe(await digestOf(body));
        expect(requests[0]?.headers['content-length']).toBe('200003');
      });

      it('sends an empty body', async () => {
        const { url, requests } = await server(echoDigest);
        const response = await transport().send({ method: 'PUT', url, body: bodyOf([]) });
        expect(await textOf(response)).toBe(await digestOf(bodyOf([])));
        expect(requests[0]?.headers['content-length']).toBe('0');
      });

      it('opens the body anew for each time the request is sent', async () => {
        const { url } = await server(echoDigest);
        const body = bodyOf([new Uint8Array(100_000).fill(7)]);
        const opened = vi.spyOn(body, 'open');
        const sender = transport();
        for (let time = 0; time < 2; time++) {
          const response = await sender.send({ method: 'PUT', url, body });
          expect(await textOf(response)).toBe(await digestOf(bodyOf([new Uint8Array(100_000).fill(7)])));
        }
        expect(opened).toHaveBeenCalledTimes(2);
      });

      it('streams a large body', async () => {
        const { url } = await server(echoDigest);
        const body = bigBody();
        const response = await transport().send({ method: 'PUT', url, body });
        expect(await textOf(response)).toBe(await digestOf(bigBody()));
      });

      it('does not read ahead of what the connection takes', async () => {
        const { url } = await server((request) => request.pause());
        const body = bigBody();
        const abort = new AbortController();
        const sending = transport().send({ method: 'PUT', url, body }, { signal: abort.signal });
        const failed = expectCode(sending, 'CANCELLED');
        expect(await settled(() => body.taken)).toBeLessThan(BIG);
        abort.abort();
        await failed;
      });

      it('fails with the error of the body', async () => {
        const { url } = await server(echoDigest);
        const ours = new OciError('FILE_NOT_READABLE', 'gone', { path: '/x', reason: 'gone' });
        for (const error of [ours, Object.assign(new Error('reset'), { code: 'ECONNRESET' })]) {
          const open = async function* (): AsyncGenerator<Uint8Array> {
            yield new Uint8Array(10);
            throw error;
          };
          await expect(transport().send({ method: 'PUT', url, body: { size: 100, open } })).rejects.toBe(error);
        }
      });

      it.each([
        ['fewer', 101],
        ['more', 99],
      ])('fails when the body has %s bytes than it promised', async (_, size) => {
        const { url } = await server(echoDigest);
        const body = { ...bodyOf([new Uint8Array(100)]), size };
        await expectCode(transport().send({ method: 'PUT', url, body }), 'SIZE_MISMATCH');
      });

      it('hands over an answer that comes before the body is through', async () => {
        const { url } = await server((_, response) =>
          response.writeHead(413, { connection: 'close' }).end('too large'),
        );
        const response = await transport().send({ method: 'PUT', url, body: bigBody() });
        expect(response.status).toBe(413);
        await response.discard();
      });
    });

    describe('answers', () => {
      it.each([200, 201, 202, 204, 206, 301, 304, 307, 401, 404, 416, 429, 500, 503])(
        'takes %i as it is',
        async (status) => {
          const { url } = await server((_, response) => response.writeHead(status, { location: '/else' }).end());
          const response = await transport().send({ method: 'GET', url });
          await response.discard();
          expect([response.status, response.url.href]).toEqual([status, url.href]);
          expect(response.headers.get('location')).toBe('/else');
        },
      );

      it('names headers in lower case and joins those that come several times', async () => {
        const { url } = await server((_, response) => {
          response.setHeader('WWW-Authenticate', ['Negotiate', 'Basic realm="x"']);
          response.setHeader('Set-Cookie', ['a=1', 'b=2']);
          response.setHeader('Docker-Content-Digest', 'sha256:0');
          response.end();
        });
        const response = await transport().send({ method: 'GET', url });
        await response.discard();
        expect(response.headers.get('www-authenticate')).toBe('Negotiate, Basic realm="x"');
        expect(response.headers.get('set-cookie')).toBe('a=1, b=2');
        expect(response.headers.get('docker-content-digest')).toBe('sha256:0');
      });

      it('does not follow a redirect', async () => {
        const { url, requests } = await server((_, response) => response.writeHead(307, { location: '/else' }).end());
        await (await transport().send({ method: 'GET', url })).discard();
        expect(requests).toHaveLength(1);
      });

      it('does not mind interim answers', async () => {
        const { url } = await server((_, response) => {
          response.writeProcessing();
          response.writeEarlyHints({ link: '</x>; rel=preload' });
          response.end('final');
        });
        expect(await textOf(await transport().send({ method: 'GET', url }))).toBe('final');
      });

      it('has the length of a HEAD answer and no body', async () => {
        const { url } = await server((_, response) => response.writeHead(200, { 'content-length': '1234' }).end());
        const response = await transport().send({ method: 'HEAD', url });
        expect(response.headers.get('content-length')).toBe('1234');
        expect(await textOf(response)).toBe('');
      });

      it('leaves a body with a content coding alone, or refuses it', async () => {
        const packed = gzipSync('some text');
        const { url } = await server((_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed);
        });
        const answer = transport().send({ method: 'GET', url });
        if (abilities.keepsContentCoding) expect(Buffer.from(await bytesOf(await answer))).toEqual(packed);
        else await expectCode(answer, 'INVALID_RESPONSE');
      });

      it('leaves a body alone that is compressed by its media type', async () => {
        const packed = gzipSync('a layer');
        const { url } = await server((_, response) =>
          response.setHeader('content-type', 'application/gzip').end(packed),
        );
        expect(Buffer.from(await bytesOf(await transport().send({ method: 'GET', url })))).toEqual(packed);
      });

      it.each([true, false])('streams a large body (length known: %s)', async (hasLength) => {
        const { url } = await server((_, response) => sendBig(response, hasLength));
        const hash = createHash('sha256');
        for await (const chunk of (await transport().send({ method: 'GET', url })).body) hash.update(chunk);
        expect(hash.digest('hex')).toBe(await digestOf(bigBody()));
      });

      it('does not take more than is read', async () => {
        let written = 0;
        const { url } = await server((_, response) =>
          sendBig(response, true, (size) => {
            written += size;
          }),
        );
        const response = await transport().send({ method: 'GET', url });
        const iterator = response.body[Symbol.asyncIterator]();
        await iterator.next();
        expect(await settled(() => written)).toBeLessThan(BIG);
        await iterator.return?.();
      });

      it('can be read only once', async () => {
        const { url } = await server((_, response) => response.end('once'));
        const response = await transport().send({ method: 'GET', url });
        expect(await textOf(response)).toBe('once');
        await expect(textOf(response)).rejects.toThrow('only once');
      });
    });

    describe('connections', () => {
      it('are used again: 20 requests in a row open at most 2', async () => {
        const { url, connections } = await countedAfter(async (sender, target) => {
          for (let time = 0; time < 20; time++)
            expect(await textOf(await sender.send({ method: 'GET', url: target }))).toBe('hello');
        });
        expect(url.protocol).toBe('http:');
        expect(connections).toBeLessThanOrEqual(2);
      });

      it('are used again after small answers that were discarded, whatever their status', async () => {
        const { connections } = await countedAfter(async (sender, target) => {
          for (const status of [401, 404, 200, 500, 401, 404, 200, 500]) {
            await (await sender.send({ method: 'GET', url: new URL(`?status=${status}`, target) })).discard();
          }
        });
        expect(connections).toBeLessThanOrEqual(2);
      });

      it('are used again after uploads, and after HEAD where the engine can', async () => {
        const { connections } = await countedAfter(async (sender, target) => {
          await (await sender.send({ method: 'HEAD', url: target })).discard();
          for (let time = 0; time < 10; time++) {
            if (abilities.reusesAfterHead) await (await sender.send({ method: 'HEAD', url: target })).discard();
            await (await sender.send({ method: 'PUT', url: target, body: bodyOf([new Uint8Array(1000)]) })).discard();
          }
        });
        expect(connections).toBeLessThanOrEqual(2);
      });

      it('are given up when a large body is discarded or left', async () => {
        const made = await server((_, response) => sendBig(response, true));
        const sender = transport();
        await (await sender.send({ method: 'GET', url: made.url })).discard();
        const iterator = (await sender.send({ method: 'GET', url: made.url })).body[Symbol.asyncIterator]();
        await iterator.return?.();
        for await (const _ of (await sender.send({ method: 'GET', url: made.url })).body) break;
        await vi.waitFor(() => expect(made.busy).toBe(0));
      });

      async function countedAfter(use: (sender: Transport, url: URL) => Promise<void>): Promise<TestServer> {
        const made = await server((request, response) => {
          request.resume();
          const status = Number(new URL(request.url ?? '', 'http://x').searchParams.get('status') ?? 200);
          request.on('end', () => response.writeHead(status, { 'content-length': '5' }).end('hello'));
        });
        await use(transport(), made.url);
        return made;
      }
    });

    describe('failures', () => {
      it('a refused connection is REGISTRY_UNAVAILABLE, in words', async () => {
        const url = await closedPort();
        const error = await expectCode(transport().send({ method: 'GET', url }), 'REGISTRY_UNAVAILABLE');
        expect(error.details).toMatchObject({ registry: url.host, status: null });
        expect(error.message).toMatch(/refused/);
      });

      it('a host that does not exist is REGISTRY_UNAVAILABLE, in words', async () => {
        const url = new URL('http://no-such-host.invalid/');
        const error = await expectCode(transport().send({ method: 'GET', url }), 'REGISTRY_UNAVAILABLE');
        expect(error.message).toMatch(/host name/);
      });

      it('a connection that is closed or reset instead of an answer is REGISTRY_UNAVAILABLE', async () => {
        for (const hangUp of ['end', 'resetAndDestroy'] as const) {
          const { url } = await rawServer((socket) => socket.once('data', () => socket[hangUp]()));
          const error = await expectCode(transport().send({ method: 'GET', url }), 'REGISTRY_UNAVAILABLE');
          expect(error.message).toMatch(/closed/);
        }
      });

      it('an answer that is not HTTP is REGISTRY_UNAVAILABLE', async () => {
        const { url } = await rawServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
        const error = await expectCode(transport().send({ method: 'GET', url }), 'REGISTRY_UNAVAILABLE');
        expect(error.message).toMatch(/not valid HTTP/);
      });

      it('a server that closes its half after a whole answer has answered', async () => {
        const { url } = await rawServer((socket) =>
          socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')),
        );
        expect(await textOf(await transport().send({ method: 'GET', url }))).toBe('ok');
      });

      it.each([
        ['a length', 'content-length: 10\r\n\r\nhalf'],
        ['chunks', 'transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
      ])('a body with %s that breaks off is an error and never a short success', async (_, rest) => {
        const { url } = await rawServer((socket) =>
          socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`)),
        );
        const response = await transport().send({ method: 'GET', url });
        expect(response.status).toBe(200);
        await expectCode(bytesOf(response), 'REGISTRY_UNAVAILABLE');
      });

      it('a body never runs past its length', async () => {
        const { url } = await rawServer((socket) =>
          socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmore than four')),
        );
        const text = await transport()
          .send({ method: 'GET', url })
          .then(textOf)
          .catch((error: unknown) => (isOciError(error, 'REGISTRY_UNAVAILABLE') ? 'refused' : error));
        expect(['more', 'refused']).toContain(text);
      });

      it('a failed answer can be discarded, and an unread one may fail unseen', async () => {
        const { url } = await rawServer((socket) =>
          socket.once('data', () => socket.end('HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nhalf')),
        );
        const sender = transport();
        await (await sender.send({ method: 'GET', url })).discard();
        await sender.send({ method: 'GET', url });
        await sleep(50);
      });
    });

    describe('silence', () => {
      const impatient = { timeoutSeconds: 0.3 };

      it('before the answer ends the request', async () => {
        const { url } = await server(() => {});
        const error = await expectCode(transport(impatient).send({ method: 'GET', url }), 'REGISTRY_UNAVAILABLE');
        expect(error.message).toMatch(/nothing was heard for 0.3 seconds/);
        expect(error.details).toMatchObject({ timeout: 'first-byte', status: null });
      });

      it('while connecting ends the request', async () => {
        // It accepts, and never says a word of TLS.
        const { host } = await rawServer(() => {});
        const url = new URL(`https://${host}/`);
        const hasty = abilities.tellsConnecting ? { connectTimeoutSeconds: 0.3 } : impatient;
        const error = await expectCode(transport(hasty).send({ method: 'GET', url }), 'REGISTRY_UNAVAILABLE');
        expect(error.details).toMatchObject({ timeout: abilities.tellsConnecting ? 'connect' : 'first-byte' });
      });

      it('while connecting does not keep anybody who is cancelled', async () => {
        const { host } = await rawServer(() => {});
        const abort = new AbortController();
        const sending = transport().send({ method: 'GET', url: new URL(`https://${host}/`) }, { signal: abort.signal });
        setTimeout(() => abort.abort(), 50);
        await expectCode(sending, 'CANCELLED');
      });

      it('that is shorter than the patience for an answer is no matter once connected', async () => {
        const { url } = await server((_, response) => void setTimeout(() => response.end('late'), 500));
        const hasty = { connectTimeoutSeconds: 0.3, timeoutSeconds: 10 };
        expect(await textOf(await transport(hasty).send({ method: 'GET', url }))).toBe('late');
      });

      it('within the body ends the body', async () => {
        const { url } = await server((_, response) =>
          response.writeHead(200, { 'content-length': '10' }).write('half'),
        );
        const response = await transport(impatient).send({ method: 'GET', url });
        const error = await expectCode(bytesOf(response), 'REGISTRY_UNAVAILABLE');
        expect(error.message).toMatch(/nothing was heard/);
        expect(error.details).toMatchObject({ timeout: 'idle' });
      });

      it('that is never long enough ends the exchange all the same, unless a blob moves', async () => {
        const { url } = await server((_, response) => {
          response.writeHead(200, { 'content-length': '10' });
          let left = 10;
          const drip = setInterval(() => {
            response.write('x');
            if (--left === 0) clearInterval(drip);
          }, 100);
        });
        const sender = transport({ timeoutSeconds: 10, totalTimeoutSeconds: 0.3 });
        const trickle = await sender.send({ method: 'GET', url });
        const error = await expectCode(bytesOf(trickle), 'REGISTRY_UNAVAILABLE');
        expect(error.details).toMatchObject({ timeout: 'total' });
        const response = await sender.send({ method: 'GET', url }, { movesBlob: true });
        expect((await bytesOf(response)).length).toBe(10);
        const limited = transport({ timeoutSeconds: 10, blobTimeoutSeconds: 0.3 });
        const blob = await limited.send({ method: 'GET', url }, { movesBlob: true });
        expect((await expectCode(bytesOf(blob), 'REGISTRY_UNAVAILABLE')).details).toMatchObject({ timeout: 'total' });
      });

      it('while an upload makes no progress ends the upload', async () => {
        const { url } = await server((request) => request.pause());
        const sending = transport(impatient).send({ method: 'PUT', url, body: bigBody() });
        const error = await expectCode(sending, 'REGISTRY_UNAVAILABLE');
        expect(error.message).toMatch(/nothing was heard/);
        expect(error.details).toMatchObject({ timeout: 'idle' });
      });

      it('after an upload ends it too', async () => {
        const { url } = await server((request) => request.resume());
        const sending = transport(impatient).send({ method: 'PUT', url, body: bodyOf([new Uint8Array(10)]) });
        await expectCode(sending, 'REGISTRY_UNAVAILABLE');
      });

      it('is not the time that whoever reads takes', async () => {
        const { url } = await server((_, response) => response.end('patience'));
        const response = await transport(impatient).send({ method: 'GET', url });
        await sleep(500);
        expect(await textOf(response)).toBe('patience');
      });

      it('is not the time that the source of an upload takes', async () => {
        const { url } = await server(echoDigest);
        const body: HttpBody = {
          size: 2,
          open: async function* () {
            yield new Uint8Array(1);
            await sleep(500);
            yield new Uint8Array(1);
          },
        };
        const response = await transport(impatient).send({ method: 'PUT', url, body });
        expect(await textOf(response)).toBe(await digestOf(bodyOf([new Uint8Array(2)])));
      });
    });

    describe('an abort', () => {
      it('beforehand sends nothing', async () => {
        const { url, requests } = await server((_, response) => response.end());
        await expectCode(transport().send({ method: 'GET', url }, { signal: AbortSignal.abort() }), 'CANCELLED');
        expect(requests).toHaveLength(0);
      });

      it('while waiting for the answer ends request and connection', async () => {
        const made = await server(() => abort.abort());
        const abort = new AbortController();
        await expectCode(transport().send({ method: 'GET', url: made.url }, { signal: abort.signal }), 'CANCELLED');
        await vi.waitFor(() => expect(made.busy).toBe(0));
      });

      it('within the body ends the body and the connection', async () => {
        const made = await server((_, response) => sendBig(response, true));
        const abort = new AbortController();
        const response = await transport().send({ method: 'GET', url: made.url }, { signal: abort.signal });
        const iterator = response.body[Symbol.asyncIterator]();
        await iterator.next();
        abort.abort();
        await expectCode(iterator.next(), 'CANCELLED');
        await vi.waitFor(() => expect(made.busy).toBe(0));
      });

      it('before the body is read leaves nothing behind', async () => {
        const made = await server((_, response) => sendBig(response, true));
        const abort = new AbortController();
        const response = await transport().send({ method: 'GET', url: made.url }, { signal: abort.signal });
        abort.abort();
        await expectCode(bytesOf(response), 'CANCELLED');
        await vi.waitFor(() => expect(made.busy).toBe(0));
      });

      it('during an upload ends it and returns the source', async () => {
        const made = await server((request) => request.pause());
        const abort = new AbortController();
        const body = bigBody();
        const sending = transport().send({ method: 'PUT', url: made.url, body }, { signal: abort.signal });
        const failed = expectCode(sending, 'CANCELLED');
        await settled(() => body.taken);
        abort.abort();
        await failed;
        // A paused socket does not notice that its other end is gone.
        made.requests[0]?.resume();
        await vi.waitFor(() => expect([made.busy, body.returned]).toEqual([0, true]));
      });

      it('afterwards changes nothing, and leaves no listener on the signal', async () => {
        const { url } = await server((_, response) => response.end('done'));
        const abort = new AbortController();
        const removed = vi.spyOn(abort.signal, 'removeEventListener');
        const added = vi.spyOn(abort.signal, 'addEventListener');
        expect(await textOf(await transport().send({ method: 'GET', url }, { signal: abort.signal }))).toBe('done');
        abort.abort();
        expect(removed.mock.calls.length).toBeGreaterThanOrEqual(added.mock.calls.length);
      });

      it('ends with the reason of whoever aborted when that is an error of ours', async () => {
        const { url } = await server(() => abort.abort(reason));
        const reason = new OciError('NOT_FOUND', 'a sibling failed', { kind: 'blob', what: 'x' });
        const abort = new AbortController();
        await expect(transport().send({ method: 'GET', url }, { signal: abort.signal })).rejects.toBe(reason);
      });
    });

    describe('TLS', () => {
      const tlsServer = (options: ServeOptions): Promise<TestServer> =>
        server((_, response) => response.end('secret'), { certificate: 'server', ...options });
      const ca = tlsFixture('ca.crt');

      it('refuses an unknown authority and says so', async () => {
        const { url } = await tlsServer({});
        const error = await expectCode(transport().send({ method: 'GET', url }), 'TLS_FAILED');
        expect(error.message).toMatch(/not trusted/);
        expect(error.details).toMatchObject({ registry: url.host, problem: 'authority' });
        // What Node advises to who starts it helps nobody in an editor.
        expect(error.message).not.toMatch(/system-ca/);
      });

      it('says when the other end does not speak TLS', async () => {
        const { url } = await server((_, response) => response.end());
        const error = await expectCode(
          transport().send({ method: 'GET', url: new URL(`https://${url.host}/`) }),
          'TLS_FAILED',
        );
        expect(error.message).toMatch(/does not speak TLS/);
        expect(error.details).toMatchObject({ problem: 'protocol' });
      });

      if (!abilities.ownCertificates) {
        it.each([{ ca }, { insecure: true }, { cert: ca, key: ca }])(
          'refuses options it could not honour',
          (connection) => {
            expect(() => make(connection)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
          },
        );
        return;
      }

      it.each(['127.0.0.1', '127.0.0.2'])('trusts an authority that it is given, on %s', async (address) => {
        const { url } = await tlsServer({ address });
        expect(await textOf(await transport({ ca }).send({ method: 'GET', url }))).toBe('secret');
      });

      it.each([
        ['expired', /expired/, 'validity'],
        ['other', /another name/, 'name'],
      ])('refuses a certificate that is %s', async (certificate, words, problem) => {
        const { url } = await tlsServer({ certificate });
        const error = await expectCode(transport({ ca }).send({ method: 'GET', url }), 'TLS_FAILED');
        expect(error.message).toMatch(words);
        expect(error.details).toMatchObject({ problem });
      });

      it.each(['127.0.0.1', '127.0.0.2'])('accepts any certificate when told, on %s', async (address) => {
        const { url } = await tlsServer({ certificate: 'other', address });
        expect(await textOf(await transport({ insecure: true }).send({ method: 'GET', url }))).toBe('secret');
      });

      it.each(['127.0.0.1', '127.0.0.2'])('shows its client certificate, on %s', async (address) => {
        const { url } = await tlsServer({ wantsClientCertificate: true, address });
        const [cert, key] = [tlsFixture('client.crt'), tlsFixture('client.key')];
        expect(await textOf(await transport({ ca, cert, key }).send({ method: 'GET', url }))).toBe('secret');
      });

      it('fails without a client certificate where one is wanted', async () => {
        const { url } = await tlsServer({ wantsClientCertificate: true });
        const answer = transport({ ca }).send({ method: 'GET', url });
        const error: unknown = await answer.then(textOf).catch((reason: unknown) => reason);
        // TLS 1.3 refuses after the handshake: the alert and the end of the connection arrive together.
        if (isOciError(error, 'TLS_FAILED')) expect(error.message).toMatch(/client certificate/);
        else expect(error).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
      });

      it('uses connections again', async () => {
        const made = await tlsServer({});
        const sender = transport({ ca });
        for (let time = 0; time < 20; time++) await (await sender.send({ method: 'GET', url: made.url })).discard();
        expect(made.connections).toBeLessThanOrEqual(2);
      });

      it('streams a large body both ways', async () => {
        const { url } = await server(
          (request, response) => (request.method === 'PUT' ? echoDigest(request, response) : sendBig(response, true)),
          { certificate: 'server' },
        );
        const sender = transport({ ca });
        const digest = await digestOf(bigBody());
        expect(await textOf(await sender.send({ method: 'PUT', url, body: bigBody() }))).toBe(digest);
        const hash = createHash('sha256');
        for await (const chunk of (await sender.send({ method: 'GET', url })).body) hash.update(chunk);
        expect(hash.digest('hex')).toBe(digest);
      });

      it.each([
        ['ca', { ca: 'nonsense' }],
        ['cert', { cert: 'nonsense', key: tlsFixture('client.key') }],
        ['key', { cert: tlsFixture('client.crt'), key: tlsFixture('server.key') }],
        ['key', { cert: tlsFixture('client.crt') }],
        ['cert', { key: tlsFixture('client.key') }],
      ])('says which of its certificates is unusable: %s', (argument, connection) => {
        expect(() => make(connection)).toThrow(
          expect.objectContaining({ code: 'INVALID_ARGUMENT', details: expect.objectContaining({ argument }) }),
        );
      });
    });
  });
}

/** Answers an upload with its SHA-256. */
function echoDigest(request: AsyncIterable<Uint8Array>, response: ServerResponse): void {
  void (async () => {
    const hash = createHash('sha256');
    for await (const chunk of request) hash.update(chunk);
    response.end(hash.digest('hex'));
  })().catch(() => response.destroy());
}

/** Sends what {@link bigBody} holds, as fast as it is taken. */
function sendBig(response: ServerResponse, hasLength: boolean, wrote: (size: number) => void = () => {}): void {
  if (hasLength) response.setHeader('content-length', BIG);
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of bigBody().open()) {
      wrote(chunk.length);
      yield chunk;
    }
  };
  // Whoever reads may leave early.
  pipeline(Readable.from(counted()), response).catch(() => {});
}

interface BigBody extends HttpBody {
  /** Bytes taken so far, in all. */
  readonly taken: number;
  /** Whether the last opening has ended, one way or the other. */
  readonly returned: boolean;
}

function bigBody(): BigBody {
  let taken = 0;
  let returned = false;
  return {
    size: BIG,
    get taken() {
      return taken;
    },
    get returned() {
      return returned;
    },
    async *open() {
      try {
        for (let index = 0; index < BIG / MEBIBYTE; index++) {
          taken += MEBIBYTE;
          yield new Uint8Array(MEBIBYTE).fill(index);
        }
      } finally {
        returned = true;
      }
    },
  };
}

function bodyOf(chunks: readonly Uint8Array[]): HttpBody {
  return {
    size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    open: async function* () {
      yield* chunks;
    },
  };
}

async function digestOf(body: HttpBody): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body.open()) hash.update(chunk);
  return hash.digest('hex');
}

async function bytesOf(response: HttpResponse): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function textOf(response: HttpResponse): Promise<string> {
  return Buffer.from(await bytesOf(response)).toString('utf8');
}

async function expectCode(promise: Promise<unknown>, code: OciErrorCode): Promise<OciError> {
  const error = await promise.then(
    (value) => expect.fail(`expected ${code}, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!isOciError(error, code)) throw error;
  return error;
}
