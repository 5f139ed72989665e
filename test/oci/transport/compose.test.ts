import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { anonymous, type Credential } from '../../../src/oci/credentials/credentials.ts';
import type { LogFields, Logger } from '../../../src/oci/telemetry/logger.ts';
import { silentLogger } from '../../../src/oci/telemetry/logger.ts';
import { createTransport, type EngineName, type TransportOptions } from '../../../src/oci/transport/compose.ts';
import type { HttpResponse, Transport } from '../../../src/oci/transport/transport.ts';
import { type ServeOptions, serve, type TestServer, tlsFixture } from '../../support/transportServer.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function server(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  options?: ServeOptions,
): Promise<TestServer> {
  const made = await serve((request, response) => {
    request.resume();
    request.on('end', () => handler(request, response));
  }, options);
  cleanup.push(() => made.close());
  return made;
}

async function transport(options: Partial<TransportOptions> & { registry: string }): Promise<Transport> {
  const made = await createTransport({
    engine: 'undici',
    connection: {},
    credentials: anonymous,
    logger: silentLogger,
    userAgent: 'test/1',
    retry: { initialDelayMs: 1 },
    ...options,
  });
  cleanup.push(() => made.close());
  return made;
}

async function textOf(response: HttpResponse): Promise<string> {
  let text = '';
  for await (const chunk of response.body) text += Buffer.from(chunk).toString();
  return text;
}

const ALICE: Credential = { kind: 'basic', username: 'alice', password: 'hunter2', source: 'test' };
const knowsAlice = { credentialFor: async () => ALICE };

describe.each<EngineName>(['auto', 'host', 'node', 'undici'])('the transport over %s', (engine) => {
  it('answers a challenge, is patient with a busy registry, and follows to storage without the credential', async () => {
    const storage = await server((_, response) => response.end('layer'));
    let busy = true;
    const home = await server(({ headers }, response) => {
      if (headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else if (busy) response.writeHead(503).end();
      else response.writeHead(307, { location: new URL('signed?sig=hunter2', storage.url).href }).end();
      if (headers.authorization !== undefined) busy = false;
    });
    const sender = await transport({ registry: home.host, engine, credentials: knowsAlice });
    const url = new URL('/v2/acme/app/blobs/sha256:0', home.url);
    expect(await textOf(await sender.send({ method: 'GET', url }))).toBe('layer');
    expect(home.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([false, true, true]);
    expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    for (const { headers } of [...home.requests, ...storage.requests]) expect(headers['user-agent']).toBe('test/1');
  });

  it('opens at most two connections for 20 requests in a row', async () => {
    const home = await server((_, response) => response.end('tags'));
    const sender = await transport({ registry: home.host, engine });
    for (let time = 0; time < 20; time++) await textOf(await sender.send({ method: 'GET', url: home.url }));
    expect(home.connections).toBeLessThanOrEqual(2);
  });

  it('trusts an authority of the registry', async () => {
    const home = await server((_, response) => response.end('secure'), { certificate: 'server' });
    const sender = await transport({ registry: home.host, engine, connection: { ca: tlsFixture('ca.crt') } });
    expect(await textOf(await sender.send({ method: 'GET', url: home.url }))).toBe('secure');
  });
});

describe('certificates of a registry', () => {
  const ca = tlsFixture('ca.crt');
  const identity = { cert: tlsFixture('client.crt'), key: tlsFixture('client.key') };

  it('identify us to it, and not to the storage it redirects to', async () => {
    const seen: string[] = [];
    const peer = ({ socket }: IncomingMessage): string =>
      'getPeerCertificate' in socket
        ? JSON.stringify((socket as import('node:tls').TLSSocket).getPeerCertificate())
        : '';
    const storage = await server(
      (request, response) => {
        seen.push(peer(request));
        response.end('layer');
      },
      { certificate: 'server', asksForClientCertificate: true },
    );
    const home = await server(
      (request, response) => {
        seen.push(peer(request));
        response.writeHead(307, { location: storage.url.href }).end();
      },
      { certificate: 'server', wantsClientCertificate: true },
    );
    for (const engine of ['auto', 'node', 'undici'] as const) {
      const sender = await transport({ registry: home.host, engine, connection: { ca, ...identity } });
      expect(await textOf(await sender.send({ method: 'GET', url: home.url }))).toBe('layer');
    }
    expect(seen.map((certificate) => certificate.includes('test client'))).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('may be anything when told so for the registry, but not for the storage it redirects to', async () => {
    const storage = await server((_, response) => response.end('layer'), { certificate: 'server' });
    const home = await server((_, response) => response.writeHead(307, { location: storage.url.href }).end(), {
      certificate: 'other',
    });
    for (const engine of ['auto', 'node', 'undici'] as const) {
      const sender = await transport({ registry: home.host, engine, connection: { insecure: true } });
      await expect(sender.send({ method: 'GET', url: home.url })).rejects.toMatchObject({
        code: 'TLS_FAILED',
        details: { registry: storage.host },
      });
    }
  });

  it('that cannot be used are said before anything is sent', async () => {
    for (const engine of ['auto', 'node', 'undici'] as const) {
      await expect(transport({ registry: 'r.example', engine, connection: { ca: 'nonsense' } })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        details: { argument: 'ca' },
      });
    }
  });
});

describe('the log', () => {
  function recorder(): { logger: Logger; lines: { level: string; event: string; fields: LogFields | undefined }[] } {
    const lines: { level: string; event: string; fields: LogFields | undefined }[] = [];
    const at = (level: string) => (event: string, fields?: LogFields) => void lines.push({ level, event, fields });
    return {
      lines,
      logger: { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    };
  }

  it('has one line for each request that was sent, without any secret', async () => {
    const { logger, lines } = recorder();
    const storage = await server((_, response) => response.setHeader('set-cookie', 'sid=hunter2').end('layer'));
    const home = await server((request, response) => {
      if (request.url?.startsWith('/token')) response.end('{"token":"hunter2hunter2"}');
      else if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Bearer realm="/token?key=hunter2",service="x"' }).end();
      } else response.writeHead(307, { location: new URL('signed?sig=hunter2', storage.url).href }).end();
    });
    const sender = await transport({ registry: home.host, credentials: knowsAlice, logger });
    await textOf(await sender.send({ method: 'GET', url: new URL('/v2/?secret=hunter2', home.url) }));
    expect(lines.map(({ level, event, fields }) => [level, event, fields?.['status']])).toEqual([
      ['trace', 'http_request', 401],
      ['debug', 'credential', undefined],
      ['debug', 'basic_auth_credentials_loaded', undefined],
      ['trace', 'http_request', 200],
      ['trace', 'http_request', 307],
      ['trace', 'http_request', 200],
    ]);
    const text = JSON.stringify(lines);
    for (const secret of ['hunter2', Buffer.from('alice:hunter2').toString('base64')])
      expect(text).not.toContain(secret);
  });

  it('has one for a request that failed', async () => {
    const { logger, lines } = recorder();
    const home = await server((request) => request.socket.destroy());
    const sender = await transport({ registry: home.host, logger, retry: { maxAttempts: 1 } });
    await expect(sender.send({ method: 'GET', url: home.url })).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'trace',
        fields: expect.objectContaining({ error: expect.stringMatching(/closed/) }),
      }),
    ]);
  });
});
