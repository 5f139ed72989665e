import { answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Adapter } from './options.ts';
import { routeOf } from './route.ts';

/** Ways of real registries that are no simple switch. Who has which, and where that is written, say the profiles. */

/** Writes to a repository that nobody has made are refused, and reads of it. */
export const wantsRepositoryMade: Adapter = async (exchange, next) => {
  const route = routeOf(exchange.path);
  if (typeof route !== 'object' || !('name' in route) || exchange.content.repositories.has(route.name)) {
    return next(exchange);
  }
  const refused = await next({ ...exchange, method: 'HEAD', body: nothing() });
  if (refused.status === 401) return refused;
  const message = `The repository with name '${route.name}' does not exist in the registry with id '123456789012'`;
  return errorAnswer(404, 'NAME_UNKNOWN', message);
};

/** Who is not signed in gets a sentence, not the spec's error. */
export const refusesInPlainText: Adapter = async (exchange, next) => {
  const given = await next(exchange);
  if (given.status !== 401) return given;
  return answer(401, { ...given.headers, 'content-type': 'text/plain' }, 'Not Authorized\n');
};

/** Challenges are written otherwise. */
export function challenges(rewrite: (header: string, exchange: Exchange) => string | undefined): Adapter {
  return async (exchange, next) => {
    const given = await next(exchange);
    const { 'www-authenticate': header, ...headers } = given.headers;
    if (typeof header !== 'string') return given;
    const rewritten = rewrite(header, exchange);
    return { ...given, headers: rewritten === undefined ? headers : { ...headers, 'www-authenticate': rewritten } };
  };
}

/** The token server answers with these members, made of those there are. */
export function tokens(path: string, members: (all: Record<string, unknown>) => object): Adapter {
  return async (exchange, next) => {
    const given = await next(exchange);
    if (exchange.path !== path || given.status !== 200) return given;
    return jsonAnswer(200, members(JSON.parse(Buffer.from(given.body).toString('utf8'))));
  };
}

/** The token server takes no POST. */
export function tokensByGet(path: string, status: number): Adapter {
  return async (exchange, next) => {
    if (exchange.path !== path || exchange.method !== 'POST') return next(exchange);
    return errorAnswer(status, status === 401 ? 'UNAUTHORIZED' : 'UNSUPPORTED', 'only GET');
  };
}

/** The token server does not know other actions than these. */
export function knowsActions(path: string, known: RegExp): Adapter {
  return async (exchange, next) => {
    const isKnown = exchange.query.getAll('scope').every((scope) => known.test(scope));
    if (exchange.path !== path || isKnown) return next(exchange);
    return errorAnswer(400, 'INVALID_REQUEST', 'Unable to decode repository and actions');
  };
}

/** Cookies are set, and whoever sends them back is taken for a browser without its token against forged requests. */
export const setsCookies: Adapter = async (exchange, next) => {
  if (exchange.headers['cookie'] !== undefined && exchange.method !== 'GET' && exchange.method !== 'HEAD') {
    return errorAnswer(403, 'FORBIDDEN', 'CSRF token not found in request');
  }
  const given = await next(exchange);
  return { ...given, headers: { ...given.headers, 'set-cookie': 'sid=0123456789abcdef; Path=/; HttpOnly' } };
};

/** Tags are not taken away by the spec's request. */
export function keepsTags(status: number, code: string): Adapter {
  return async (exchange, next) => {
    const route = routeOf(exchange.path);
    const isTag = typeof route === 'object' && route.kind === 'manifest' && !route.reference.includes(':');
    if (exchange.method !== 'DELETE' || !isTag) return next(exchange);
    const given = await next({ ...exchange, method: 'HEAD' });
    return given.status === 401 ? given : errorAnswer(status, code, 'the reference must be a digest');
  };
}

/** A manifest stays for as long as a tag names it. */
export const keepsTaggedManifests: Adapter = async (exchange, next) => {
  const route = routeOf(exchange.path);
  if (exchange.method !== 'DELETE' || typeof route !== 'object' || route.kind !== 'manifest') return next(exchange);
  const tags = exchange.content.repositories.get(route.name)?.tags ?? new Map<string, string>();
  const isTagged = [...tags].some(([, digest]) => digest === route.reference);
  if (!isTagged) return next(exchange);
  const given = await next({ ...exchange, method: 'HEAD' });
  return given.status === 401
    ? given
    : errorAnswer(400, 'GOOGLE_MANIFEST_DANGLING_TAG', 'manifest is still referenced by tag');
};

