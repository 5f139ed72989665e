import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import type { ApiClient } from './apiClient.ts';
import { DistributionProvider, isWithin, type ProviderParts } from './distribution.ts';
import { present, tagEntry } from './entries.ts';
import { nextLink } from './nextLink.ts';
import type { RepositoriesOptions, RepositoryEntry, RepositoryRules, TagEntry } from './provider.ts';

/** What the SDKs of Azure speak. */
const VERSION = '2021-07-01';
const PAGE_SIZE = '1000';

const catalog = z.object({ repositories: z.nullable(z.array(z.string())) });
const attributes = z.object({
  writeEnabled: z.optional(z.boolean()),
  deleteEnabled: z.optional(z.boolean()),
  listEnabled: z.optional(z.boolean()),
  readEnabled: z.optional(z.boolean()),
});
const tagList = z.object({
  tags: z.optional(
    z.nullable(
      z.array(
        z.object({
          name: z.string(),
          digest: z.optional(z.string()),
          createdTime: z.optional(z.string()),
          lastUpdateTime: z.optional(z.string()),
          changeableAttributes: z.optional(attributes),
        }),
      ),
    ),
  ),
});
const repositoryAttributes = z.object({ changeableAttributes: z.optional(attributes) });

/**
 * Azure Container Registry, by its own API at `/acr/v1`, with the registry's tokens: the challenge names the scope.
 * https://learn.microsoft.com/en-us/rest/api/containerregistry/
 *
 * A token that is for single repositories cannot list them. Sizes are those of manifests, in another list, and not asked for.
 */
export class AcrProvider extends DistributionProvider {
  override readonly name = 'acr';
  override readonly describesTags = false;
  override readonly remarks: readonly string[] = [
    'A tag is removed by its own API; locked tags are kept.',
    'Tokens for single repositories cannot list the others.',
  ];
  readonly #api: ApiClient;

  constructor(parts: ProviderParts) {
    super(parts);
    this.#api = this.apiAt('/acr/v1/');
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    const query = { 'api-version': VERSION, n: PAGE_SIZE };
    for await (const page of this.#api.pages('_catalog', catalog, nextPage, { query, ...call })) {
      const names = (page.repositories ?? []).filter(isRepositoryName);
      yield names.filter((name) => within === undefined || isWithin(name, within)).map((name) => ({ name }));
    }
  }

  override async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    const query = { 'api-version': VERSION, n: PAGE_SIZE, orderby: 'timedesc' };
    const request = { query, subject: this.#subject(repository), ...options };
    for await (const page of this.#api.pages(`${repository}/_tags`, tagList, nextPage, request)) {
      yield present(
        (page.tags ?? []).map(({ name, digest, createdTime, lastUpdateTime, changeableAttributes }) =>
          tagEntry({
            name,
            digest,
            pushedAt: lastUpdateTime ?? createdTime,
            isImmutable: changeableAttributes?.writeEnabled === false,
          }),
        ),
      );
    }
  }

  override async deleteTag(repository: RepositoryName, tag: Tag, options: CallOptions = {}): Promise<void> {
    const what = `${this.host}/${repository}:${tag}`;
    const subject = { ...this.#subject(repository), notFound: { kind: 'tag', what } } as const;
    const query = { 'api-version': VERSION };
    const path = `${repository}/_tags/${encodeURIComponent(tag)}`;
    await this.#api.send(path, { method: 'DELETE', query, subject, ...options });
  }

  override async rules(repository: RepositoryName, options: CallOptions = {}): Promise<RepositoryRules> {
    const request = { query: { 'api-version': VERSION }, subject: this.#subject(repository), ...options };
    const { value } = await this.#api.get(repository, repositoryAttributes, request);
    const { writeEnabled, deleteEnabled } = value.changeableAttributes ?? {};
    return {
      ...(writeEnabled === false && { immutability: 'all' }),
      remarks: [
        ...(writeEnabled === false ? ['The repository is locked against writing'] : []),
        ...(deleteEnabled === false ? ['The repository is locked against deletion'] : []),
      ],
    };
  }

  /** The page of one registry has the subscription in its address, which no registry tells: the list of them has not. */
  override async webUrl(_reference: RegistryReference, _options?: CallOptions): Promise<URL | undefined> {
    return new URL('https://portal.azure.com/#browse/Microsoft.ContainerRegistry%2Fregistries');
  }

  #subject(repository: RepositoryName) {
    const what = `${this.host}/${repository}`;
    return { repository: what, notFound: { kind: 'repository', what } } as const;
  }
}

function nextPage({ response }: { readonly response: Parameters<typeof nextLink>[0] }): string | undefined {
  return nextLink(response);
}
