import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { anonymous, type Credential, type CredentialSource } from '../../../src/oci/credentials/credentials.ts';
import { authorized } from '../../../src/oci/transport/authorize.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { memoryPins } from '../../../src/oci/transport/realmPins.ts';
import { followRedirects } from '../../../src/oci/transport/redirect.ts';
import type { HttpBody, HttpRequest, HttpResponse, Transport } from '../../../src/oci/transport/transport.ts';
import { serve, type TestServer } from '../../support/transportServer.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function server(handler: Answer): Promise<TestServer> {
  const made = await serve((request, response) => {
    request.resume();
    request.on('end', () => handler(request, response));
  });
  cleanup.push(() => made.close());
  return made;
}

const ALICE: Credential = { kind: 'basic', username: 'alice', password: 'pässword', source: 'test' };
const ALICE_HEADER = `Basic ${Buffer.from('alice:pässword').toString('base64')}`;

const knows = (credential: Credential): CredentialSource => ({ credentialFor: async () => credential });

function transport(registry: string, credentials: CredentialSource): Transport {
  const engine = createUndiciTransport({ timeoutSeconds: 10 });
  const pins = { ...memoryPins(), allows: async () => true };
  const made = authorized(followRedirects(engine), { registry, credentials, tokenTransport: engine, pins });
  cleanup.push(() => made.close());
  return made;
}

async function statusOf(sent: Promise<HttpResponse>): Promise<number> {
  const response = await sent;
  await response.discard();
  return response.status;
}

async function textOf(response: HttpResponse): Promise<string> {
  let text = '';
  for await (const chunk of response.body) text += Buffer.from(chunk).toString();
  return text;
}

const authorizations = (home: TestServer): readonly (string | undefined)[] =>
  home.requests.map(({ headers }) => headers.authorization);

const at = (home: TestServer, path: string): URL => new URL(path, home.url);
const MANIFEST = '/v2/acme/app/manifests/1';

const bodyOf = (text: string): HttpBody => ({
  size: text.length,
  open: async function* () {
    yield Buffer.from(text);
  },
});

describe('Basic', () => {
  const basic: Answer = ({ headers }, response) => {
    if (headers.authorization === ALICE_HEADER) response.end('welcome');
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end('who are you?');
  };

  it('is sent after a challenge, and at once from then on', async () => {
    const home = await server(basic);
    const sender = transport(home.host, knows(ALICE));
    for (let time = 0; time < 3; time++)
      expect(await statusOf(sender.send({ method: 'GET', url: at(home, '/v2/') }))).toBe(200);
    expect(authorizations(home)).toEqual([undefined, ALICE_HEADER, ALICE_HEADER, ALICE_HEADER]);
  });

  it('is never sent unasked', async () => {
    const home = await server((_, response) => response.end());
    const credentials = { credentialFor: vi.fn(async () => ALICE) };
    const sender = transport(home.host, credentials);
    for (let time = 0; time < 2; time++) await statusOf(sender.send({ method: 'GET', url: at(home, '/v2/') }));
    expect(authorizations(home)).toEqual([undefined, undefined]);
    expect(credentials.credentialFor).not.toHaveBeenCalled();
  });

  it('sends a body again', async () => {
    const home = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => (request.headers.authorization ? response.end(body) : basic(request, response)));
    });
    cleanup.push(() => home.close());
    const sender = transport(home.host, knows(ALICE));
    expect(await textOf(await sender.send({ method: 'PUT', url: at(home, MANIFEST), body: bodyOf('manifest') }))).toBe(
      'manifest',
    );
  });

  it('without a credential sends nothing, not even an empty one, and returns what the registry said', async () => {
    const home = await server(basic);
    const response = await transport(home.host, anonymous).send({ method: 'GET', url: at(home, '/v2/') });
    expect([response.status, await textOf(response)]).toEqual([401, 'who are you?']);
    expect(authorizations(home)).toEqual([undefined]);
  });

  it('that is refused is not tried again, and what the registry said is returned', async () => {
    const home = await server(basic);
    const sender = transport(home.host, knows({ ...ALICE, password: 'wrong' }));
    const response = await sender.send({ method: 'GET', url: at(home, '/v2/') });
    expect([response.status, await textOf(response)]).toEqual([401, 'who are you?']);
    expect(home.requests).toHaveLength(2);
  });

  it('that was corrected meanwhile is tried', async () => {
    const home = await server(basic);
    let password = 'wrong';
    const sender = transport(home.host, { credentialFor: async () => ({ ...ALICE, password }) });
    expect(await statusOf(sender.send({ method: 'GET', url: at(home, '/v2/') }))).toBe(401);
    password = ALICE.password;
    expect(await statusOf(sender.send({ method: 'GET', url: at(home, '/v2/') }))).toBe(200);
  });

  it('is not sent in answer to a 403', async () => {
    const home = await server((_, response) =>
      response.writeHead(403, { 'www-authenticate': 'Basic realm="zot"' }).end(),
    );
    expect(await statusOf(transport(home.host, knows(ALICE)).send({ method: 'GET', url: at(home, '/v2/') }))).toBe(403);
    expect(authorizations(home)).toEqual([undefined]);
  });

  it('takes a challenge on a 200 for what it is: an offer', async () => {
    const home = await server((_, response) => response.setHeader('www-authenticate', 'basic realm=zot').end());
    expect(await statusOf(transport(home.host, knows(ALICE)).send({ method: 'GET', url: at(home, '/v2/') }))).toBe(200);
    expect(home.requests).toHaveLength(1);
  });

  it('leaves a 401 without a usable challenge alone', async () => {
    for (const challenge of ['', 'Negotiate', 'Digest realm="x", nonce="y"']) {
      const home = await server((_, response) => response.writeHead(401, { 'www-authenticate': challenge }).end());
      expect(await statusOf(transport(home.host, knows(ALICE)).send({ method: 'GET', url: at(home, '/v2/') }))).toBe(
        401,
      );
      expect(authorizations(home)).toEqual([undefined]);
    }
  });

  it('refuses a user name that cannot be sent, without showing the password', async () => {
    const home = await server(basic);
    const sent = transport(home.host, knows({ ...ALICE, username: 'a:b' })).send({
      method: 'GET',
      url: at(home, '/v2/'),
    });
    await expect(sent).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.not.stringContaining('word'),
    });
  });
});

