import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Credential, CredentialSource } from '../../../src/oci/credentials/credentials.ts';
import { silentLogger } from '../../../src/oci/telemetry/logger.ts';
import { authorized } from '../../../src/oci/transport/authorize.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { memoryPins, type RealmPins } from '../../../src/oci/transport/realmPins.ts';
import { followRedirects } from '../../../src/oci/transport/redirect.ts';
import type { SignInOptions } from '../../../src/oci/transport/signIn.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../../src/oci/transport/transport.ts';
import { serve, type TestServer } from '../../support/transportServer.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of cleanup.splice(0).toReversed()) await close();
});

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function server(handler: Answer): Promise<TestServer> {
  const made = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => handler(request, response, body));
  });
  cleanup.push(() => made.close());
  return made;
}

const ALICE: Credential = { kind: 'basic', username: 'alice', password: 'secret', source: 'test file' };
const ALICE_HEADER = `Basic ${Buffer.from('alice:secret').toString('base64')}`;
const IDENTITY: Credential = { kind: 'identityToken', token: 'refresh-me', source: 'test file' };
const STATIC: Credential = { kind: 'registryToken', token: 'ready-made', source: 'test file' };

const knows = (credential: Credential | undefined): CredentialSource => ({ credentialFor: async () => credential });

function transport(registry: string, credentials: CredentialSource, more: Partial<SignInOptions> = {}): Transport {
  const engine = createUndiciTransport({ timeoutSeconds: 10 });
  const pins: RealmPins = { ...memoryPins(), allows: async () => true };
  const made = authorized(followRedirects(engine), { registry, credentials, tokenTransport: engine, pins, ...more });
  cleanup.push(() => made.close());
  return made;
}

async function statusOf(sent: Promise<HttpResponse>): Promise<number> {
  const response = await sent;
  await response.discard();
  return response.status;
}

const at = (home: TestServer, path: string): URL => new URL(path, home.url);
const get = (home: TestServer, path = '/v2/acme/app/manifests/1'): HttpRequest => ({
  method: 'GET',
  url: at(home, path),
});
const put = (home: TestServer): HttpRequest => ({ method: 'POST', url: at(home, '/v2/acme/app/blobs/uploads/') });
const sentTo = (home: TestServer): readonly (string | undefined)[] =>
  home.requests.map(({ headers }) => headers.authorization);
const refuse = (response: ServerResponse, challenge: string, status = 401): void => {
  response.writeHead(status, { 'www-authenticate': challenge }).end();
};

/** A registry that takes `Bearer granted`, and a token server of its own that answers as told. */
async function tokenRegistry(answer: Answer): Promise<{ home: TestServer; tokens: TestServer }> {
  const tokens = await server(answer);
  const home = await server(({ headers }, response) => {
    if (headers.authorization === 'Bearer granted') response.end('content');
    else refuse(response, `Bearer realm="${tokens.url}token",service="s",scope="repository:acme/app:pull"`);
  });
  return { home, tokens };
}

const granted = JSON.stringify({ access_token: 'granted', expires_in: 300 });

