import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import type { RegistryReference } from '../spec/reference.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import { invalidResponse } from '../transport/responseError.ts';
import type { ApiClient } from './apiClient.ts';
import { DistributionProvider, type ProviderParts } from './distribution.ts';
import { present, tagEntry } from './entries.ts';
import type { TagEntry } from './provider.ts';

const imageList = z.object({
  data: z.object({
    ImageList: z.object({
      Results: z.nullable(
        z.array(
          z.object({
            Tag: z.string(),
            Digest: z.optional(z.nullable(z.string())),
            Size: z.optional(z.nullable(z.string())),
            LastUpdated: z.optional(z.nullable(z.string())),
          }),
        ),
      ),
    }),
  }),
});

/** zot, by its search extension, which minimal builds lack. https://github.com/project-zot/zot/blob/main/pkg/extensions/search/search.md */
export class ZotProvider extends DistributionProvider {
  override readonly name = 'zot';
  override readonly describesTags = true;
  readonly #api: ApiClient;

  constructor(parts: ProviderParts) {
    super(parts);
    this.#api = this.apiAt('/v2/');
  }

  override async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    // The name of a repository has no character that means anything in a query.
    const query = `{ImageList(repo:"${repository}"){Results{Tag Digest Size LastUpdated}}}`;
    const { value, response, request } = await this.#api.get('_zot/ext/search', imageList, {
      query: { query },
      ...options,
    });
    const results = value.data.ImageList.Results ?? [];
    // It has no answer of its own for a repository that is not there.
    if (results.length === 0) throw invalidResponse(response, request, 'it has nothing about this repository');
    yield present(
      results.map((found) =>
        tagEntry({ name: found.Tag, digest: found.Digest, size: found.Size, createdAt: found.LastUpdated }),
      ),
    );
  }

  override async webUrl({ repository, tag, digest }: RegistryReference): Promise<URL> {
    const version = tag ?? digest;
    const image = `/image/${encodeURIComponent(repository)}`;
    return new URL(version === undefined ? image : `${image}/tag/${version}`, this.site);
  }
}
