import { createSign, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { serve, type TestServer, tlsFixture } from './transportServer.ts';

/** How a token server behaves. Without options: everything the token specification allows, for anyone. */
export interface TokenServerOptions {
  /** Passwords by user name; without them, anyone gets what is asked for. */
  readonly users?: Readonly<Record<string, string>>;
  /** Repositories that anyone may pull from. */
  readonly publicRepositories?: readonly string[];
  /** An identity token that is taken by POST, and given to who signs in with a password and asks for one. */
  readonly identityToken?: string;
  /** What is answered to a POST by a server that takes none. */
  readonly postStatus?: number;
}

/** A request for a token, as it arrived. */
interface AskedToken {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly parameters: URLSearchParams;
}

export interface TokenServer extends AsyncDisposable {
  readonly url: URL;
  /** What a registry has to know to take its tokens: the section `auth` of docker-registry's configuration. */
  readonly registryAuth: { readonly token: Readonly<Record<string, string>> };
  readonly asked: readonly AskedToken[];
  /** What it takes from now on. */
  users: Readonly<Record<string, string>> | undefined;
}

const SERVICE = 'test-registry';
const ISSUER = 'test-token-server';
/** Seconds. */
const LIFETIME = 300;
const CERTIFICATE = join(import.meta.dirname, '../fixtures/tls/token.crt');

/** A server of tokens that a real registry verifies: RS256, with the certificate in the header. */
export async function startTokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  const asked: AskedToken[] = [];
  const state = { users: options.users };
  const server: TestServer = await serve((request, response) => {
    void readText(request).then((body) => {
      const isPost = request.method === 'POST';
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      const parameters = isPost ? new URLSearchParams(body) : query;
      const { authorization } = request.headers;
      asked.push({ method: request.method ?? '', authorization, parameters });
      if (isPost && options.postStatus !== undefined) return refuse(response, options.postStatus);
      const account = isPost ? byIdentityToken(parameters) : byPassword(authorization);
      if (account === 'refused') return refuse(response, 401);
      const scopes = parameters.getAll('scope').flatMap((scope) => scope.split(' '));
      response.setHeader('content-type', 'application/json');
      const isSignIn = !isPost && account !== '' && parameters.get('offline_token') === 'true';
      const more = isSignIn && options.identityToken !== undefined ? { refresh_token: options.identityToken } : {};
      response.end(JSON.stringify({ token: tokenFor(account, scopes, options), expires_in: LIFETIME, ...more }));
    });
  });

  const byIdentityToken = (form: URLSearchParams): string =>
    form.get('grant_type') === 'refresh_token' && form.get('refresh_token') === options.identityToken
      ? 'identity'
      : 'refused';

  /** The name of who asks, empty for anybody. */
  const byPassword = (authorization: string | undefined): string => {
    if (authorization === undefined) return '';
    const [name = '', password] = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(/:(.*)/s);
    if (password !== undefined && password === options.identityToken) return name;
    return state.users?.[name] === password ? name : 'refused';
  };

  return {
    url: new URL('/token', server.url),
    registryAuth: {
      token: {
        realm: new URL('/token', server.url).href,
        service: SERVICE,
        issuer: ISSUER,
        rootcertbundle: CERTIFICATE,
      },
    },
    asked,
    get users() {
      return state.users;
    },
    set users(users) {
      state.users = users;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** https://distribution.github.io/distribution/spec/auth/jwt/ */
function tokenFor(account: string, scopes: readonly string[], options: TokenServerOptions): string {
  const isKnown = account !== '' || options.users === undefined;
  const access = scopes.flatMap((scope) => {
    const [, type = '', name = '', actions = ''] = /^([^:]+):(.+):([^:]*)$/.exec(scope) ?? [];
    const isPublic = options.publicRepositories?.includes(name) === true;
    const granted = isKnown ? actions.split(',') : isPublic ? ['pull'] : [];
    return granted.length === 0 ? [] : [{ type, name, actions: granted }];
  });
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: 'JWT', alg: 'RS256', x5c: [tlsFixture('token.crt').replace(/-----[^-]+-----|\s/g, '')] };
  const claims = {
    iss: ISSUER,
    sub: account,
    aud: SERVICE,
    exp: now + LIFETIME,
    nbf: now - 10,
    iat: now,
    jti: randomUUID(),
    access,
  };
  const content = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${content}.${createSign('RSA-SHA256').update(content).sign(tlsFixture('token.key'), 'base64url')}`;
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end('{"errors":[{"code":"UNAUTHORIZED","message":"wrong user name or password"}]}');
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
