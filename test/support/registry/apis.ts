import { message } from '../cloud/cloudServer.ts';
import { type Answer, answer, jsonAnswer } from './answer.ts';
import type { RepositoryContent } from './content.ts';
import type { Exchange } from './exchange.ts';
import type { Adapter, RegistryAuth } from './options.ts';

/** A documented message of a registry's own API. */
export function apiMessage(name: string, values: Readonly<Record<string, string | number>> = {}): string {
  return message(`../registries/${name}`, values).trim();
}

const json = (status: number, body: string, headers: Answer['headers'] = {}): Answer =>
  answer(status, { 'content-type': 'application/json', ...headers }, body);

/** What a registry says of one manifest. */
export interface Described {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  readonly tags: readonly string[];
  readonly artifactType: string;
  readonly annotations: object;
}

/** The manifests that have tags; sizes are those of layers. */
export function describedIn({ manifests, tags }: RepositoryContent): readonly Described[] {
  return [...manifests].flatMap(([digest, { bytes, mediaType }]) => {
    const own = [...tags].filter(([, target]) => target === digest).map(([tag]) => tag);
    if (own.length === 0) return [];
    const { layers = [], artifactType = '', annotations = {} } = JSON.parse(Buffer.from(bytes).toString('utf8'));
    const size = layers.reduce((sum: number, layer: { readonly size: number }) => sum + layer.size, 0);
    return [{ digest, mediaType, size, tags: own, artifactType, annotations }];
  });
}

export interface HarborProject {
  readonly isPublic?: boolean;
  /** Tags that a rule keeps. */
  readonly immutable?: RegExp;
  /** Bytes; default -1, no limit. */
  readonly quota?: number;
}

