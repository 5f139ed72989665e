import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import { isRepositoryName } from '../spec/repositoryName.ts';
import type { ApiClient } from './apiClient.ts';
import { present } from './entries.ts';
import type { Creation, RepositoryEntry, RepositoryRules } from './provider.ts';

/** It gets the registry's token by the rule of transport/apiHosts. */
export const GOOGLE_API = new URL('https://artifactregistry.googleapis.com/v1/');
/** The most that Google gives at once. */
const PAGE_SIZE = '1000';

const repositoryList = z.object({
  repositories: z.optional(z.array(z.object({ name: z.string(), format: z.optional(z.string()) }))),
  nextPageToken: z.optional(z.string()),
});
const packageList = z.object({
  packages: z.optional(z.array(z.object({ name: z.string(), updateTime: z.optional(z.string()) }))),
  nextPageToken: z.optional(z.string()),
});
const repository = z.object({
  format: z.optional(z.string()),
  mode: z.optional(z.string()),
  dockerConfig: z.optional(z.object({ immutableTags: z.optional(z.boolean()) })),
});

/** A repository of Google's, which images are in. */
export interface GooglePlace {
  readonly project: string;
  /** Such as `europe-west1`. */
  readonly location: string;
  readonly own: string;
}

/**
 * Google's API of all its registries, as far as it knows what the registry itself does not say.
 * https://cloud.google.com/artifact-registry/docs/reference/rest
 */
export class GoogleApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** The images of a project in one place, or of one of its repositories. */
  async *images(
    { project, location, own }: Omit<GooglePlace, 'own'> & { readonly own: string | undefined },
    call: CallOptions,
  ): AsyncGenerator<readonly RepositoryEntry[]> {
    const parent = `projects/${project}/locations/${location}/repositories`;
    const owns = own === undefined ? this.#repositories(parent, call) : [own];
    for await (const name of owns) {
      const request = { query: { pageSize: PAGE_SIZE }, ...call };
      for await (const page of this.#api.pages(`${parent}/${name}/packages`, packageList, nextPage, request)) {
        yield present((page.packages ?? []).map((found) => imageOf(`${project}/${name}`, found)));
      }
    }
  }

  async create({ project, location, own }: GooglePlace, call: CallOptions): Promise<Creation> {
    const path = `projects/${project}/locations/${location}/repositories`;
    const request = {
      method: 'POST',
      query: { repositoryId: own },
      body: { format: 'DOCKER' },
      statuses: [409],
    } as const;
    const response = await this.#api.send(path, { ...request, ...call });
    return response.status === 409 ? 'existed' : 'created';
  }

  async rules({ project, location, own }: GooglePlace, call: CallOptions): Promise<RepositoryRules> {
    const path = `projects/${project}/locations/${location}/repositories/${own}`;
    const { value } = await this.#api.get(path, repository, call);
    const isOther = value.mode === 'REMOTE_REPOSITORY' || value.mode === 'VIRTUAL_REPOSITORY';
    return {
      immutability: value.dockerConfig?.immutableTags === true ? 'all' : 'none',
      remarks: isOther ? ['It stands for other repositories, and takes no pushes'] : [],
    };
  }

  async *#repositories(parent: string, call: CallOptions): AsyncGenerator<string> {
    const query = { pageSize: PAGE_SIZE };
    for await (const page of this.#api.pages(parent, repositoryList, nextPage, { query, ...call })) {
      for (const { name, format } of page.repositories ?? []) {
        if (format === undefined || format === 'DOCKER') yield name.slice(name.lastIndexOf('/') + 1);
      }
    }
  }
}

/** Slashes in the names of images are encoded. */
function imageOf(
  repository: string,
  { name, updateTime }: { readonly name: string; readonly updateTime?: string | undefined },
): RepositoryEntry | undefined {
  const encoded = name.slice(name.lastIndexOf('/') + 1);
  const full = `${repository}/${encoded.replaceAll(/%2f/gi, '/')}`;
  return isRepositoryName(full)
    ? { name: full, ...(updateTime !== undefined && { updatedAt: updateTime }) }
    : undefined;
}

function nextPage(answer: {
  readonly value: { readonly nextPageToken?: string | undefined };
  readonly request: { readonly url: URL };
}): string | undefined {
  const { nextPageToken } = answer.value;
  if (nextPageToken === undefined || nextPageToken === '') return undefined;
  const url = new URL(answer.request.url);
  url.searchParams.set('pageToken', nextPageToken);
  return url.href;
}
