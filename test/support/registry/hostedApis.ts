import { type Answer, answer, jsonAnswer } from './answer.ts';
import { apiMessage, describedIn } from './apis.ts';
import type { RegistryContent, RepositoryContent } from './content.ts';
import type { Exchange } from './exchange.ts';
import type { Adapter, RegistryAuth } from './options.ts';

/** APIs that are on a host of their own: what names another host passes on to the registry. */

const json = (status: number, body: string, headers: Answer['headers'] = {}): Answer =>
  answer(status, { 'content-type': 'application/json', ...headers }, body);

/** The repositories below a name, each without it. */
function below({ repositories }: RegistryContent, owner: string): readonly (readonly [string, RepositoryContent])[] {
  return [...repositories]
    .filter(([name]) => name.startsWith(`${owner}/`))
    .map(([name, content]) => [name.slice(owner.length + 1), content] as const);
}

function remove(repository: RepositoryContent, digest: string): void {
  for (const [tag, target] of repository.tags) if (target === digest) repository.tags.delete(tag);
  repository.manifests.delete(digest);
}

async function textOf({ body }: Exchange): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString('utf8');
}

/** GitHub's packages of one organisation. https://docs.github.com/en/rest/packages/packages */
export function githubApi({ password }: RegistryAuth, owner: string): Adapter {
  const limits = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4987', 'x-ratelimit-reset': '4102444800' };
  return async (exchange, next) => {
    const { path, headers, method, content } = exchange;
    if (headers['host'] !== 'api.github.com') return next(exchange);
    if (headers['authorization'] !== `Bearer ${password}`) return jsonAnswer(401, { message: 'Bad credentials' });
    if (path === `/orgs/${owner}`) return json(200, `{"login":"${owner}"}`, limits);
    const own = below(content, owner);
    if (path === '/user/packages' || path === `/orgs/${owner}/packages`) {
      const all = own.map(([name]) => JSON.parse(apiMessage('ghcr/packages.json', { owner, name }))[0]);
      return jsonAnswer(200, all, limits);
    }
    const [, encoded = '', id] = /\/packages\/container\/([^/]+)\/versions(?:\/(\d+))?$/.exec(path) ?? [];
    const name = decodeURIComponent(encoded);
    const repository = own.find(([other]) => other === name)?.[1];
    if (repository === undefined) return jsonAnswer(404, { message: 'Package not found.' });
    const described = describedIn(repository);
    if (method === 'DELETE') {
      const version = described[Number(id) - 1];
      if (version === undefined) return jsonAnswer(404, { message: 'Not Found' });
      if (described.length === 1) return json(400, apiMessage('ghcr/lastVersion.json'));
      remove(repository, version.digest);
      return answer(204);
    }
    const versions = described.map(({ digest, tags }, at) =>
      apiMessage('ghcr/version.json', { owner, name, id: at + 1, digest, tags: JSON.stringify(tags) }),
    );
    return json(200, `[${versions}]`, limits);
  };
}

/** Docker Hub's web API, which gives a token for the password. https://docs.docker.com/reference/api/hub/latest/ */
export function hubApi({ username, password }: RegistryAuth): Adapter {
  const refused = jsonAnswer(401, { message: 'Incorrect authentication credentials' });
  return async (exchange, next) => {
    const { path, headers, method, content } = exchange;
    if (headers['host'] !== 'hub.docker.com') return next(exchange);
    if (path === '/v2/auth/token') {
      const { identifier, secret } = JSON.parse(await textOf(exchange));
      return identifier === username && secret === password ? jsonAnswer(200, { access_token: 'hub.token' }) : refused;
    }
    if (headers['authorization'] !== 'Bearer hub.token') return refused;
    const [, namespace = ''] = /^\/v2\/(?:namespaces|repositories)\/([^/]+)/.exec(path) ?? [];
    const own = below(content, namespace);
    if (path === `/v2/namespaces/${namespace}/repositories`) return list(own.map(([name]) => repositoryOf(name)));
    const [, name = '', tag] =
      /\/(?:repositories|repositories\/[^/]+)\/([^/]+)\/tags(?:\/([^/]+)\/)?$/.exec(path) ?? [];
    const repository = own.find(([other]) => other === name)?.[1];
    if (repository === undefined) return jsonAnswer(404, { message: 'object not found' });
    if (method === 'DELETE') return answer(repository.tags.delete(tag ?? '') ? 204 : 404);
    return list(describedIn(repository).flatMap(({ tags, ...image }) => tags.map((own) => tagOf(own, image))));

    function repositoryOf(own: string): object {
      return JSON.parse(apiMessage('dockerHub/repositories.json', { namespace, name: own })).results[0];
    }
  };

  function tagOf(name: string, { digest, size }: { readonly digest: string; readonly size: number }): object {
    return JSON.parse(apiMessage('dockerHub/tags.json', { name, digest, size })).results[0];
  }

  function list(results: readonly object[]): Answer {
    return jsonAnswer(200, { count: results.length, next: null, previous: null, results });
  }
}

