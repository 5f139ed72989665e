import { randomUUID } from 'node:crypto';
import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { RegistryAuth } from './options.ts';
import type { Route } from './route.ts';

/** The guard of a registry: answers 401 with a challenge, 403, or lets the request through. */
export interface Guard {
  /** Where tokens are. */
  readonly path: string;
  /** The refusal, or `undefined` when the request may go on. */
  check(request: GuardedRequest): Answer | undefined;
  /** The token endpoint. */
  token(request: GuardedRequest, body: string): Answer;
}

interface GuardedRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly route: Route | undefined;
}

interface Token {
  readonly scopes: ReadonlySet<string>;
  readonly expires: number;
  readonly isKnown: boolean;
}

export function createGuard(auth: RegistryAuth, registryUrl: string): Guard {
  const tokens = new Map<string, Token>();
  const path = auth.tokenPath ?? '/token';
  const realm = auth.realm ?? `${registryUrl}${path}`;
  const needed = (request: Omit<GuardedRequest, 'headers'>): readonly string[] =>
    scopesOf(request, auth.deleteAction ?? 'delete');

  const passwordIsRight = (authorization: string | undefined): boolean =>
    authorization === `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;

  /** `repository:name:action` and so on that are granted out of those asked for; the rest is dropped silently. */
  const grant = (scopes: readonly string[], known: boolean): Set<string> =>
    new Set(
      scopes.flatMap(atoms).filter((atom) => {
        const [, name = '', action = ''] = /^[^:]+:(.+):([^:]+)$/.exec(atom) ?? [];
        if (auth.denied?.includes(name)) return false;
        return known || (auth.anonymousPull === true && action === 'pull');
      }),
    );

  const checkBasic = ({ headers, ...request }: GuardedRequest): Answer | undefined => {
    const scopes = needed(request).flatMap(atoms);
    if (headers['authorization'] === undefined && scopes.length > 0 && grant(scopes, false).size === scopes.length) {
      return undefined;
    }
    if (!passwordIsRight(headers['authorization'])) return challenge('Basic realm="test registry"');
    return grant(scopes, true).size === scopes.length ? undefined : errorAnswer(403, 'DENIED', 'access denied');
  };

  const checkBearer = ({ headers, ...request }: GuardedRequest): Answer | undefined => {
    const scopes = needed(request);
    const [, value] = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
    const token = value === undefined ? undefined : tokens.get(value);
    const valid = token !== undefined && token.expires > Date.now();
    const isOpen = valid && auth.unscoped === true && token.isKnown;
    if (isOpen || (valid && scopes.flatMap(atoms).every((atom) => token.scopes.has(atom)))) return undefined;
    const error = value === undefined ? '' : `,error="${valid ? 'insufficient_scope' : 'invalid_token'}"`;
    const scope = scopes.length === 0 || auth.unscoped ? '' : `,scope="${scopes.join(' ')}"`;
    return challenge(`Bearer realm="${realm}",service="test-registry"${scope}${error}`);
  };

  const issue = (scopes: readonly string[], known: boolean): Answer => {
    const token = randomUUID();
    const seconds = auth.tokenSeconds ?? 300;
    tokens.set(token, { scopes: grant(scopes, known), expires: Date.now() + seconds * 1000, isKnown: known });
    return jsonAnswer(200, {
      token,
      access_token: token,
      expires_in: seconds,
      issued_at: new Date().toISOString(),
      ...(known ? { refresh_token: refreshToken } : {}),
    });
  };
  const refreshToken = randomUUID();

  return {
    path,
    check: auth.scheme === 'bearer' ? checkBearer : checkBasic,
    token: ({ method, query, headers }, body) => {
      if (method === 'POST') {
        const form = new URLSearchParams(body);
        const known =
          form.get('grant_type') === 'refresh_token'
            ? form.get('refresh_token') === refreshToken
            : form.get('username') === auth.username && form.get('password') === auth.password;
        return known ? issue((form.get('scope') ?? '').split(' '), true) : unauthorized();
      }
      const authorization = headers['authorization'];
      if (authorization !== undefined && !passwordIsRight(authorization)) return unauthorized();
      return issue(
        query.getAll('scope').flatMap((scope) => scope.split(' ')),
        authorization !== undefined,
      );
    },
  };
}

/** `repository:a/b:pull,push` as `repository:a/b:pull` and `repository:a/b:push`. */
function atoms(scope: string): string[] {
  const at = scope.lastIndexOf(':');
  if (at < 0) return [];
  return scope
    .slice(at + 1)
    .split(',')
    .map((action) => `${scope.slice(0, at)}:${action}`);
}

/** What a request needs, as docker-registry asks for it. https://distribution.github.io/distribution/spec/auth/scope/ */
function scopesOf({ method, query, route }: Omit<GuardedRequest, 'headers'>, deletion: string): readonly string[] {
  if (route === undefined || route.kind === 'base') return [];
  if (route.kind === 'catalog') return ['registry:catalog:*'];
  const isUpload = route.kind === 'uploads' || route.kind === 'upload';
  if (method === 'DELETE' && !isUpload) return [`repository:${route.name}:${deletion}`];
  if (!isUpload && (method === 'GET' || method === 'HEAD')) return [`repository:${route.name}:pull`];
  const from = query.get('from');
  return [`repository:${route.name}:pull,push`, ...(from === null ? [] : [`repository:${from}:pull`])];
}

function challenge(value: string): Answer {
  return errorAnswer(401, 'UNAUTHORIZED', 'authentication required', { headers: { 'www-authenticate': value } });
}

function unauthorized(): Answer {
  return errorAnswer(401, 'UNAUTHORIZED', 'wrong user name or password');
}
