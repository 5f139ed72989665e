import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import type { ApiAnswer, ApiClient } from './apiClient.ts';
import { DistributionProvider, type ProviderParts } from './distribution.ts';
import { isDigestText, present, tagEntry, timeOf } from './entries.ts';
import type { RepositoriesOptions, RepositoryEntry, TagEntry, TagPeriod } from './provider.ts';

const repositories = z.object({
  repositories: z.array(
    z.object({ namespace: z.string(), name: z.string(), last_modified: z.optional(z.nullable(z.number())) }),
  ),
  next_page: z.optional(z.nullable(z.string())),
});
const PAGE = { page: z.optional(z.number()), has_additional: z.optional(z.boolean()) };
type Page = z.infer<z.ZodMiniObject<typeof PAGE>>;
const tags = z.object({
  tags: z.array(
    z.object({
      name: z.string(),
      manifest_digest: z.optional(z.nullable(z.string())),
      size: z.optional(z.nullable(z.number())),
      last_modified: z.optional(z.nullable(z.string())),
      immutable: z.optional(z.boolean()),
    }),
  ),
  ...PAGE,
});

const history = z.object({
  tags: z.array(
    z.object({
      manifest_digest: z.optional(z.nullable(z.string())),
      start_ts: z.optional(z.nullable(z.number())),
      end_ts: z.optional(z.nullable(z.number())),
    }),
  ),
  ...PAGE,
});

/**
 * Quay, by its API 1, asked as a stranger: it takes tokens of applications alone, which no registry credential is. What is
 * private comes by the spec. https://docs.quay.io/api/swagger/
 */
export class QuayProvider extends DistributionProvider {
  override readonly name = 'quay';
  override readonly describesTags = true;
  override readonly remarks: readonly string[] = [
    'Its API takes tokens of applications, not the credentials of the registry: only what is public has dates.',
    'Tags that were removed stay in its history for some time.',
  ];
  readonly #api: ApiClient;

  constructor(parts: ProviderParts) {
    super(parts);
    this.#api = this.apiAt('/api/v1/');
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    if (within === undefined) return yield* super.repositories(call);
    const query = { namespace: within.split('/')[0] ?? '', public: 'true', last_modified: 'true' };
    for await (const page of this.#api.pages('repository', repositories, nextRepositories, { query, ...call })) {
      yield present(
        page.repositories.map(({ namespace, name, last_modified }) => {
          const full = `${namespace}/${name}`;
          const updatedAt = timeOf(last_modified && last_modified * 1000);
          return isRepositoryName(full) ? { name: full, ...(updatedAt !== undefined && { updatedAt }) } : undefined;
        }),
      );
    }
  }

  override async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    const what = `${this.host}/${repository}`;
    const query = { limit: '100', page: '1', onlyActiveTags: 'true' };
    const request = { query, subject: { repository: what }, ...options };
    for await (const page of this.#api.pages(`repository/${repository}/tag/`, tags, nextTags, request)) {
      yield present(
        page.tags.map(({ name, manifest_digest, size, last_modified, immutable }) =>
          tagEntry({ name, digest: manifest_digest, size, pushedAt: last_modified, isImmutable: immutable }),
        ),
      );
    }
  }

  /** Also of what was removed, until Quay collects it. Times are seconds since 1970. */
  async *tagHistory(
    repository: RepositoryName,
    tag: Tag,
    options: CallOptions = {},
  ): AsyncIterable<readonly TagPeriod[]> {
    const query = { limit: '100', page: '1', specificTag: tag };
    const request = { query, subject: { repository: `${this.host}/${repository}` }, ...options };
    for await (const page of this.#api.pages(`repository/${repository}/tag/`, history, nextTags, request)) {
      yield present(
        page.tags.map(({ manifest_digest: digest, start_ts, end_ts }) => {
          const [from, until] = [start_ts, end_ts].map((seconds) => timeOf(seconds && seconds * 1000));
          if (from === undefined || !isDigestText(digest)) return undefined;
          return { digest, from, ...(until !== undefined && { until }) };
        }),
      );
    }
  }

  override async webUrl({ repository, tag, digest }: RegistryReference): Promise<URL> {
    if (digest !== undefined) return new URL(`/repository/${repository}/manifest/${digest}`, this.site);
    const url = new URL(`/repository/${repository}`, this.site);
    url.searchParams.set('tab', 'tags');
    if (tag !== undefined) url.searchParams.set('tag', tag);
    return url;
  }
}

function nextRepositories({ value, request }: ApiAnswer<z.infer<typeof repositories>>): string | undefined {
  return value.next_page ? withParameter(request.url, 'next_page', value.next_page) : undefined;
}

function nextTags({ value, request }: ApiAnswer<Page>): string | undefined {
  if (value.has_additional !== true) return undefined;
  return withParameter(request.url, 'page', String((value.page ?? 1) + 1));
}

function withParameter(from: URL, name: string, value: string): string {
  const url = new URL(from);
  url.searchParams.set(name, value);
  return url.href;
}
