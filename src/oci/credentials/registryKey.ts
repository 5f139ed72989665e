import { isOciError } from '../errors.ts';
import { parseRegistryHost } from '../spec/reference.ts';

/** What a key of `auths` or `credHelpers` is about. */
interface RegistryKey {
  /** As {@link parseRegistryHost} spells it. */
  readonly registry: string;
  /** The repositories it is for, by the start of their path; empty: all of them. */
  readonly path: string;
}

/** The key under which Docker keeps the credential of a registry. Docker Hub's is older than registries by host. */
export function dockerKey(registry: string): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
}

/**
 * Keys for a registry and a repository, best first: the longest path that the repository is in or equal to, then the
 * host alone. Host and port have to be equal, letter case aside; a part of a name is another registry.
 *
 * Keys are `host[:port]`, that as an address with or without `/v1/` or `/v2/`, as Docker and older clients write them,
 * or `host[:port]/path`, as Podman does: https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export function matchingKeys(
  keys: Iterable<string>,
  registry: string,
  repository: string | undefined,
): readonly string[] {
  const own = [...keys].flatMap((key) => {
    const parsed = parseRegistryKey(key);
    return parsed?.registry === registry && isWithin(repository, parsed.path) ? [{ key, path: parsed.path }] : [];
  });
  const spelled = [dockerKey(registry), registry];
  const rank = (key: string): number => (spelled.includes(key) ? spelled.indexOf(key) : spelled.length);
  return own.toSorted((a, b) => b.path.length - a.path.length || rank(a.key) - rank(b.key)).map(({ key }) => key);
}

/** Undefined for what names no registry, and so none that could be asked for. */
function parseRegistryKey(key: string): RegistryKey | undefined {
  const [host = '', ...rest] = key
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
  try {
    const path = rest.join('/');
    return { registry: parseRegistryHost(host), path: /^v[12]$/.test(path) ? '' : path };
  } catch (error) {
    if (isOciError(error, 'INVALID_REFERENCE')) return undefined;
    throw error;
  }
}

function isWithin(repository: string | undefined, path: string): boolean {
  return path === '' || repository === path || repository?.startsWith(`${path}/`) === true;
}
