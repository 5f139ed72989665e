import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import { isOciError, OciError } from '../errors.ts';
import type { Digest } from '../spec/digest.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import type { ApiAnswer, ApiClient } from './apiClient.ts';
import { DistributionProvider, type ProviderParts } from './distribution.ts';
import { present, tagEntry, timeOf } from './entries.ts';
import { nextLink } from './nextLink.ts';
import type { RepositoriesOptions, RepositoryEntry, TagEntry } from './provider.ts';

/** It gets the registry's token by the rule of transport/apiHosts. https://docs.github.com/en/rest/packages/packages */
const GITHUB = new URL('https://api.github.com/');
const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
const PAGE_SIZE = '100';

const packages = z.array(
  z.object({
    name: z.string(),
    owner: z.optional(z.nullable(z.object({ login: z.string() }))),
    updated_at: z.optional(z.string()),
  }),
);
const versions = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    created_at: z.optional(z.string()),
    metadata: z.optional(z.object({ container: z.optional(z.object({ tags: z.array(z.string()) })) })),
  }),
);

/** GitHub's registry, by its packages API, which wants a classic token with read:packages. */
export class GhcrProvider extends DistributionProvider {
  override readonly name = 'ghcr';
  override readonly describesTags = false;
  override readonly remarks: readonly string[] = [
    'Packages are listed for the user of the token, or of an owner: name it as ghcr.io/OWNER.',
    'Referrers are kept under tags, as the registry has no API for them.',
    'Single tags are not removed; a manifest with all its tags is, by its API.',
  ];
  readonly #api: ApiClient;

  constructor(parts: ProviderParts) {
    super(parts);
    this.#api = this.apiAt(GITHUB, { headers: HEADERS });
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    const owner = within?.split('/')[0];
    const query = { package_type: 'container', per_page: PAGE_SIZE };
    const path = owner === undefined ? 'user/packages' : await this.#ownerPath(owner, call);
    for await (const page of this.#api.pages(path, packages, nextPage, { query, ...call })) {
      yield present(
        page.map((found) => {
          const name = `${found.owner?.login ?? owner ?? ''}/${found.name}`.toLowerCase();
          const updatedAt = timeOf(found.updated_at);
          return isRepositoryName(name) ? { name, ...(updatedAt !== undefined && { updatedAt }) } : undefined;
        }),
      );
    }
  }

  override async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    const path = await this.#versionsPath(repository, options);
    const query = { per_page: PAGE_SIZE };
    for await (const page of this.#api.pages(path, versions, nextPage, { query, ...options })) {
      yield page.flatMap(({ name: digest, created_at, metadata }) =>
        present((metadata?.container?.tags ?? []).map((name) => tagEntry({ name, digest, pushedAt: created_at }))),
      );
    }
  }

  override async deleteTag(repository: RepositoryName, tag: Tag, _options?: CallOptions): Promise<void> {
    const what = `removing the single tag ${tag} from ${this.host}/${repository}`;
    const instead = `A manifest is removed with all its tags, here or on the page of the package, https://${this.host}/${repository}`;
    throw new OciError('UNSUPPORTED', `${what} is not supported`, { what, instead });
  }

  /** A version is a manifest with all its tags. GitHub keeps the last one of a package, and says so. */
  async deleteManifest(repository: RepositoryName, digest: Digest, options: CallOptions = {}): Promise<void> {
    const path = await this.#versionsPath(repository, options);
    const query = { per_page: PAGE_SIZE };
    for await (const page of this.#api.pages(path, versions, nextPage, { query, ...options })) {
      const found = page.find(({ name }) => name === digest);
      if (found === undefined) continue;
      await this.#api.send(`${path}/${found.id}`, { method: 'DELETE', ...options });
      return;
    }
    const what = `${this.host}/${repository}@${digest}`;
    throw new OciError('NOT_FOUND', `${what} is no version of its package`, { kind: 'manifest', what });
  }

  /** The registry's own host leads a browser to the page of the package. */
  override async webUrl({ repository }: RegistryReference): Promise<URL> {
    return new URL(`https://${this.host}/${repository}`);
  }

  async #versionsPath(repository: RepositoryName, call: CallOptions): Promise<string> {
    const [owner = '', ...rest] = repository.split('/');
    return `${await this.#ownerPath(owner, call)}/container/${encodeURIComponent(rest.join('/'))}/versions`;
  }

  /** An owner is an organisation, or a person. */
  async #ownerPath(owner: string, call: CallOptions): Promise<string> {
    const name = encodeURIComponent(owner);
    try {
      await this.#api.get(`orgs/${name}`, z.object({ login: z.string() }), call);
      return `orgs/${name}/packages`;
    } catch (error) {
      if (isOciError(error, 'REGISTRY_ERROR') && error.details.status === 404) return `users/${name}/packages`;
      throw error;
    }
  }
}

function nextPage({ response }: ApiAnswer<unknown>): string | undefined {
  return nextLink(response);
}