describe('an identity token', () => {
  it('goes to the token server by POST, and nowhere else', async () => {
    const forms: URLSearchParams[] = [];
    const { home, tokens } = await tokenRegistry((_, response, body) => {
      forms.push(new URLSearchParams(body));
      response.end(granted);
    });
    expect(await statusOf(transport(home.host, knows(IDENTITY)).send(get(home)))).toBe(200);
    expect(forms.map((form) => Object.fromEntries(form))).toEqual([
      {
        grant_type: 'refresh_token',
        client_id: 'floe-oci',
        refresh_token: 'refresh-me',
        service: 's',
        scope: 'repository:acme/app:pull',
      },
    ]);
    expect(
      tokens.requests.map(({ method, url, headers }) => [method, url, headers['content-type'], headers.authorization]),
    ).toEqual([['POST', '/token', 'application/x-www-form-urlencoded', undefined]]);
    expect(sentTo(home)).toEqual([undefined, 'Bearer granted']);
  });

  it.each([400, 401, 404, 405])('is sent as a password by GET where a POST is answered with %i', async (status) => {
    const { home, tokens } = await tokenRegistry(({ method }, response) => {
      if (method === 'POST') response.writeHead(status).end();
      else response.end(granted);
    });
    expect(await statusOf(transport(home.host, knows({ ...IDENTITY, username: 'alice' })).send(get(home)))).toBe(200);
    expect(sentTo(tokens)).toEqual([undefined, `Basic ${Buffer.from('alice:refresh-me').toString('base64')}`]);
  });

  it('is asked for by who signs in with a password, and by nobody else', async () => {
    const answer = JSON.stringify({ ...JSON.parse(granted), refresh_token: 'given' });
    const { home, tokens } = await tokenRegistry((_, response) => response.end(answer));
    const onIdentityToken = vi.fn();
    for (const credential of [ALICE, { ...ALICE, onIdentityToken } as Credential]) {
      expect(await statusOf(transport(home.host, knows(credential)).send(get(home)))).toBe(200);
    }
    const asked = tokens.requests.map(({ url }) => new URL(url ?? '', tokens.url).searchParams.get('offline_token'));
    expect(asked).toEqual([null, 'true']);
    expect(onIdentityToken.mock.calls).toEqual([['given']]);
  });

  it('is not sent again by GET where the POST failed otherwise', async () => {
    const { home, tokens } = await tokenRegistry((_, response) => response.writeHead(403).end());
    await expect(transport(home.host, knows(IDENTITY)).send(put(home))).rejects.toMatchObject({ code: 'DENIED' });
    expect(tokens.requests).toHaveLength(1);
  });

  /** A registry whose tokens are good once, and a token server that replaces the identity token each time. */
  async function rotating(): Promise<{ home: TestServer; sent: string[] }> {
    const sent: string[] = [];
    let current = 'refresh-me';
    const tokens = await server(({ method }, response, body) => {
      const token = new URLSearchParams(body).get('refresh_token') ?? '';
      sent.push(`${method} ${token}`);
      if (token !== current) return response.writeHead(401).end();
      current = `renewed-${sent.length}`;
      return response.end(JSON.stringify({ access_token: `granted-${sent.length}`, refresh_token: current }));
    });
    const used = new Set<string>();
    const home = await server(({ headers, url }, response) => {
      const token = headers.authorization ?? '';
      const repository = url?.split('/')[3];
      if (!token.startsWith('Bearer granted') || used.has(token)) {
        return refuse(response, `Bearer realm="${tokens.url}token",scope="repository:acme/${repository}:pull"`);
      }
      used.add(token);
      return response.end();
    });
    return { home, sent };
  }

  it('that the token server replaces is used in its new form from then on', async () => {
    const { home, sent } = await rotating();
    const sender = transport(home.host, knows(IDENTITY));
    for (const _ of [1, 2, 3]) expect(await statusOf(sender.send(get(home)))).toBe(200);
    expect(sent).toEqual(['POST refresh-me', 'POST renewed-1', 'POST renewed-2']);
  });

  it('that is replaced while another request sends the old one is sent again in its new form', async () => {
    const { home, sent } = await rotating();
    const sender = transport(home.host, knows(IDENTITY));
    expect(await statusOf(sender.send(get(home)))).toBe(200);
    const many = ['a', 'b', 'c'].map((name) => sender.send(get(home, `/v2/acme/${name}/manifests/1`)));
    expect(await Promise.all(many.map(statusOf))).toEqual([200, 200, 200]);
    expect(sent.filter((line) => line.startsWith('GET'))).toEqual([]);
  });

  it('is never sent to the registry, whatever it asks for', async () => {
    const home = await server((_, response) => refuse(response, 'Basic realm="give"'));
    expect(await statusOf(transport(home.host, knows(IDENTITY)).send(get(home)))).toBe(401);
    expect(sentTo(home)).toEqual([undefined]);
  });
});