/** What is made in a project of Google's: `PROJECT/REPOSITORY`, and whether its tags are immutable. */
export type GoogleRepositories = Map<string, { readonly isImmutable?: boolean }>;

/** Google's API, and what the registry refuses without it. https://cloud.google.com/artifact-registry/docs/reference/rest */
export function googleApi({ password }: RegistryAuth, made: GoogleRepositories): Adapter {
  const refusal = (code: number, status: string, text: string): Answer =>
    jsonAnswer(code, { error: { code, message: text, status, details: [] } });
  return async (exchange, next) => {
    const { path, headers, method, query, content } = exchange;
    if (headers['host'] !== 'artifactregistry.googleapis.com') {
      const [, place] = /^\/v2\/([^/]+\/[^/]+)\/.+$/.exec(path) ?? [];
      const isWrite = method === 'PUT' || method === 'POST';
      if (place === undefined || !isWrite || made.has(place)) return next(exchange);
      const message = `Repository "${place.split('/')[1]}" not found`;
      return jsonAnswer(404, { errors: [{ code: 'NAME_UNKNOWN', message }] });
    }
    if (headers['authorization'] !== `Bearer ${password}`) {
      return refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    }
    const [, project = '', location = '', name, rest] =
      /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/repositories(?:\/([^/]+))?(?:\/(packages))?$/.exec(path) ?? [];
    const repositoryOf = (own: string): string => {
      const immutable = String(made.get(`${project}/${own}`)?.isImmutable === true);
      return apiMessage('gar/repository.json', { project, location, name: own, immutable });
    };
    if (method === 'POST' && name === undefined) {
      const own = query.get('repositoryId') ?? '';
      if (made.has(`${project}/${own}`)) return refusal(409, 'ALREADY_EXISTS', 'the repository already exists');
      made.set(`${project}/${own}`, {});
      return json(200, `{"name":"projects/${project}/locations/${location}/operations/1","done":false}`);
    }
    if (name === undefined) {
      const own = [...made.keys()].filter((key) => key.startsWith(`${project}/`));
      return json(200, `{"repositories":[${own.map((key) => repositoryOf(key.slice(project.length + 1)))}]}`);
    }
    if (!made.has(`${project}/${name}`)) return refusal(404, 'NOT_FOUND', 'Requested entity was not found.');
    if (rest === undefined) return json(200, repositoryOf(name));
    const packages = below(content, `${project}/${name}`).map(([image]) =>
      apiMessage('gar/package.json', { project, location, repository: name, name: encodeURIComponent(image) }),
    );
    return json(200, `{"packages":[${packages}]}`);
  };
}

/** GitLab's API of one group. https://docs.gitlab.com/api/container_registry/ */
export function gitlabApi({ password }: RegistryAuth, host: string, group: string): Adapter {
  return async (exchange, next) => {
    const { path, headers, content } = exchange;
    if (headers['host'] !== host || !path.startsWith('/api/v4/')) return next(exchange);
    if (headers['authorization'] !== `Bearer ${password}`) return jsonAnswer(401, { message: '401 Unauthorized' });
    const [, kind = '', encoded = ''] =
      /^\/api\/v4\/(groups|projects)\/([^/]+)\/registry\/repositories$/.exec(path) ?? [];
    const place = decodeURIComponent(encoded);
    const isThere = kind === 'groups' ? place === group : place.startsWith(`${group}/`);
    if (!isThere) {
      return json(404, apiMessage('gitlab/notFound.json', { kind: kind === 'groups' ? 'Group' : 'Project' }));
    }
    const all = below(content, place).map(([name], id) =>
      apiMessage('gitlab/repository.json', { id, path: `${place}/${name}` }),
    );
    const own = content.repositories.has(place) ? [apiMessage('gitlab/repository.json', { id: 99, path: place })] : [];
    return json(200, `[${[...own, ...all]}]`);
  };
}