describe('a credential stays with its registry', () => {
  const challenge: Answer = (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();

  it('and is not sent to another port, however it challenges', async () => {
    const [home, other] = [await server(challenge), await server(challenge)];
    const credentials = { credentialFor: vi.fn(async () => ALICE) };
    const sender = transport(home.host, credentials);
    expect(await statusOf(sender.send({ method: 'GET', url: at(other, '/v2/') }))).toBe(401);
    expect(authorizations(other)).toEqual([undefined]);
    expect(credentials.credentialFor).not.toHaveBeenCalled();
  });

  it('and is not asked for by a 401 at the end of a redirect', async () => {
    const other = await server(challenge);
    const home = await server((_, response) => response.writeHead(307, { location: at(other, '/blob').href }).end());
    const credentials = { credentialFor: vi.fn(async () => ALICE) };
    const response = await transport(home.host, credentials).send({ method: 'GET', url: at(home, '/v2/a/blobs/x') });
    expect([response.status, response.url.host]).toEqual([401, other.host]);
    await response.discard();
    expect(credentials.credentialFor).not.toHaveBeenCalled();
    expect(authorizations(other)).toEqual([undefined]);
  });

  it('and is not sent by http after https was spoken', async () => {
    const sent: HttpRequest[] = [];
    const inner: Transport = {
      send: async (request) => {
        sent.push(request);
        const headers = new Map([['www-authenticate', 'Basic realm="x"']]);
        const status = request.headers?.['authorization'] ? 200 : 401;
        return { status, headers, url: request.url, body: (async function* () {})(), discard: async () => {} };
      },
      close: async () => {},
    };
    const sender = authorized(inner, { registry: 'r.example', credentials: knows(ALICE), tokenTransport: inner });
    expect((await sender.send({ method: 'GET', url: new URL('https://r.example/v2/') })).status).toBe(200);
    expect((await sender.send({ method: 'GET', url: new URL('http://r.example/v2/') })).status).toBe(401);
    expect(sent.filter(({ url, headers }) => url.protocol === 'http:' && headers?.['authorization'])).toEqual([]);
  });
});

/** A registry that wants tokens, and their server, which grants what it is asked for. */
async function tokenRegistry(
  tokens: Answer = grant,
  registry: (scope: string) => string = (scope) => `,scope="${scope}"`,
): Promise<{ home: TestServer; tokenServer: TestServer; wanted: () => readonly (readonly string[])[] }> {
  const tokenServer = await server(tokens);
  const home = await server((request, response) => {
    const writes = request.method !== 'GET' && request.method !== 'HEAD';
    const scope = `repository:acme/app:${writes ? 'pull,push' : 'pull'}`;
    const granted = Buffer.from(request.headers.authorization?.replace('Bearer ', '') ?? '', 'base64').toString();
    const challenge = `Bearer realm="${tokenServer.url}token?from=realm",service="registry.test"${registry(scope)}`;
    if (granted.includes(scope) || granted.includes('pull,push')) response.end('content');
    else response.writeHead(401, { 'www-authenticate': challenge }).end('no token');
  });
  const wanted = (): readonly (readonly string[])[] =>
    tokenServer.requests.map(({ url }) => new URL(url ?? '', tokenServer.url).searchParams.getAll('scope'));
  return { home, tokenServer, wanted };
}

const grantFor = (request: IncomingMessage): string =>
  Buffer.from(new URL(request.url ?? '', 'http://x').searchParams.getAll('scope').join(' ')).toString('base64');

function grant(request: IncomingMessage, response: ServerResponse): void {
  response.end(JSON.stringify({ token: grantFor(request), expires_in: 300 }));
}

const get = (home: TestServer): HttpRequest => ({ method: 'GET', url: at(home, MANIFEST) });
const post = (home: TestServer): HttpRequest => ({ method: 'POST', url: at(home, '/v2/acme/app/blobs/uploads/') });

describe('Bearer', () => {
  it('fetches a token without a credential when there is none', async () => {
    const { home, tokenServer } = await tokenRegistry();
    expect(await statusOf(transport(home.host, anonymous).send(get(home)))).toBe(200);
    expect(authorizations(tokenServer)).toEqual([undefined]);
    expect(Object.fromEntries(new URL(tokenServer.requests[0]?.url ?? '', 'http://x').searchParams)).toEqual({
      from: 'realm',
      service: 'registry.test',
      scope: 'repository:acme/app:pull',
      client_id: 'floe-oci',
    });
  });

  it('fetches a token with the credential, which the registry never sees', async () => {
    const { home, tokenServer } = await tokenRegistry();
    expect(await statusOf(transport(home.host, knows(ALICE)).send(get(home)))).toBe(200);
    expect(authorizations(tokenServer)).toEqual([ALICE_HEADER]);
    expect(new URL(tokenServer.requests[0]?.url ?? '', 'http://x').searchParams.get('account')).toBe('alice');
    expect(authorizations(home)).toEqual([undefined, expect.stringMatching(/^Bearer /)]);
  });

  it('uses the token again, at once, for what it covers', async () => {
    const { home, wanted } = await tokenRegistry();
    const sender = transport(home.host, anonymous);
    await statusOf(sender.send(post(home)));
    for (let time = 0; time < 3; time++) expect(await statusOf(sender.send(get(home)))).toBe(200);
    expect(wanted()).toEqual([['repository:acme/app:pull,push']]);
    expect(home.requests).toHaveLength(5);
  });

  it('fetches another token for what the first does not cover', async () => {
    const { home, wanted } = await tokenRegistry();
    const sender = transport(home.host, anonymous);
    await statusOf(sender.send(get(home)));
    expect(await statusOf(sender.send(post(home)))).toBe(200);
    expect(wanted()).toEqual([['repository:acme/app:pull'], ['repository:acme/app:pull,push']]);
  });

  it('fetches one token for many requests at once', async () => {
    const { home, tokenServer } = await tokenRegistry();
    const sender = transport(home.host, anonymous);
    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(sender.send(get(home)))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(tokenServer.requests).toHaveLength(1);
  });

  it('goes on for the others when one of those that wait is aborted', async () => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const { home, tokenServer } = await tokenRegistry((request, response) => {
      asked.resolve();
      void go.promise.then(() => grant(request, response));
    });
    const sender = transport(home.host, anonymous);
    const abort = new AbortController();
    const one = sender.send(get(home), { signal: abort.signal });
    const other = statusOf(sender.send(get(home)));
    const failed = expect(one).rejects.toMatchObject({ code: 'CANCELLED' });
    await asked.promise;
    await vi.waitFor(() => expect(home.requests).toHaveLength(2));
    abort.abort();
    await failed;
    go.resolve();
    expect(await other).toBe(200);
    expect(tokenServer.requests).toHaveLength(1);
  });

  it('is given up when everybody who waited was aborted, and begins anew', async () => {
    let silent = true;
    const { home, tokenServer } = await tokenRegistry((request, response) => {
      if (!silent) return grant(request, response);
      silent = false;
      abort.abort();
    });
    const abort = new AbortController();
    const sender = transport(home.host, anonymous);
    await expect(sender.send(get(home), { signal: abort.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await statusOf(sender.send(get(home)))).toBe(200);
    expect(tokenServer.requests).toHaveLength(2);
  });

  it('asks for what the request needs when the challenge does not say', async () => {
    const { home, wanted } = await tokenRegistry(grant, () => ',scope=""');
    expect(await statusOf(transport(home.host, anonymous).send(get(home)))).toBe(200);
    expect(wanted()).toEqual([['repository:acme/app:pull']]);
  });

  it('asks for a scope that follows no grammar as it was named', async () => {
    const tokenServer = await server((_, response) => response.end('{"token":"aws"}'));
    const home = await server(({ headers }, response) => {
      const challenge = `Bearer realm="${tokenServer.url}",scope="aws"`;
      if (headers.authorization === 'Bearer aws') response.end();
      else response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    const sender = transport(home.host, anonymous);
    for (let time = 0; time < 2; time++) expect(await statusOf(sender.send(get(home)))).toBe(200);
    expect([tokenServer.requests.length, home.requests.length]).toEqual([1, 3]);
    expect(tokenServer.requests[0]?.url).toBe('/?scope=aws&client_id=floe-oci');
  });

  it('takes an access_token too, and a relative realm', async () => {
    const home = await server((request, response) => {
      if (request.url?.startsWith('/token')) response.end('{"token":"","access_token":"t"}');
      else if (request.headers.authorization === 'Bearer t') response.end();
      else response.writeHead(401, { 'www-authenticate': 'Bearer realm="/token"' }).end();
    });
    expect(await statusOf(transport(home.host, anonymous).send(get(home)))).toBe(200);
  });

  it('fetches a new token when the old one has run out or was refused', async () => {
    let accepted = '';
    const home = await server((request, response) => {
      if (request.url?.startsWith('/token')) {
        accepted = `t${home.requests.length}`;
        response.end(JSON.stringify({ token: accepted, expires_in: 300 }));
      } else if (request.headers.authorization === `Bearer ${accepted}`) response.end();
      else response.writeHead(401, { 'www-authenticate': 'Bearer realm="/token",error="invalid_token"' }).end();
    });
    const sender = transport(home.host, anonymous);
    expect(await statusOf(sender.send(get(home)))).toBe(200);
    accepted = 'none';
    expect(await statusOf(sender.send(get(home)))).toBe(200);
  });

  it('hears the real challenge of a registry that answers Basic to a refused token', async () => {
    let accepted = '';
    const home = await server((request, response) => {
      if (request.url?.startsWith('/token')) {
        accepted = `t${home.requests.length}`;
        response.end(JSON.stringify({ token: accepted }));
        return;
      }
      const { authorization } = request.headers;
      const challenge = authorization === undefined ? 'Bearer realm="/token"' : 'Basic realm="harbor"';
      if (authorization === `Bearer ${accepted}`) response.end();
      else response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    const sender = transport(home.host, knows(ALICE));
    expect(await statusOf(sender.send(get(home)))).toBe(200);
    accepted = 'none';
    expect(await statusOf(sender.send(get(home)))).toBe(200);
    const atRegistry = home.requests.filter(({ url }) => url === MANIFEST).map(({ headers }) => headers.authorization);
    expect(atRegistry).not.toContain(ALICE_HEADER);
  });

  it.each(['Bearer realm="/token",error="insufficient_scope"', 'Basic realm="harbor"'])(
    'does not go on when a fresh token is refused: %s',
    async (refusal) => {
      const home = await server((request, response) => {
        const challenge = request.headers.authorization ? refusal : 'Bearer realm="/token"';
        if (request.url?.startsWith('/token')) response.end('{"token":"t"}');
        else response.writeHead(401, { 'www-authenticate': challenge }).end('denied');
      });
      const response = await transport(home.host, knows(ALICE)).send(get(home));
      expect([response.status, await textOf(response), home.requests.length]).toEqual([401, 'denied', 3]);
    },
  );
});

it('a mount from a repository that is closed to us goes on with a token for the target alone', async () => {
  const { home, wanted } = await tokenRegistry(
    (request, response) => {
      if (request.url?.includes('secret')) response.writeHead(403).end();
      else grant(request, response);
    },
    (scope) => `,scope="${scope} repository:acme/secret:pull"`,
  );
  const mount = at(home, '/v2/acme/app/blobs/uploads/?mount=sha256:0&from=acme/secret');
  expect(await statusOf(transport(home.host, anonymous).send({ method: 'POST', url: mount }))).toBe(200);
  expect(wanted()).toEqual([
    ['repository:acme/app:pull,push', 'repository:acme/secret:pull'],
    ['repository:acme/app:pull,push'],
  ]);
});

describe('a token server', () => {
  it.each([
    [401, 'UNAUTHORIZED'],
    [403, 'DENIED'],
    [400, 'INVALID_RESPONSE'],
    [404, 'INVALID_RESPONSE'],
    [429, 'REGISTRY_UNAVAILABLE'],
    [503, 'REGISTRY_UNAVAILABLE'],
  ])('that answers %i means %s, in its own words', async (status, code) => {
    const { home } = await tokenRegistry((_, response) =>
      response.writeHead(status).end('{"errors":[{"code":"X","message":"you may\\u001b not"}]}'),
    );
    const sent = transport(home.host, knows(ALICE)).send(get(home));
    await expect(sent).rejects.toMatchObject({ code, message: expect.stringMatching(/you may not/) });
  });

  it.each([
    ['no token', '{}'],
    ['an empty one', '{"token":""}'],
    ['one that is no string', '{"token":1}'],
    ['one that would end its header', '{"token":"a\\r\\nx: y"}'],
    ['one outside of ASCII', '{"token":"ä"}'],
    ['something that is not JSON', '<html>'],
    ['a list', '[]'],
  ])('that sends %s is INVALID_RESPONSE', async (_, body) => {
    const { home } = await tokenRegistry((_request, response) => response.end(body));
    await expect(transport(home.host, anonymous).send(get(home))).rejects.toMatchObject({ code: 'INVALID_RESPONSE' });
  });

  it('that never stops is cut off', async () => {
    const { home } = await tokenRegistry((_, response) => response.end(`{"token":"${'x'.repeat(100_000)}"}`));
    await expect(transport(home.host, anonymous).send(get(home))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('that redirects gets no further', async () => {
    const other = await server(grant);
    const { home } = await tokenRegistry((_, response) => response.writeHead(307, { location: other.url.href }).end());
    await expect(transport(home.host, knows(ALICE)).send(get(home))).rejects.toMatchObject({
      code: 'REDIRECT_REFUSED',
    });
    expect(other.requests).toHaveLength(0);
  });

  it.each(['file:///etc/passwd', 'http://user:secret@127.0.0.1:1/', 'http://[nonsense'])(
    'at %s is not asked',
    async (realm) => {
      const home = await server((_, response) =>
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end(),
      );
      const credentials = { credentialFor: vi.fn(async () => undefined) };
      const sent = transport(home.host, credentials).send(get(home));
      await expect(sent).rejects.toMatchObject({
        code: 'REDIRECT_REFUSED',
        message: expect.not.stringContaining('secret'),
      });
    },
  );

  it('that failed is asked again by the next request', async () => {
    let failing = true;
    const { home } = await tokenRegistry((request, response) =>
      failing ? response.writeHead(401).end() : grant(request, response),
    );
    const sender = transport(home.host, anonymous);
    await expect(sender.send(get(home))).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      details: { registry: home.host },
    });
    failing = false;
    expect(await statusOf(sender.send(get(home)))).toBe(200);
  });
});
