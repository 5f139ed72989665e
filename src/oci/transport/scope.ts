import type { HttpRequest } from './transport.ts';

/** What a request is about, in the terms of token authentication. */
export interface Access {
  /** Equal for requests that one token serves: `pull acme/app`. */
  readonly key: string;
  /** Whose content it is about; none for the registry as a whole. */
  readonly repository?: string;
  /** It reads content, which may be public; asking the registry about itself is not reading. */
  readonly isPull: boolean;
  /**
   * Scopes that the request is likely to need; none where guessing does harm: some token servers refuse actions they do
   * not know, so `delete` and the catalog wait for the challenge.
   */
  readonly scopes: readonly string[];
}

/** The end points below a repository. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints */
const REPOSITORY =
  /^\/v2\/(.+)\/(?:manifests\/[^/]+|blobs\/[^/]+|blobs\/uploads(?:\/.*)?|tags\/list|referrers\/[^/]+)$/;

/** What a request needs leave for, read from its method and path, with the scopes that a token server is asked for. */
export function accessOf({ method, url }: HttpRequest): Access {
  // Uploads first: `blobs/uploads/<id>` would make a repository named `…/blobs` out of the greedy part.
  const path = url.pathname.replace(/(\/blobs\/uploads)\/.*$/, '$1');
  const repository = REPOSITORY.exec(path)?.[1];
  if (repository === undefined) return { key: `${method} ${url.pathname}`, isPull: false, scopes: [] };
  if (method === 'DELETE') return { key: `delete ${repository}`, repository, isPull: false, scopes: [] };
  if (method === 'GET' || method === 'HEAD') {
    return { key: `pull ${repository}`, repository, isPull: true, scopes: [`repository:${repository}:pull`] };
  }
  const from = url.searchParams.get('from');
  const scopes = [`repository:${repository}:pull,push`, ...(from === null ? [] : [`repository:${from}:pull`])];
  return { key: `push ${repository} ${from ?? ''}`, repository, isPull: false, scopes };
}

/** Actions by resource (`type:name`); a scope that is not of that form has none and stands for itself. */
type Grants = ReadonlyMap<string, ReadonlySet<string>>;

/** The name may hold a colon (`host:port/name`), so the actions are what follows the last one. */
function grantsOf(scopes: readonly string[]): Grants {
  const grants = new Map<string, Set<string>>();
  for (const scope of scopes) {
    const [, resource = scope, actions = ''] = /^([^:]+:.*):([^:]*)$/s.exec(scope) ?? [];
    const known = grants.get(resource) ?? new Set();
    for (const action of actions.split(',')) if (action !== '') known.add(action);
    grants.set(resource, known);
  }
  return grants;
}

/**
 * The same scopes, one for each resource, actions sorted and `*` alone, in the order they were first named: some token
 * servers look at the first only. https://distribution.github.io/distribution/spec/auth/scope/
 */
export function mergeScopes(scopes: readonly string[]): readonly string[] {
  return [...grantsOf(scopes)].map(([resource, actions]) => {
    if (actions.size === 0) return resource;
    return `${resource}:${actions.has('*') ? '*' : [...actions].toSorted().join(',')}`;
  });
}

/**
 * The scopes that a challenge names, with the actions on the same resources that are needed besides: what a challenge
 * does not name, a token server may not know.
 */
export function extendScopes(named: readonly string[], besides: readonly string[]): readonly string[] {
  const resources = grantsOf(named);
  return mergeScopes([
    ...named,
    ...besides.filter((scope) =>
      grantsOf([scope])
        .keys()
        .every((key) => resources.has(key)),
    ),
  ]);
}

/** Whether whoever has the first scopes can do everything that the second ones allow. */
export function coversScopes(granted: readonly string[], wanted: readonly string[]): boolean {
  const has = grantsOf(granted);
  return [...grantsOf(wanted)].every(([resource, actions]) => {
    const known = has.get(resource);
    return known !== undefined && (known.has('*') || [...actions].every((action) => known.has(action)));
  });
}
