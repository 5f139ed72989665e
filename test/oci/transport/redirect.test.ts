import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { followRedirects } from '../../../src/oci/transport/redirect.ts';
import type { HttpBody, HttpRequest, HttpResponse, Transport } from '../../../src/oci/transport/transport.ts';
import { serve, type TestServer } from '../../support/transportServer.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function server(handler: RequestListener): Promise<TestServer> {
  const made = await serve(handler);
  cleanup.push(() => made.close());
  return made;
}

function following(): Transport {
  const transport = followRedirects(createUndiciTransport({}));
  cleanup.push(() => transport.close());
  return transport;
}

/** Answers `/to?status=S&location=L` with that redirect, and anything else with the method and body it got. */
const registry: RequestListener = (request, response) => {
  const query = new URL(request.url ?? '', 'http://x').searchParams;
  const location = query.get('location');
  if (location !== null) {
    request.resume();
    request.on('end', () => response.writeHead(Number(query.get('status') ?? 307), { location }).end('moved'));
    return;
  }
  let body = '';
  request.on('data', (chunk) => {
    body += String(chunk);
  });
  request.on('end', () => response.end(`${request.method} ${body}`));
};

function to(server: TestServer, location: string, status = 307): URL {
  const url = new URL('to', server.url);
  url.searchParams.set('location', location);
  url.searchParams.set('status', String(status));
  return url;
}

function bodyOf(text: string): HttpBody & { readonly opened: number } {
  let opened = 0;
  return {
    size: text.length,
    get opened() {
      return opened;
    },
    open: async function* () {
      opened++;
      yield Buffer.from(text);
    },
  };
}

async function textOf(response: HttpResponse): Promise<string> {
  let text = '';
  for await (const chunk of response.body) text += Buffer.from(chunk).toString();
  return text;
}

const PRIVATE = { authorization: 'Bearer secret', cookie: 'sid=1', 'x-api-key': 'secret' };
const PUBLIC = { accept: 'a/b', range: 'bytes=0-3', 'user-agent': 'test' };

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is followed by GET and HEAD', async (status) => {
    const home = await server(registry);
    const transport = following();
    for (const method of ['GET', 'HEAD'] as const) {
      const response = await transport.send({ method, url: to(home, '/blob', status) });
      expect([response.status, response.url.pathname]).toEqual([200, '/blob']);
      expect(await textOf(response)).toBe(method === 'GET' ? 'GET ' : '');
    }
  });

  it.each([307, 308])('%i is followed by an upload, with its body opened again', async (status) => {
    const home = await server(registry);
    for (const method of ['POST', 'PUT', 'PATCH'] as const) {
      const body = bodyOf('content');
      const response = await following().send({ method, url: to(home, '/else', status), body });
      expect([await textOf(response), body.opened]).toEqual([`${method} content`, 2]);
    }
  });

  it.each([301, 302, 303])('%i is not followed by a write', async (status) => {
    const home = await server(registry);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const response = await following().send({ method, url: to(home, '/else', status) });
      expect([response.status, await textOf(response)]).toEqual([status, 'moved']);
    }
    expect(home.requests).toHaveLength(4);
  });

  it('304 is an answer', async () => {
    const home = await server((_, response) => response.writeHead(304, { location: '/x' }).end());
    expect((await following().send({ method: 'GET', url: home.url })).status).toBe(304);
  });

  it('may be relative, and loses its fragment', async () => {
    const home = await server(registry);
    const response = await following().send({ method: 'GET', url: to(home, 'blob?x=1#part') });
    expect(response.url.href).toBe(`${home.url}blob?x=1`);
    await response.discard();
  });

  it('gives the connection back before the next hop', async () => {
    const home = await server(registry);
    const transport = following();
    for (let time = 0; time < 5; time++) await textOf(await transport.send({ method: 'GET', url: to(home, '/blob') }));
    expect(home.connections).toBeLessThanOrEqual(2);
  });
});