/** A config without any bytes is refused. */
export const wantsConfig: Adapter = async (exchange, next) => {
  const route = routeOf(exchange.path);
  if (exchange.method !== 'PUT' || typeof route !== 'object' || route.kind !== 'manifest') return next(exchange);
  const bytes = Buffer.concat(await Array.fromAsync(exchange.body));
  const given = await next({ ...exchange, body: only(bytes) });
  const size = configSizeOf(bytes);
  return given.status === 201 && size === 0 ? errorAnswer(400, 'MANIFEST_INVALID', 'config is empty') : given;
};

/** Too large a manifest is an invalid one. */
export const largeIsInvalid: Adapter = async (exchange, next) => {
  const given = await next(exchange);
  return given.status === 413 ? errorAnswer(400, 'MANIFEST_INVALID', 'manifest invalid') : given;
};

/** Nothing says that the registry lists a referrer by itself, though it does. */
export const hidesSubject: Adapter = async (exchange, next) => {
  const given = await next(exchange);
  const { 'oci-subject': _, ...headers } = given.headers;
  return { ...given, headers };
};

/** The referrers of what is not there are an error. */
export const knowsSubjects: Adapter = async (exchange, next) => {
  const given = await next(exchange);
  const route = routeOf(exchange.path);
  if (given.status !== 200 || typeof route !== 'object' || route.kind !== 'referrers') return given;
  const isThere = exchange.content.repositories.get(route.name)?.manifests.has(route.reference) === true;
  return isThere ? given : errorAnswer(400, 'MANIFEST_INVALID', 'manifest invalid');
};

/** How far a list has come is in a word of the registry's own. */
export const pagesByToken: Adapter = async (exchange, next) => {
  const token = exchange.query.get('next_page');
  const query = new URLSearchParams(exchange.query);
  query.delete('next_page');
  if (token !== null) query.set('last', Buffer.from(token, 'base64url').toString());
  const given = await next({ ...exchange, query });
  const { link } = given.headers;
  if (typeof link !== 'string') return given;
  const rewritten = link.replace(/last=([^&>]*)/, (_, last: string) => {
    return `next_page=${Buffer.from(decodeURIComponent(last)).toString('base64url')}`;
  });
  return { ...given, headers: { ...given.headers, link: rewritten } };
};

/** Links end with a parameter that is empty and has to be kept. */
export const linksWithEmptyOrder: Adapter = async (exchange, next) => {
  if (exchange.query.has('last') && exchange.query.get('orderby') !== '') {
    return errorAnswer(400, 'PAGINATION_INVALID', 'orderby has been lost');
  }
  const given = await next(exchange);
  const { link } = given.headers;
  if (typeof link !== 'string') return given;
  return { ...given, headers: { ...given.headers, link: link.replace('>;', '&orderby=>;') } };
};

/** There is nothing after a tag that is not there. */
export const knowsLast: Adapter = async (exchange, next) => {
  const route = routeOf(exchange.path);
  const last = exchange.query.get('last');
  if (typeof route === 'object' && route.kind === 'tags' && last !== null) {
    if (exchange.content.repositories.get(route.name)?.tags.has(last) !== true) return answer(404);
  }
  return next(exchange);
};

/** The list of tags has more members, or others. */
export function listsTags(members: (tags: readonly string[], exchange: Exchange, name: string) => object): Adapter {
  return async (exchange, next) => {
    const given = await next(exchange);
    const route = routeOf(exchange.path);
    if (given.status !== 200 || typeof route !== 'object' || route.kind !== 'tags') return given;
    const { tags, ...rest } = JSON.parse(Buffer.from(given.body).toString('utf8'));
    return jsonAnswer(200, { ...rest, ...members(tags ?? [], exchange, route.name) }, given.headers);
  };
}

/** The catalog is closed, or is not there. */
export function withoutCatalog(status: 401 | 404, challenge?: string): Adapter {
  return async (exchange, next) => {
    if (exchange.path !== '/v2/_catalog') return next(exchange);
    if (status === 404) return answer(404, { 'content-type': 'text/plain' }, '404 page not found\n');
    const headers = challenge === undefined ? {} : { 'www-authenticate': challenge };
    return errorAnswer(401, 'UNAUTHORIZED', 'authentication required', { headers });
  };
}

/** Answers carry these headers too. */
export function says(headers: Readonly<Record<string, string>>): Adapter {
  return async (exchange, next) => {
    const given = await next(exchange);
    return { ...given, headers: { ...given.headers, ...headers } };
  };
}

function configSizeOf(bytes: Uint8Array): number | undefined {
  const { config } = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return config?.size;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
