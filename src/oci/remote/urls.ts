import type { Digest, DigestAlgorithm } from '../spec/digest.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';

/** Docker Hub's registry answers under another name than the one it is known by. */
const HOSTS: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/** The root of a registry's API. `host` has been through `parseRegistryHost`. */
export function registryUrl(host: string, plainHttp: boolean): URL {
  return new URL(`${plainHttp ? 'http' : 'https'}://${HOSTS[host] ?? host}/v2/`);
}

/** `GET /v2/_catalog`, with a page size or the registry's own. */
export function catalogUrl(base: URL, pageSize?: number): URL {
  return withQuery(new URL('/v2/_catalog', base), pageSize === undefined ? {} : { n: String(pageSize) });
}

/**
 * The endpoints of one repository. Everything that goes into a path is of a type that only a parser makes.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints
 */
export class RepositoryUrls {
  readonly #base: URL;
  readonly #repository: RepositoryName;

  constructor(base: URL, repository: RepositoryName) {
    this.#base = base;
    this.#repository = repository;
  }

  blob(digest: Digest): URL {
    return this.#at(`blobs/${digest}`);
  }

  /** Where an upload begins; with `mount` and `from`, where a blob of another repository is mounted. */
  uploads(query: UploadQuery = {}): URL {
    return withQuery(this.#at('blobs/uploads/'), query);
  }

  manifest(reference: Tag | Digest): URL {
    return this.#at(`manifests/${reference}`);
  }

  tags(pageSize?: number): URL {
    return withQuery(this.#at('tags/list'), pageSize === undefined ? {} : { n: String(pageSize) });
  }

  /** What refers to a manifest; with `artifactType`, only that of one type. */
  referrers(subject: Digest, artifactType?: string): URL {
    return withQuery(this.#at(`referrers/${subject}`), artifactType === undefined ? {} : { artifactType });
  }

  #at(path: string): URL {
    return new URL(`/v2/${this.#repository}/${path}`, this.#base);
  }
}

/** What the beginning of an upload can say. */
export type UploadQuery =
  | { readonly mount: Digest; readonly from: RepositoryName }
  | { readonly 'digest-algorithm': DigestAlgorithm }
  | Readonly<Record<string, never>>;

function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