describe('a registry token', () => {
  it('is sent to the registry as it is, and never to its token server', async () => {
    const tokens = await server((_, response) => response.end(granted));
    const home = await server(({ headers }, response) => {
      if (headers.authorization === 'Bearer ready-made') response.end();
      else refuse(response, `Bearer realm="${tokens.url}token"`);
    });
    const sender = transport(home.host, knows(STATIC));
    for (let time = 0; time < 2; time++) expect(await statusOf(sender.send(get(home)))).toBe(200);
    expect(sentTo(home)).toEqual([undefined, 'Bearer ready-made', 'Bearer ready-made']);
    expect(tokens.requests).toHaveLength(0);
  });

  it('that is refused is neither exchanged nor done without', async () => {
    const { home, tokens } = await tokenRegistry((_, response) => response.end(granted));
    expect(await statusOf(transport(home.host, knows(STATIC)).send(get(home)))).toBe(401);
    expect(sentTo(home)).toEqual([undefined, 'Bearer ready-made']);
    expect(tokens.requests).toHaveLength(0);
  });

  it('that cannot stand in a header is refused without being shown', async () => {
    const { home } = await tokenRegistry((_, response) => response.end(granted));
    const sent = transport(home.host, knows({ ...STATIC, token: 'ready-made\n' })).send(get(home));
    await expect(sent).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.not.stringContaining('ready'),
    });
  });
});

describe('a token', () => {
  const jwt = (exp: number): string =>
    ['{"alg":"none"}', JSON.stringify({ exp })]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.')
      .concat('.x');

  /** How many tokens were fetched for two requests that are some seconds apart. */
  async function fetchedAfter(
    seconds: number,
    answer: () => object,
    clock: 'wall' | 'steady' = 'wall',
  ): Promise<number> {
    vi.useFakeTimers({ toFake: clock === 'wall' ? ['Date'] : ['Date', 'performance'] });
    const wall = Date.now();
    const { token } = answer() as { token: string };
    const tokens = await server((_, response) => response.end(JSON.stringify(answer())));
    const home = await server(({ headers }, response) => {
      if (headers.authorization === `Bearer ${token}`) response.end();
      else refuse(response, `Bearer realm="${tokens.url}"`);
    });
    const sender = transport(home.host, knows(undefined));
    await statusOf(sender.send(get(home)));
    if (clock === 'wall') vi.setSystemTime(wall + seconds * 1000);
    else vi.advanceTimersByTime(seconds * 1000);
    // Somebody sets the clock back by a day.
    if (clock === 'steady') vi.setSystemTime(wall - 86_400_000);
    await statusOf(sender.send(get(home)));
    return tokens.requests.length;
  }

  it('does not live longer because the clock is set back', async () => {
    expect(await fetchedAfter(80, () => ({ token: 't', expires_in: 60 }), 'steady')).toBe(2);
    expect(await fetchedAfter(20, () => ({ token: 't', expires_in: 60 }), 'steady')).toBe(1);
  });

  it.each<[string, { readonly expires_in?: number; readonly issued_at?: unknown }, number, number]>([
    ['says nothing', {}, 40, 1],
    ['says nothing', {}, 55, 2],
    ['lives long', { expires_in: 300 }, 260, 1],
    ['lives long, but not for ever', { expires_in: 300 }, 275, 2],
    ['was issued some time ago', { expires_in: 300, issued_at: -200 }, 80, 2],
    ['was issued tomorrow, by its clock', { expires_in: 300, issued_at: 86_400 }, 260, 1],
    ['was issued at no time', { expires_in: 300, issued_at: 'soon' }, 260, 1],
    ['says that it has ended', { expires_in: -5 }, 40, 1],
  ])(
    'that %s (%j) is used for %i seconds with %i requests',
    async (_, { issued_at: issued, ...lifetime }, seconds, requests) => {
      const issued_at = typeof issued === 'number' ? new Date(Date.now() + issued * 1000).toISOString() : issued;
      expect(await fetchedAfter(seconds, () => ({ token: 't', ...lifetime, issued_at }))).toBe(requests);
    },
  );

  it.each([
    ['an hour', 3600, 600, 1],
    ['a second', 1, 40, 1],
    ['a year, of which an hour counts', 31_536_000, 3590, 2],
  ])('that itself claims to live for %s is taken at its word within limits', async (_, claim, seconds, requests) => {
    const token = jwt(Math.floor(Date.now() / 1000) + claim);
    expect(await fetchedAfter(seconds, () => ({ token }))).toBe(requests);
  });
});

