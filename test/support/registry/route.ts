import { isRepositoryName } from '../../../src/oci/spec/repositoryName.ts';

/** What a path of the distribution spec is about. */
export type Route =
  | { readonly kind: 'base' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'blob' | 'manifest' | 'referrers'; readonly name: string; readonly reference: string }
  | { readonly kind: 'uploads' | 'tags'; readonly name: string }
  | { readonly kind: 'upload'; readonly name: string; readonly session: string };

const PATHS: readonly (readonly [RegExp, (name: string, last: string) => Route])[] = [
  [/^\/v2\/(.+)\/blobs\/uploads\/$/, (name) => ({ kind: 'uploads', name })],
  [/^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, (name, session) => ({ kind: 'upload', name, session })],
  [/^\/v2\/(.+)\/blobs\/([^/]+)$/, (name, reference) => ({ kind: 'blob', name, reference })],
  [/^\/v2\/(.+)\/manifests\/([^/]+)$/, (name, reference) => ({ kind: 'manifest', name, reference })],
  [/^\/v2\/(.+)\/referrers\/([^/]+)$/, (name, reference) => ({ kind: 'referrers', name, reference })],
  [/^\/v2\/(.+)\/tags\/list$/, (name) => ({ kind: 'tags', name })],
];

/** The route of a path, `undefined` when there is none, `'invalid name'` when the repository's name is not one. */
export function routeOf(path: string): Route | 'invalid name' | undefined {
  if (path === '/v2/') return { kind: 'base' };
  if (path === '/v2/_catalog') return { kind: 'catalog' };
  for (const [pattern, make] of PATHS) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const [, name = '', last = ''] = match.map(decodeURIComponent);
    return isRepositoryName(name) ? make(name, last) : 'invalid name';
  }
  return undefined;
}
