import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createUndiciTransport } from '../../../../src/oci/transport/engines/undici.ts';
import type { Transport } from '../../../../src/oci/transport/transport.ts';
import { transportContract } from '../../../support/transportContract.ts';
import { type ServeOptions, serve, type TestServer, tlsFixture } from '../../../support/transportServer.ts';

transportContract('undici', createUndiciTransport, {
  ownCertificates: true,
  keepsContentCoding: true,
  reusesAfterHead: true,
  tellsConnecting: true,
});

describe('proxies', () => {
  const cleanup: (() => Promise<void>)[] = [];
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const close of cleanup.splice(0).toReversed()) await close();
  });

  /** Notes what it is asked for, and takes everything to the one server. */
  async function proxyTo(target: TestServer): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const proxy = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { pathname } = new URL(request.url ?? '');
      http.get(new URL(pathname, target.url), (answer) => answer.pipe(response));
    });
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(`CONNECT ${request.url}`);
      const out = net.connect(Number(target.url.port), target.url.hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(out).pipe(socket);
      });
      socket.on('error', () => out.destroy());
      out.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    cleanup.push(async () => {
      proxy.closeAllConnections();
      proxy.close();
    });
    return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
  }

  async function setUp(options: ServeOptions = {}): Promise<{ asked: string[]; home: TestServer; sender: Transport }> {
    const home = await serve((_, response) => response.end('through'), options);
    cleanup.push(() => home.close());
    const proxy = await proxyTo(home);
    for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'NO_PROXY']) vi.stubEnv(name, undefined);
    vi.stubEnv('HTTP_PROXY', proxy.url);
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    vi.stubEnv('NO_PROXY', 'direct.invalid');
    const sender = createUndiciTransport({ ca: tlsFixture('ca.crt') });
    cleanup.push(() => sender.close());
    return { asked: proxy.asked, home, sender };
  }

  const get = async (sender: Transport, url: URL): Promise<string> => {
    let text = '';
    for await (const chunk of (await sender.send({ method: 'GET', url })).body) text += Buffer.from(chunk).toString();
    return text;
  };

  it('from the environment carry http', async () => {
    const { asked, sender } = await setUp();
    expect(await get(sender, new URL('http://registry.example/v2/'))).toBe('through');
    expect(asked).toEqual(['GET http://registry.example/v2/']);
  });

  it('from the environment carry https, whose certificate is the registry’s', async () => {
    const { asked, sender } = await setUp({ certificate: 'other' });
    expect(await get(sender, new URL('https://registry.example/v2/'))).toBe('through');
    expect(asked).toEqual(['CONNECT registry.example:443']);
    await expect(get(sender, new URL('https://else.example/v2/'))).rejects.toMatchObject({ code: 'TLS_FAILED' });
  });

  it('are passed by for NO_PROXY', async () => {
    const { asked, sender } = await setUp();
    await expect(get(sender, new URL('http://direct.invalid/'))).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
    });
    expect(asked).toEqual([]);
  });

  it('are passed by for this machine', async () => {
    const { asked, home, sender } = await setUp();
    expect(await get(sender, home.url)).toBe('through');
    expect(asked).toEqual([]);
  });
});