describe('what belongs to the origin', () => {
  const send = async (url: URL, more: Partial<HttpRequest> = {}): Promise<string> =>
    textOf(await following().send({ method: 'GET', url, headers: { ...PUBLIC, ...PRIVATE }, ...more }));

  it('goes along on the same origin', async () => {
    const home = await server(registry);
    await textOf(await following().send({ method: 'GET', url: to(home, '/blob'), headers: { ...PUBLIC, ...PRIVATE } }));
    expect(home.requests[1]?.headers).toMatchObject({ ...PUBLIC, ...PRIVATE });
  });

  it('does not go to another port of the same host', async () => {
    const [home, other] = [await server(registry), await server(registry)];
    await send(to(home, `${other.url}blob`));
    expect(other.requests[0]?.headers).toMatchObject(PUBLIC);
    for (const name of Object.keys(PRIVATE)) expect(other.requests[0]?.headers).not.toHaveProperty(name);
  });

  it('does not go to another name of the same address', async () => {
    const home = await server(registry);
    const elsewhere = new URL('/blob', home.url);
    elsewhere.hostname = 'localhost';
    await send(to(home, elsewhere.href), { headers: { authorization: 'Bearer secret' } });
    expect(home.requests[1]?.headers.host).toBe(elsewhere.host);
    expect(home.requests[1]?.headers.authorization).toBeUndefined();
  });

  it('is not sent again when the way leads back', async () => {
    const [home, other] = [await server(registry), await server(registry)];
    await send(to(home, to(other, `${home.url}blob`).href), { headers: { authorization: 'Bearer secret' } });
    expect(home.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', undefined]);
  });

  it('does not go along with an upload either, while its type does', async () => {
    const [home, other] = [await server(registry), await server(registry)];
    const headers = { authorization: 'Bearer secret', 'content-type': 'a/b', 'content-range': '0-6' };
    expect(await send(to(home, `${other.url}up`), { method: 'PUT', headers, body: bodyOf('content') })).toBe(
      'PUT content',
    );
    expect(other.requests[0]?.headers).toMatchObject({
      'content-type': 'a/b',
      'content-range': '0-6',
      'content-length': '7',
    });
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe('a redirect is refused', () => {
  const refused = async (location: string, code = 'REDIRECT_REFUSED'): Promise<Error> => {
    const home = await server(registry);
    const error: unknown = await following()
      .send({ method: 'GET', url: to(home, location) })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(home.requests).toHaveLength(1);
    return error as Error;
  };

  it('to a scheme that is not http or https', () => refused('ftp://127.0.0.1/x'));
  it('with user information, which it does not show', async () => {
    expect((await refused('http://user:hunter2@127.0.0.1:1/x?sig=hunter2')).message).not.toContain('hunter2');
  });
  it('without Location', () => refused('', 'INVALID_RESPONSE'));
  it('with a Location that is no address', () => refused('http://[nonsense', 'INVALID_RESPONSE'));

  it('in a circle', async () => {
    const home = await server((request, response) =>
      response.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' }).end(),
    );
    const sent = following().send({ method: 'GET', url: new URL('a', home.url) });
    await expect(sent).rejects.toMatchObject({
      code: 'REDIRECT_REFUSED',
      details: { reason: expect.stringMatching(/circle/) },
    });
    expect(home.requests).toHaveLength(2);
  });

  it('after ten', async () => {
    const home = await server((request, response) => response.writeHead(302, { location: `${request.url}x` }).end());
    await expect(following().send({ method: 'GET', url: home.url })).rejects.toMatchObject({
      code: 'REDIRECT_REFUSED',
    });
    expect(home.requests).toHaveLength(11);
  });

  it('from https to http, before anything is sent there', async () => {
    const sent: string[] = [];
    const fake: Transport = {
      send: async ({ url }) => {
        sent.push(url.href);
        const headers = new Map([['location', 'http://registry.example/blob']]);
        return { status: 307, headers, url, body: (async function* () {})(), discard: async () => {} };
      },
      close: async () => {},
    };
    const following = followRedirects(fake).send({ method: 'GET', url: new URL('https://registry.example/') });
    await expect(following).rejects.toMatchObject({ code: 'REDIRECT_REFUSED' });
    expect(sent).toEqual(['https://registry.example/']);
  });
});
