import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createUndiciTransport } from '../../../../src/oci/transport/engines/undici.ts';
import { RETRY_DEFAULTS, retrying } from '../../../../src/oci/transport/retry.ts';
import type { Transport } from '../../../../src/oci/transport/transport.ts';
import { type ProxyOptions, startProxy, type TestProxy } from '../../../support/proxyServer.ts';
import { transportContract } from '../../../support/transportContract.ts';
import { closedPort, type ServeOptions, serve, type TestServer, tlsFixture } from '../../../support/transportServer.ts';

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

  interface Started {
    readonly proxy: TestProxy;
    readonly home: TestServer;
    readonly sender: Transport;
  }
  async function setUp(
    options: ServeOptions & Omit<ProxyOptions, 'target'> & { readonly userInfo?: string } = {},
  ): Promise<Started> {
    const home = await serve((_, response) => response.end('through'), options);
    cleanup.push(() => home.close());
    const proxy = await startProxy({ ...options, target: home.url });
    cleanup.push(async () => proxy[Symbol.asyncDispose]());
    const { userInfo } = options;
    const sender = senderThrough(userInfo === undefined ? proxy.origin : proxy.origin.replace('//', `//${userInfo}@`));
    return { proxy, home, sender };
  }

  function senderThrough(proxy: string): Transport {
    for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'NO_PROXY']) vi.stubEnv(name, undefined);
    vi.stubEnv('HTTP_PROXY', proxy);
    vi.stubEnv('HTTPS_PROXY', proxy);
    vi.stubEnv('NO_PROXY', 'direct.invalid');
    const sender = createUndiciTransport({ ca: tlsFixture('ca.crt'), timeoutSeconds: 10 });
    cleanup.push(() => sender.close());
    return sender;
  }

  const get = async (sender: Transport, url: string | URL): Promise<string> => {
    let text = '';
    const response = await sender.send({ method: 'GET', url: new URL(url) });
    for await (const chunk of response.body) text += Buffer.from(chunk).toString();
    return text;
  };

  it('from the environment carry http', async () => {
    const { proxy, sender } = await setUp();
    expect(await get(sender, 'http://registry.example/v2/')).toBe('through');
    expect(proxy.asked).toEqual(['GET http://registry.example/v2/']);
  });

  it('from the environment carry https, whose certificate is the registry’s', async () => {
    const { proxy, sender } = await setUp({ certificate: 'other' });
    expect(await get(sender, 'https://registry.example/v2/')).toBe('through');
    expect(proxy.asked).toEqual(['CONNECT registry.example:443']);
    await expect(get(sender, 'https://else.example/v2/')).rejects.toMatchObject({
      code: 'TLS_FAILED',
      details: { problem: 'name' },
    });
  });

  it.each(['http', 'https'])('may be https under an address, of which Node has nothing to warn: %s', async (scheme) => {
    const warned: Error[] = [];
    const listen = (warning: Error): number => warned.push(warning);
    process.on('warning', listen);
    cleanup.push(async () => void process.off('warning', listen));
    const { proxy, sender } = await setUp({
      ownCertificate: 'server',
      ...(scheme === 'https' && { certificate: 'other' }),
    });
    expect(await get(sender, `${scheme}://registry.example/v2/`)).toBe('through');
    expect(proxy.asked).toHaveLength(1);
    const other = await setUp({ ownCertificate: 'other' });
    await expect(get(other.sender, `${scheme}://registry.example/v2/`)).rejects.toMatchObject({
      code: 'TLS_FAILED',
      details: { problem: 'name' },
    });
    expect(other.proxy.asked).toEqual([]);
    expect(warned).toEqual([]);
  });

  it('are passed by for NO_PROXY', async () => {
    const { proxy, sender } = await setUp();
    await expect(get(sender, 'http://direct.invalid/')).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(proxy.asked).toEqual([]);
  });

  it('are passed by for this machine', async () => {
    const { proxy, home, sender } = await setUp();
    expect(await get(sender, home.url)).toBe('through');
    expect(proxy.asked).toEqual([]);
  });

  it.each(['http', 'https'])('get the user name and the password in their address: %s', async (scheme) => {
    const user = { user: 'mé:p@ss', userInfo: 'm%C3%A9:p%40ss' };
    const { proxy, home, sender } = await setUp({ ...user, ...(scheme === 'https' && { certificate: 'other' }) });
    expect(await get(sender, `${scheme}://registry.example/v2/`)).toBe('through');
    expect(proxy.asked).toHaveLength(1);
    expect(home.requests.map(({ headers }) => headers['proxy-authorization'])).toEqual([undefined]);
  });

  it.each(['http', 'https'])('that want another password say so, once, and nothing shows it: %s', async (scheme) => {
    const { proxy, sender } = await setUp({ user: 'me:right', userInfo: 'me:wrong-word' });
    const failing = retrying(sender, { ...RETRY_DEFAULTS, initialDelayMs: 0 });
    const error: unknown = await failing
      .send({ method: 'GET', url: new URL(`${scheme}://registry.example/v2/`) })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'PROXY_REFUSED',
      details: { registry: expect.stringContaining('registry.example'), proxy: proxy.origin, status: 407 },
    });
    expect(proxy.asked).toHaveLength(1);
    expect(inspect(error, { depth: 9 })).not.toMatch(new RegExp(`wrong-word|${btoa('me:wrong-word')}`));
  });

  it('that do not let us through, and those that are not available, are named', async () => {
    const closed = await setUp({ status: 403 });
    await expect(get(closed.sender, 'https://registry.example/')).rejects.toMatchObject({
      code: 'PROXY_REFUSED',
      details: { status: 403 },
    });
    const down = await setUp({ status: 503 });
    await expect(get(down.sender, 'https://registry.example/')).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
      details: { reason: expect.stringContaining(`the proxy ${down.proxy.origin}`) },
    });
    const { host } = await closedPort();
    for (const scheme of ['http', 'https']) {
      await expect(
        get(senderThrough(`http://me:secret@${host}`), `${scheme}://registry.example/`),
      ).rejects.toMatchObject({
        code: 'REGISTRY_UNAVAILABLE',
        details: {
          reason: expect.stringMatching(new RegExp(`^by the proxy http://${host}: the connection was refused`)),
        },
      });
    }
  });
});
