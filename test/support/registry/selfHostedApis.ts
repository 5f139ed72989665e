import { answer, errorAnswer, jsonAnswer } from './answer.ts';
import { apiMessage, describedIn } from './apis.ts';
import type { Adapter, RegistryAuth } from './options.ts';
import { routeOf } from './route.ts';

/** APIs that are on the registry's own host, in front of the registry. */

/** Quay's API, to strangers. https://docs.quay.io/api/swagger/ */
export const quayApi: Adapter = async (exchange, next) => {
  const { path, query, content } = exchange;
  if (!path.startsWith('/api/v1/repository')) return next(exchange);
  if (path === '/api/v1/repository') {
    const namespace = query.get('namespace');
    if (namespace === null) return jsonAnswer(400, { error_message: 'Missing query parameter' });
    const own = [...content.repositories.keys()].filter((name) => name.startsWith(`${namespace}/`));
    const all = own.map((name) =>
      apiMessage('quay/repository.json', { namespace, name: name.slice(namespace.length + 1) }),
    );
    return answer(200, { 'content-type': 'application/json' }, `{"repositories":[${all}]}`);
  }
  const [, name = ''] = /^\/api\/v1\/repository\/(.+)\/tag\/$/.exec(path) ?? [];
  const repository = content.repositories.get(name);
  if (repository === undefined) return jsonAnswer(404, { error_type: 'not_found', status: 404, title: 'not_found' });
  const tags = describedIn(repository).flatMap(({ digest, size, tags: own }) =>
    own.map(
      (tag) => JSON.parse(apiMessage('quay/tags.json', { name: tag, digest, size, page: 1, more: 'false' })).tags[0],
    ),
  );
  return jsonAnswer(200, { tags, page: 1, has_additional: false });
};

/** The packages of Gitea's owners. https://docs.gitea.com/api/ */
export function giteaApi({ username, password }: RegistryAuth): Adapter {
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return async (exchange, next) => {
    const { path, query, headers, content } = exchange;
    if (path === '/api/v1/version') return jsonAnswer(200, { version: '1.25.2' });
    const [, owner] = /^\/api\/v1\/packages\/([^/]+)$/.exec(path) ?? [];
    if (owner === undefined) return next(exchange);
    if (headers['authorization'] !== basic) return jsonAnswer(401, { message: 'token is required' });
    const own = [...content.repositories].filter(([name]) => name.startsWith(`${owner}/`));
    if (own.length === 0) return jsonAnswer(404, { message: 'user redirect does not exist' });
    const all = own.flatMap(([full, repository]) => {
      const name = full.slice(owner.length + 1);
      if (!name.includes(query.get('q') ?? '')) return [];
      const versions = [...repository.tags.keys(), ...repository.manifests.keys()];
      return versions.map((version, id) => apiMessage('gitea/package.json', { id, owner, name, version }));
    });
    const [page, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 30)];
    const following = new URLSearchParams(query);
    following.set('page', String(page + 1));
    const link = page * limit < all.length ? { link: `<${path}?${following}>; rel="next"` } : {};
    const body = `[${all.slice((page - 1) * limit, page * limit)}]`;
    return answer(200, { 'content-type': 'application/json', 'x-total-count': String(all.length), ...link }, body);
  };
}

/** zot's search. https://github.com/project-zot/zot/blob/main/pkg/extensions/search/search.md */
export const zotSearch: Adapter = async (exchange, next) => {
  const { path, query, content } = exchange;
  if (path === '/v2/_oci/ext/discover') {
    const extension = { name: '_zot', url: 'https://github.com/project-zot/zot', description: '', endpoints: [] };
    return jsonAnswer(200, { name: '', extensions: [extension] });
  }
  if (path !== '/v2/_zot/ext/search') return next(exchange);
  const [, name = ''] = /^\{ImageList\(repo:"([^"]+)"\)\{Results\{[\w ]+\}\}\}$/.exec(query.get('query') ?? '') ?? [];
  const repository = content.repositories.get(name);
  const checked = await next({ ...exchange, path: `/v2/${name}/tags/list`, query: new URLSearchParams() });
  if (checked.status === 401) return checked;
  const images = (repository ? describedIn(repository) : []).flatMap(({ digest, size, tags }) =>
    tags.map((tag) => apiMessage('zot/image.json', { tag, digest, size })),
  );
  const body = `{"data":{"ImageList":{"Results":[${images}]}}}`;
  return answer(200, { 'content-type': 'application/json' }, body);
};

/** Tags that the registry keeps where they are, as it says so itself. */
export function keepsWhatIsTagged(pattern: RegExp, status: number, code: string, message: string): Adapter {
  return async (exchange, next) => {
    const route = routeOf(exchange.path);
    if (exchange.method !== 'PUT' || typeof route !== 'object' || route.kind !== 'manifest') return next(exchange);
    const { name, reference } = route;
    const isKept = pattern.test(reference) && exchange.content.repositories.get(name)?.tags.has(reference) === true;
    return isKept ? errorAnswer(status, code, message) : next(exchange);
  };
}

/** There is no room for more. */
export function isFull(status: number, code: string, message: string): Adapter {
  return async (exchange, next) => {
    const route = routeOf(exchange.path);
    const isWrite = exchange.method === 'PUT' && typeof route === 'object' && route.kind !== 'base';
    return isWrite ? errorAnswer(status, code, message) : next(exchange);
  };
}