describe('a scope that turns out to be too small', () => {
  it('is asked for again together with what was there', async () => {
    const wanted: string[][] = [];
    const home = await server(({ url, headers }, response) => {
      if (url?.startsWith('/token')) {
        const scopes = new URL(url, 'http://x').searchParams.getAll('scope');
        wanted.push(scopes);
        response.end(JSON.stringify({ token: Buffer.from(scopes.join(' ')).toString('base64') }));
        return;
      }
      const has = Buffer.from(headers.authorization?.slice(7) ?? '', 'base64').toString();
      const scope = has === '' ? 'repository:acme/app:pull' : 'repository:acme/app:push';
      if (has === 'repository:acme/app:pull,push') response.end();
      else refuse(response, `Bearer realm="/token",scope="${scope}",error="insufficient_scope"`);
    });
    expect(await statusOf(transport(home.host, knows(undefined)).send(get(home)))).toBe(200);
    expect(wanted).toEqual([['repository:acme/app:pull'], ['repository:acme/app:pull,push']]);
  });
});

describe('a host that wants Basic for its catalog and tokens for its content', () => {
  it('gets each where it wants it, at once from the second time on', async () => {
    const home = await server(({ url, headers }, response) => {
      const isCatalog = url === '/v2/_catalog';
      if (url?.startsWith('/token')) response.end(granted);
      else if (headers.authorization === (isCatalog ? ALICE_HEADER : 'Bearer granted')) response.end();
      else refuse(response, isCatalog || headers.authorization ? 'Basic realm="harbor"' : 'Bearer realm="/token"');
    });
    const sender = transport(home.host, knows(ALICE));
    for (let time = 0; time < 2; time++) {
      expect(await statusOf(sender.send(get(home, '/v2/_catalog')))).toBe(200);
      expect(await statusOf(sender.send(get(home)))).toBe(200);
    }
    const content = home.requests.filter(({ url }) => url?.startsWith('/v2/acme'));
    expect(content.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer granted',
      'Bearer granted',
    ]);
    expect(home.requests).toHaveLength(7);
  });
});

