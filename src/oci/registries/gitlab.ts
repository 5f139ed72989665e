import * as z from 'zod/mini';
import { isOciError, OciError } from '../errors.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName } from '../spec/repositoryName.ts';
import type { ApiClient } from './apiClient.ts';
import { DistributionProvider, isWithin, type ProviderParts } from './distribution.ts';
import { present, timeOf } from './entries.ts';
import { nextLink } from './nextLink.ts';
import type { RepositoriesOptions, RepositoryEntry } from './provider.ts';

/** It gets the registry's password as a token, by the rule of transport/apiHosts. */
const GITLAB = new URL('https://gitlab.com/api/v4/');
/** The most that GitLab gives at once. */
const PAGE_SIZE = '100';

const repositories = z.array(z.object({ path: z.string(), created_at: z.optional(z.nullable(z.string())) }));

/**
 * GitLab: tags by the spec, which its registry speaks in full but for referrers; the repositories of a group or a project by
 * its API, whose address a self-managed one has to be told. https://docs.gitlab.com/api/container_registry/
 */
export class GitlabProvider extends DistributionProvider {
  override readonly name = 'gitlab';
  override readonly remarks: readonly string[] = [
    'A repository is below the path of its project; a push makes it, but not the project.',
    'Repositories are listed by group or project: name it as HOST/GROUP. The catalog is for administrators.',
    'Referrers are kept under tags, as the registry has no API for them.',
  ];
  readonly #api: ApiClient | undefined;
  readonly #site: URL | undefined;

  constructor(parts: ProviderParts) {
    super(parts);
    const { apiUrl } = parts;
    const isKnown = apiUrl !== undefined || parts.registry.host === 'registry.gitlab.com';
    this.#api = isKnown ? this.apiAt(GITLAB) : undefined;
    this.#site = isKnown ? new URL('/', apiUrl ?? GITLAB) : undefined;
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    if (within === undefined) return yield* super.repositories(call);
    if (this.#api === undefined) throw this.#wantsAddress();
    const pagesOf = (kind: string, name: string) =>
      this.#api?.pages(
        `${kind}/${encodeURIComponent(name)}/registry/repositories`,
        repositories,
        ({ response }) => nextLink(response),
        { query: { per_page: PAGE_SIZE }, ...call },
      ) ?? [];
    let isFound = false;
    for (const [kind, name] of placesOf(within)) {
      try {
        for await (const page of pagesOf(kind, name)) {
          isFound = true;
          yield present(
            page.map(({ path, created_at }) => {
              if (!isRepositoryName(path) || !isWithin(path, within)) return undefined;
              const updatedAt = timeOf(created_at);
              return { name: path, ...(updatedAt !== undefined && { updatedAt }) };
            }),
          );
        }
        return;
      } catch (error) {
        const isAbsent = isOciError(error, 'REGISTRY_ERROR') && error.details.status === 404;
        if (isFound || !isAbsent) throw error;
      }
    }
    const what = `${this.host}/${within}`;
    throw new OciError('NOT_FOUND', `GitLab shows no group and no project ${what}`, { kind: 'repository', what });
  }

  /** A group and a project are the least that a repository is below of; how many of its parts are the image's, only GitLab knows. */
  override async webUrl({ repository }: RegistryReference): Promise<URL | undefined> {
    const [group, project, ...image] = repository.split('/');
    if (this.#site === undefined || project === undefined || image.length > 0) return undefined;
    return new URL(`/${group}/${project}/container_registry`, this.#site);
  }

  #wantsAddress(): OciError<'UNSUPPORTED'> {
    const what = `asking GitLab which repositories ${this.host} has`;
    const instead =
      'Say where its API is, as https://gitlab.example.com/api/v4: by --api-url, or apiUrl in the settings';
    return new OciError('UNSUPPORTED', `${what} is not possible without its address`, { what, instead });
  }
}

/** A path with one part is a group's; a longer one a project's or a group's, or that of an image in a project. */
function placesOf(within: string): readonly (readonly [kind: 'groups' | 'projects', name: string])[] {
  const parts = within.split('/');
  const own = [['groups', within] as const, ...(parts.length > 1 ? [['projects', within] as const] : [])];
  return parts.length > 2 ? [...own, ['projects', parts.slice(0, 2).join('/')]] : own;
}