/** Harbor's API 2.0, in front of a registry. https://github.com/goharbor/harbor/blob/main/api/v2.0/swagger.yaml */
export function harborApi(auth: RegistryAuth, projects: Map<string, HarborProject>): Adapter {
  const idOf = (name: string): number => [...projects.keys()].indexOf(name) + 1;
  const refuse = (status: number, code: string): Answer =>
    jsonAnswer(status, { errors: [{ code, message: code.toLowerCase() }] });

  return async (exchange, next) => {
    const { path, method, headers, content } = exchange;
    if (!path.startsWith('/api/v2.0/')) return next(exchange);
    if (headers['cookie'] !== undefined) return refuse(403, 'FORBIDDEN');
    if (path === '/api/v2.0/systeminfo') return json(200, apiMessage('harbor/systeminfo.json'));
    const basic = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
    const isKnown = headers['authorization'] === basic;
    if (headers['authorization'] !== undefined && !isKnown) return refuse(401, 'UNAUTHORIZED');
    const isSeen = (project: string): boolean => isKnown || projects.get(project)?.isPublic === true;
    const parts = path.slice('/api/v2.0/'.length).split('/').map(decodeURIComponent);
    const [area, project = '', kind, name] = parts;

    if (area === 'repositories') return page(exchange, namesOf(exchange, isSeen));
    if (area !== 'projects') return refuse(404, 'NOT_FOUND');
    if (method === 'POST' && project === '') {
      if (!isKnown) return refuse(401, 'UNAUTHORIZED');
      const { project_name } = JSON.parse(await textOf(exchange));
      if (projects.has(project_name)) return refuse(409, 'CONFLICT');
      projects.set(project_name, {});
      return answer(201, { location: `/api/v2.0/projects/${idOf(project_name)}` });
    }
    const own = projects.get(project);
    if (own === undefined || !isSeen(project))
      return refuse(isKnown ? 404 : 401, isKnown ? 'NOT_FOUND' : 'UNAUTHORIZED');
    if (kind === undefined) {
      const values = { id: idOf(project), name: project, public: String(own.isPublic === true) };
      return json(200, apiMessage('harbor/project.json', values));
    }
    if (kind === 'summary') return json(200, apiMessage('harbor/summary.json', { limit: own.quota ?? -1, used: 512 }));
    if (kind === 'immutabletagrules') return jsonAnswer(200, own.immutable ? [{ id: 1, disabled: false }] : []);
    if (kind !== 'repositories') return refuse(404, 'NOT_FOUND');
    if (name === undefined)
      return page(
        exchange,
        namesOf(exchange, (other) => other === project),
      );

    // The name is encoded twice; once has been undone.
    const repository = content.repositories.get(`${project}/${decodeURIComponent(name)}`);
    if (repository === undefined || (name.includes('/') && !name.includes('%2F'))) return refuse(404, 'NOT_FOUND');
    const [, , , , artifacts, reference = '', , tag] = parts;
    if (artifacts === 'artifacts' && reference === '')
      return page(exchange, artifactsOf(repository, idOf(project), own));
    if (method !== 'DELETE' || tag === undefined || !repository.tags.has(tag)) return refuse(404, 'NOT_FOUND');
    if (own.immutable?.test(tag)) return json(412, apiMessage('harbor/immutable.json', { tag }));
    repository.tags.delete(tag);
    return answer(200);
  };

  function namesOf({ content }: Exchange, isWanted: (project: string) => boolean): readonly string[] {
    return [...content.repositories.keys()]
      .filter((name) => isWanted(name.split('/')[0] ?? ''))
      .sort()
      .map((name, id) => apiMessage('harbor/repository.json', { id, name, project: idOf(name.split('/')[0] ?? '') }));
  }

  function artifactsOf(
    repository: RepositoryContent,
    project: number,
    { immutable }: HarborProject,
  ): readonly string[] {
    return describedIn(repository).map(({ tags, annotations, ...artifact }, id) => {
      const told = tags.map((name) => {
        return apiMessage('harbor/tag.json', { id, name, immutable: String(immutable?.test(name) === true) });
      });
      const values = { ...artifact, id, project, annotations: JSON.stringify(annotations), tags: `[${told}]` };
      return apiMessage('harbor/artifact.json', values);
    });
  }

  /** Numbered pages, of a hundred at the most. */
  function page({ query, path }: Exchange, all: readonly string[]): Answer {
    const [at, size] = [Number(query.get('page') ?? 1), Number(query.get('page_size') ?? 10)];
    if (size > 100 || at < 1) return refuse(400, 'BAD_REQUEST');
    const following = new URLSearchParams(query);
    following.set('page', String(at + 1));
    const link = at * size < all.length ? { link: `<${path}?${following}>; rel="next"` } : {};
    const entries = all.slice((at - 1) * size, at * size);
    return json(200, `[${entries}]`, { 'x-total-count': String(all.length), ...link });
  }
}

export interface AcrOptions {
  /** The token is for single repositories: it opens no list of all. */
  readonly isScoped?: boolean;
  readonly locked?: RegExp;
}

