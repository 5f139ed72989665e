import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import { OciError } from '../errors.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import type { ApiClient } from './apiClient.ts';
import { DistributionProvider, type ProviderParts } from './distribution.ts';
import { present, tagEntry, timeOf } from './entries.ts';
import type { RepositoriesOptions, RepositoryEntry, TagEntry } from './provider.ts';

/** It gets the registry's credential by the rule of transport/apiHosts. https://docs.docker.com/reference/api/hub/latest/ */
const HUB = new URL('https://hub.docker.com/');
const PAGE_SIZE = '100';

const repositories = z.object({
  next: z.optional(z.nullable(z.string())),
  results: z.array(z.object({ name: z.string(), last_updated: z.optional(z.nullable(z.string())) })),
});
const tags = z.object({
  next: z.optional(z.nullable(z.string())),
  results: z.array(
    z.object({
      name: z.string(),
      full_size: z.optional(z.nullable(z.number())),
      digest: z.optional(z.nullable(z.string())),
      tag_last_pushed: z.optional(z.nullable(z.string())),
      last_updated: z.optional(z.nullable(z.string())),
    }),
  ),
});

/** Docker Hub, whose registry has no catalog and no dates: its web API has. */
export class DockerHubProvider extends DistributionProvider {
  override readonly name = 'docker-hub';
  override readonly describesTags = true;
  override readonly remarks: readonly string[] = [
    'Repositories are listed by namespace: name it as docker.io/NAMESPACE.',
    'Getting a manifest counts against the limit on pulls; asking whether it is there does not.',
    'A tag is removed by its web API; manifests are not removed.',
  ];
  readonly #api: ApiClient;

  constructor(parts: ProviderParts) {
    super(parts);
    this.#api = this.apiAt(HUB);
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    if (within === undefined) {
      const what = 'listing all repositories of docker.io';
      throw new OciError('UNSUPPORTED', what, { what, instead: 'Name a namespace, as docker.io/NAMESPACE' });
    }
    const [namespace = ''] = within.split('/');
    const path = `v2/namespaces/${encodeURIComponent(namespace)}/repositories`;
    const query = { page_size: PAGE_SIZE };
    for await (const page of this.#api.pages(path, repositories, ({ value }) => value.next ?? undefined, {
      query,
      ...call,
    })) {
      yield present(
        page.results.map(({ name, last_updated }) => {
          const full = `${namespace}/${name}`;
          const updatedAt = timeOf(last_updated);
          return isRepositoryName(full) ? { name: full, ...(updatedAt !== undefined && { updatedAt }) } : undefined;
        }),
      );
    }
  }

  override async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    const query = { page_size: PAGE_SIZE, ordering: 'last_updated' };
    const request = { query, subject: this.#subject(repository), ...options };
    const pages = this.#api.pages(`${path(repository)}/tags`, tags, ({ value }) => value.next ?? undefined, request);
    for await (const page of pages) {
      yield present(
        page.results.map(({ name, full_size, digest, tag_last_pushed, last_updated }) =>
          tagEntry({ name, digest, size: full_size, pushedAt: tag_last_pushed ?? last_updated }),
        ),
      );
    }
  }

  override async deleteTag(repository: RepositoryName, tag: Tag, options: CallOptions = {}): Promise<void> {
    const what = `${this.host}/${repository}:${tag}`;
    const subject = { ...this.#subject(repository), notFound: { kind: 'tag', what } } as const;
    // https://docs.docker.com/reference/api/hub/latest/ does not have it; Docker's own hub-tool does: https://github.com/docker/hub-tool
    const [namespace = '', name = ''] = repository.split('/');
    const url = `v2/repositories/${namespace}/${name}/tags/${encodeURIComponent(tag)}/`;
    await this.#api.send(url, { method: 'DELETE', subject, ...options });
  }

  override async webUrl({ repository, tag }: RegistryReference): Promise<URL> {
    const place = repository.startsWith('library/') ? `_/${repository.slice('library/'.length)}` : `r/${repository}`;
    const url = new URL(`${place}${tag === undefined ? '' : '/tags'}`, HUB);
    if (tag !== undefined) url.searchParams.set('name', tag);
    return url;
  }

  #subject(repository: RepositoryName) {
    const what = `${this.host}/${repository}`;
    return { repository: what, notFound: { kind: 'repository', what } } as const;
  }
}

function path(repository: RepositoryName): string {
  const [namespace = '', name = ''] = repository.split('/');
  return `v2/namespaces/${namespace}/repositories/${name}`;
}