describe('a refused credential', () => {
  const logger = () => ({ ...silentLogger, debug: vi.fn(), warn: vi.fn() });

  it('is done without where content is public, and the log says so once', async () => {
    const { home, tokens } = await tokenRegistry(({ headers }, response) => {
      if (headers.authorization) response.writeHead(401).end();
      else response.end(granted);
    });
    const log = logger();
    const sender = transport(home.host, knows(ALICE), { logger: log });
    for (let time = 0; time < 2; time++) expect(await statusOf(sender.send(get(home)))).toBe(200);
    expect(sentTo(tokens)).toEqual([ALICE_HEADER, undefined]);
    expect(log.warn.mock.calls).toEqual([
      ['credential_refused', { registry: home.host, source: 'test file', username: 'alice', instead: 'anonymous' }],
    ]);
  });

  it('fails what writes, and what asks about the registry, with the words of the token server', async () => {
    const { home, tokens } = await tokenRegistry(({ headers }, response) => {
      if (headers.authorization) response.writeHead(401).end('{"details":"account locked"}');
      else response.end(granted);
    });
    for (const request of [put(home), get(home, '/v2/'), get(home, '/v2/_catalog')]) {
      await expect(transport(home.host, knows(ALICE)).send(request)).rejects.toMatchObject({
        code: 'UNAUTHORIZED',
        message: expect.stringContaining('account locked'),
      });
    }
    expect(sentTo(tokens)).toEqual([ALICE_HEADER, ALICE_HEADER, ALICE_HEADER]);
  });

  it('is what the error is about when content turns out not to be public', async () => {
    for (const anonymously of [401, 200]) {
      const { home } = await tokenRegistry(({ headers }, response) => {
        if (headers.authorization) response.writeHead(401).end('{"details":"account locked"}');
        else response.writeHead(anonymously).end('{"token":"worthless"}');
      });
      const log = logger();
      const sent = transport(home.host, knows(ALICE), { logger: log }).send(get(home));
      await expect(sent).rejects.toMatchObject({
        code: 'UNAUTHORIZED',
        message: expect.stringContaining('account locked'),
      });
      expect(log.warn).not.toHaveBeenCalled();
    }
  });

  it('is not sent again for half a minute, whatever is asked for', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { home, tokens } = await tokenRegistry((_, response) => response.writeHead(401).end());
    const sender = transport(home.host, knows(ALICE));
    const fails = (request: HttpRequest): Promise<void> =>
      expect(sender.send(request)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    for (const name of ['a', 'b', 'c']) await fails({ method: 'PUT', url: at(home, `/v2/acme/${name}/manifests/1`) });
    expect(sentTo(tokens)).toEqual([ALICE_HEADER]);
    vi.setSystemTime(Date.now() + 31_000);
    await fails(put(home));
    expect(sentTo(tokens)).toEqual([ALICE_HEADER, ALICE_HEADER]);
  });

  it.each(['Basic', 'Bearer'])('is one refusal when many requests are sent at once: %s', async (scheme) => {
    const { home, tokens } = await tokenRegistry((_, response) => response.writeHead(401).end());
    const basic = await server((_, response) => refuse(response, 'Basic realm="x"'));
    const registry = scheme === 'Basic' ? basic : home;
    const sender = transport(registry.host, knows(ALICE));
    const all = Array.from({ length: 30 }, (_, index) =>
      sender.send({ method: 'PUT', url: at(registry, `/v2/acme/app${index}/manifests/1`) }),
    );
    await Promise.allSettled(all);
    const refused = [...sentTo(basic), ...sentTo(tokens)].filter((header) => header !== undefined);
    expect(refused).toEqual([ALICE_HEADER]);
  });

  it('is waited for no longer than the request that waits is wanted', async () => {
    const go = Promise.withResolvers<void>();
    const { home, tokens } = await tokenRegistry((_, response) => void go.promise.then(() => response.end(granted)));
    const sender = transport(home.host, knows(ALICE));
    const abort = new AbortController();
    const first = statusOf(sender.send(get(home)));
    await vi.waitFor(() => expect(tokens.requests).toHaveLength(1));
    const second = sender.send({ method: 'PUT', url: at(home, '/v2/acme/b/manifests/1') }, { signal: abort.signal });
    const failed = expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    await vi.waitFor(() => expect(home.requests).toHaveLength(2));
    abort.abort();
    await failed;
    go.resolve();
    expect(await first).toBe(200);
    expect(tokens.requests).toHaveLength(1);
  });

  it('that uploads what it downloads meanwhile does not wait for itself', async () => {
    const home = await server(({ headers }, response, body) => {
      if (headers.authorization === undefined) refuse(response, 'Basic realm="x"');
      else response.end(body || 'layer');
    });
    const sender = transport(home.host, knows(ALICE));
    let opened = 0;
    const download = async function* (): AsyncGenerator<Uint8Array> {
      // The upload that is sent before the password is asked for needs nothing.
      if (++opened === 1) yield Buffer.from('layer');
      else yield* (await sender.send(get(home, '/v2/acme/b/blobs/x'))).body;
    };
    const url = at(home, '/v2/acme/app/blobs/uploads/1?digest=x');
    expect(await statusOf(sender.send({ method: 'PUT', url, body: { size: 5, open: download } }))).toBe(200);
  });

  it('whose first use is given up or breaks off leaves the next request its turn', async () => {
    const abort = new AbortController();
    let uses = 0;
    const home = await server(({ headers, socket }, response) => {
      if (headers.authorization === undefined) return refuse(response, 'Basic realm="x"');
      uses++;
      if (uses === 1) abort.abort();
      else if (uses === 2) socket.destroy();
      else response.end();
    });
    const sender = transport(home.host, knows(ALICE));
    await expect(sender.send(get(home), { signal: abort.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(sender.send(get(home))).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(await statusOf(sender.send(get(home)))).toBe(200);
  });

  it('as Basic is not sent again either, unless it was corrected', async () => {
    let password = 'old';
    const home = await server(({ headers }, response) => {
      if (headers.authorization === ALICE_HEADER) response.end();
      else refuse(response, 'Basic realm="x"');
    });
    const asked: unknown[] = [];
    const sender = transport(home.host, {
      credentialFor: async (_, options) => {
        asked.push(options?.isRefused);
        return { ...ALICE, password };
      },
    });
    for (let time = 0; time < 3; time++) expect(await statusOf(sender.send(put(home)))).toBe(401);
    expect(sentTo(home).filter((header) => header !== undefined)).toHaveLength(1);
    password = 'secret';
    expect(await statusOf(sender.send(put(home)))).toBe(200);
    expect(asked).toContain(true);
  });

  it('as Basic is not sent to the token server of the same host either', async () => {
    const home = await server(({ url, method }, response) => {
      if (url?.startsWith('/token')) response.end(granted);
      else refuse(response, method === 'GET' ? 'Basic realm="x"' : 'Bearer realm="/token"');
    });
    const sender = transport(home.host, knows(ALICE));
    expect(await statusOf(sender.send(get(home, '/v2/_catalog')))).toBe(401);
    await expect(sender.send(put(home))).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      details: { reason: expect.stringContaining('test file') },
    });
    expect(sentTo(home)).toEqual([undefined, ALICE_HEADER, undefined]);
  });

  it('that was right before is sent without being asked for, and then done without for public content', async () => {
    let accepted = ALICE_HEADER;
    const home = await server(({ method, headers }, response) => {
      if (headers.authorization === accepted || (method === 'GET' && headers.authorization === undefined))
        response.end();
      else refuse(response, 'Basic realm="x"');
    });
    const log = logger();
    const sender = transport(home.host, knows(ALICE), { logger: log });
    expect(await statusOf(sender.send(put(home)))).toBe(200);
    accepted = 'none';
    expect(await statusOf(sender.send(get(home)))).toBe(200);
    expect(sentTo(home)).toEqual([undefined, ALICE_HEADER, ALICE_HEADER, undefined]);
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it('that opened one repository is not given up because another one is closed to it', async () => {
    const { home, tokens } = await tokenRegistry(({ url }, response) => {
      if (url?.includes('closed')) response.writeHead(401).end();
      else response.end(granted);
    });
    const other = await server(({ url }, response) => {
      const name = url?.split('/')[2];
      refuse(response, `Bearer realm="${tokens.url}token",scope="repository:${name}:pull,push"`);
    });
    expect(home.requests).toHaveLength(0);
    const sender = transport(other.host, knows(ALICE));
    const push = (name: string): Promise<HttpResponse> =>
      sender.send({ method: 'PUT', url: at(other, `/v2/${name}/manifests/1`) });
    expect(await statusOf(push('open'))).toBe(401);
    await expect(push('closed')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await statusOf(push('open2'))).toBe(401);
    expect(sentTo(tokens)).toEqual([ALICE_HEADER, ALICE_HEADER, ALICE_HEADER]);
  });
});

describe('the credential in use', () => {
  it('is in the log once, by its source and user', async () => {
    const debug = vi.fn();
    const { home } = await tokenRegistry((_, response) => response.end(granted));
    const sender = transport(home.host, knows(ALICE), { logger: { ...silentLogger, debug } });
    for (const name of ['a', 'b']) await statusOf(sender.send(get(home, `/v2/acme/${name}/manifests/1`)));
    const which = { registry: home.host, source: 'test file', username: 'alice' };
    expect(debug.mock.calls).toEqual([
      ['credential', which],
      ['basic_auth_credentials_loaded', which],
    ]);
  });

  it('is asked for by repository', async () => {
    const asked: unknown[] = [];
    const { home } = await tokenRegistry((_, response) => response.end(granted));
    const sender = transport(home.host, {
      credentialFor: async (registry, options) => {
        asked.push([registry, options?.repository]);
        return undefined;
      },
    });
    await statusOf(sender.send(get(home)));
    expect(asked).toEqual([[home.host, 'acme/app']]);
  });
});

describe('a token server', () => {
  it('that got the secret keeps it: another one is refused before it gets anything', async () => {
    const [good, evil] = [
      await server((_, response) => response.end(granted)),
      await server((_, response) => response.end(granted)),
    ];
    let realm = good.url;
    const home = await server(({ headers }, response) => {
      if (headers.authorization === 'Bearer granted' && realm === good.url) response.end();
      else refuse(response, `Bearer realm="${realm}token",scope="repository:acme/app:pull"`);
    });
    for (const credential of [ALICE, IDENTITY]) {
      const pins: RealmPins = { ...memoryPins(), allows: async ({ from }) => from === undefined };
      realm = good.url;
      expect(await statusOf(transport(home.host, knows(credential), { pins }).send(get(home)))).toBe(200);
      realm = evil.url;
      const sent = transport(home.host, knows(credential), { pins }).send(get(home));
      await expect(sent).rejects.toMatchObject({
        code: 'REALM_REFUSED',
        details: { registry: home.host, from: good.url.origin, to: evil.url.origin },
      });
      expect(evil.requests).toHaveLength(0);
    }
  });

  it('on another origin gets no secret by http unless that is allowed, whatever the registry speaks', async () => {
    const { home, tokens } = await tokenRegistry((_, response) => response.end(granted));
    for (const credential of [ALICE, IDENTITY]) {
      const sent = transport(home.host, knows(credential), { pins: memoryPins() }).send(get(home));
      await expect(sent).rejects.toMatchObject({
        code: 'REALM_REFUSED',
        details: { registry: home.host, from: null, to: tokens.url.origin },
      });
    }
    expect(tokens.requests).toHaveLength(0);
    expect(await statusOf(transport(home.host, knows(undefined), { pins: memoryPins() }).send(get(home)))).toBe(200);
  });

  it('on the registry’s own origin is remembered, so that another one is a change', async () => {
    const evil = await server((_, response) => response.end(granted));
    let realm = '/token';
    const home = await server(({ headers, url }, response) => {
      if (url?.startsWith('/token')) response.end(granted);
      else if (headers.authorization === 'Bearer granted') response.end();
      else refuse(response, `Bearer realm="${realm}"`);
    });
    const pins = { ...memoryPins(), allows: vi.fn(async () => false) };
    expect(await statusOf(transport(home.host, knows(ALICE), { pins }).send(get(home)))).toBe(200);
    realm = evil.url.href;
    await expect(transport(home.host, knows(ALICE), { pins }).send(get(home))).rejects.toMatchObject({
      code: 'REALM_REFUSED',
      details: { from: home.url.origin, to: evil.url.origin },
    });
    expect(evil.requests).toHaveLength(0);
  });

  it('may change where that is allowed, and for who sends no secret', async () => {
    const other = await server((_, response) => response.end(granted));
    const { home } = await tokenRegistry((_, response) => response.end(granted));
    const pins = { ...memoryPins(), allows: vi.fn(async () => true) };
    await pins.remember(home.host, other.url.origin);
    expect(await statusOf(transport(home.host, knows(undefined), { pins }).send(get(home)))).toBe(200);
    expect(pins.allows).not.toHaveBeenCalled();
    expect(await statusOf(transport(home.host, knows(ALICE), { pins }).send(get(home)))).toBe(200);
    expect(pins.allows.mock.calls).toEqual([
      [expect.objectContaining({ registry: home.host, from: other.url.origin })],
    ]);
  });

  it('is not pinned by a secret that it refused', async () => {
    const { home } = await tokenRegistry((_, response) => response.writeHead(401).end());
    const pins: RealmPins = { ...memoryPins(), allows: async () => true };
    await expect(transport(home.host, knows(ALICE), { pins }).send(put(home))).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    });
    expect(await pins.find(home.host)).toBeUndefined();
  });

  it('of Docker Hub is known', async () => {
    const evil = 'https://auth.evil.example/token';
    const sent: HttpRequest[] = [];
    const inner: Transport = {
      send: async (request) => {
        sent.push(request);
        const headers = new Map([['www-authenticate', `Bearer realm="${evil}"`]]);
        return { status: 401, headers, url: request.url, body: (async function* () {})(), discard: async () => {} };
      },
      close: async () => {},
    };
    const sender = authorized(inner, { registry: 'docker.io', credentials: knows(ALICE), tokenTransport: inner });
    const url = new URL('https://registry-1.docker.io/v2/library/x/manifests/1');
    await expect(sender.send({ method: 'GET', url })).rejects.toMatchObject({ code: 'REALM_REFUSED' });
    expect(sent).toHaveLength(1);
  });

  it('at the metadata address of a cloud is not asked, not even for a registry on this machine', async () => {
    const home = await server((_, response) => refuse(response, 'Bearer realm="http://169.254.169.254/token"'));
    const asked = vi.fn(async () => {
      throw new Error('asked');
    });
    const tokenTransport: Transport = { send: asked, close: async () => {} };
    for (const credential of [ALICE, undefined]) {
      await expect(transport(home.host, knows(credential), { tokenTransport }).send(get(home))).rejects.toMatchObject({
        code: 'REDIRECT_REFUSED',
      });
    }
    expect(asked).not.toHaveBeenCalled();
  });

  it('with a fragment in its address is not asked', async () => {
    const home = await server((_, response) => refuse(response, 'Bearer realm="/token#x"'));
    await expect(transport(home.host, knows(ALICE)).send(get(home))).rejects.toMatchObject({
      code: 'REDIRECT_REFUSED',
    });
    expect(home.requests).toHaveLength(1);
  });
});

describe.each([
  ['a user name and password', ALICE],
  ['an identity token', IDENTITY],
  ['a registry token', STATIC],
])('%s', (_, credential) => {
  const SECRET = /secret|refresh-me|ready-made|YWxpY2U|Og==/;

  /** Everything that arrived at a server. */
  const heard: string[] = [];
  async function listener(answer: Answer): Promise<TestServer> {
    heard.length = 0;
    return server((request, response, body) => {
      heard.push(`${request.url} ${JSON.stringify(request.headers)} ${body}`);
      answer(request, response, body);
    });
  }
  const evilAnswer: Answer = (_request, response) => refuse(response, 'Basic realm="give"');

  /** A registry that takes each credential in the way that is its own, and then sends its client elsewhere. */
  async function leadingTo(elsewhere: (response: ServerResponse) => void): Promise<TestServer> {
    return server(({ url, headers }, response) => {
      if (url?.startsWith('/token')) response.end(granted);
      else if (/^Bearer (granted|ready-made)$/.test(headers.authorization ?? '')) elsewhere(response);
      else refuse(response, 'Bearer realm="/token"');
    });
  }

  it('does not follow a redirect to another origin, however that challenges', async () => {
    const evil = await listener(evilAnswer);
    const home = await leadingTo((response) => response.writeHead(307, { location: at(evil, '/v2/x').href }).end());
    expect(await statusOf(transport(home.host, knows(credential)).send(get(home)))).toBe(401);
    expect(heard).toHaveLength(1);
    expect(heard.join()).not.toMatch(SECRET);
  });

  it('does not go to an upload location on another origin', async () => {
    const evil = await listener((_request, response) => refuse(response, `Bearer realm="/token"`));
    const home = await leadingTo((response) => response.end());
    const sender = transport(home.host, knows(credential));
    expect(await statusOf(sender.send(put(home)))).toBe(200);
    expect(await statusOf(sender.send({ method: 'PUT', url: at(evil, '/v2/acme/app/blobs/uploads/1?digest=x') }))).toBe(
      401,
    );
    expect(heard.join()).not.toMatch(SECRET);
  });

  it('does not follow a redirect of the token server', async () => {
    const evil = await listener((_request, response) => response.end(granted));
    const home = await server(({ url, headers }, response) => {
      const location = at(evil, '/token').href;
      if (url?.startsWith('/token')) response.writeHead(307, { location }).end();
      else if (headers.authorization === 'Bearer ready-made') response.writeHead(302, { location }).end();
      else refuse(response, 'Bearer realm="/token"');
    });
    const sent = transport(home.host, knows(credential)).send(get(home));
    if (credential === STATIC) expect(await statusOf(sent)).toBe(200);
    else await expect(sent).rejects.toMatchObject({ code: 'REDIRECT_REFUSED' });
    expect(heard.join()).not.toMatch(SECRET);
  });
});