/** Azure's API at /acr/v1, in front of a registry. https://learn.microsoft.com/en-us/rest/api/containerregistry/ */
export function acrApi(options: AcrOptions = {}): Adapter {
  const scoped = (given: Answer, action: string): Answer => {
    const header = String(given.headers['www-authenticate'] ?? '').replace(/:pull"/, `:${action}"`);
    return { ...given, headers: { ...given.headers, 'www-authenticate': header } };
  };
  return async (exchange, next) => {
    const { path, query, method, content } = exchange;
    if (path === '/oauth2/token') {
      if (method !== 'POST') return next({ ...exchange, query: inWordsOfTheSpec(query) });
      const form = Buffer.from(inWordsOfTheSpec(new URLSearchParams(await textOf(exchange))).toString());
      return next({ ...exchange, body: only(form) });
    }
    if (!path.startsWith('/acr/v1/')) return next(exchange);
    // Azure's own command line names no version.
    if ((query.get('api-version') ?? '2021-07-01') !== '2021-07-01') return answer(400);
    if (path === '/acr/v1/_catalog') {
      const given = await next({ ...exchange, path: '/v2/_catalog' });
      if (given.status !== 200 || !options.isScoped) return given;
      const detail = [{ Type: 'registry', Name: 'catalog', Action: '*' }];
      return jsonAnswer(401, { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required', detail }] });
    }
    const [, name = '', rest = ''] = /^\/acr\/v1\/(.+?)(\/_tags(?:\/[^/]+)?)?$/.exec(path) ?? [];
    const checked = await next({
      ...exchange,
      method: 'GET',
      path: `/v2/${name}/tags/list`,
      query: new URLSearchParams(),
    });
    if (checked.status === 401) return scoped(checked, method === 'DELETE' ? 'delete' : 'metadata_read');
    const repository = content.repositories.get(name);
    if (repository === undefined) return checked;
    const isOpen = (tag: string): string => String(options.locked?.test(tag) !== true);
    if (rest === '')
      return json(200, apiMessage('acr/repository.json', { registry: 'floe.azurecr.io', name, open: isOpen(name) }));
    if (rest === '/_tags') {
      const all = [...repository.tags].map(([tag, digest]) =>
        apiMessage('acr/tag.json', { name: tag, digest, open: isOpen(tag) }),
      );
      const [from, size] = [Number(query.get('last') ?? 0), Math.min(Number(query.get('n') ?? 100), 2)];
      const more = `/acr/v1/${name}/_tags?api-version=2021-07-01&last=${from + size}&n=${size}&orderby=timedesc`;
      const link = from + size < all.length ? { link: `<${more}>; rel="next"` } : {};
      return json(
        200,
        `{"registry":"floe.azurecr.io","imageName":"${name}","tags":[${all.slice(from, from + size)}]}`,
        link,
      );
    }
    const tag = decodeURIComponent(rest.slice('/_tags/'.length));
    if (options.locked?.test(tag)) {
      const refusal = { code: 'DENIED', message: 'The operation is disallowed on this registry, repository or image.' };
      return jsonAnswer(403, { errors: [refusal] });
    }
    return repository.tags.delete(tag)
      ? answer(202)
      : jsonAnswer(404, { errors: [{ code: 'TAG_UNKNOWN', message: tag }] });
  };
}

/** What may be done, as the registry behind it knows it. */
function inWordsOfTheSpec(asked: URLSearchParams): URLSearchParams {
  const translated = new URLSearchParams(asked);
  translated.delete('scope');
  for (const scope of asked.getAll('scope')) {
    const words = scope.replaceAll(/metadata_(?:read|write)/g, 'pull').replace(/:delete$/, ':pull,delete');
    translated.append('scope', words);
  }
  return translated;
}

/** The tags of a registry of Google, with all that it says of them. https://github.com/google/go-containerregistry/blob/main/pkg/v1/google/list.go */
export const garTags: Adapter = async (exchange, next) => {
  const [, name] = /^\/v2\/(.+)\/tags\/list$/.exec(exchange.path) ?? [];
  if (name === undefined) return next(exchange);
  const { repositories } = exchange.content;
  const below = [...repositories.keys()].filter((other) => other.startsWith(`${name}/`));
  const stand = [...repositories.keys()][0] ?? name;
  const checked = await next({ ...exchange, path: `/v2/${repositories.has(name) ? name : stand}/tags/list` });
  if (checked.status !== 200 || (!repositories.has(name) && below.length === 0)) return checked;
  const child = [...new Set(below.map((other) => other.slice(name.length + 1).split('/')[0]))];
  const own = repositories.get(name);
  const manifests = (own ? describedIn(own) : []).map(({ digest, size, mediaType, tags }) => {
    return `"${digest}":${apiMessage('gar/manifest.json', { size, mediaType, tags: JSON.stringify(tags) })}`;
  });
  const tags = JSON.stringify([...(own?.tags.keys() ?? [])]);
  return json(200, `{"child":${JSON.stringify(child)},"manifest":{${manifests}},"name":"${name}","tags":${tags}}`);
};

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function textOf({ body }: Exchange): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString('utf8');
}
