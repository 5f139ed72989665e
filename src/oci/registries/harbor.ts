import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import { isOciError, OciError } from '../errors.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import type { ApiClient } from './apiClient.ts';
import { DistributionProvider, type ProviderParts } from './distribution.ts';
import { present, tagEntry, timeOf } from './entries.ts';
import { nextLink } from './nextLink.ts';
import type { Creation, RepositoriesOptions, RepositoryEntry, RepositoryRules, TagEntry } from './provider.ts';

/** The most that Harbor gives at once. */
const PAGE_SIZE = '100';

const repositories = z.array(z.object({ name: z.string(), update_time: z.optional(z.string()) }));

const artifacts = z.array(
  z.object({
    digest: z.string(),
    size: z.optional(z.number()),
    push_time: z.optional(z.string()),
    artifact_type: z.optional(z.nullable(z.string())),
    annotations: z.optional(z.nullable(z.record(z.string(), z.string()))),
    tags: z.optional(
      z.nullable(
        z.array(z.object({ name: z.string(), push_time: z.optional(z.string()), immutable: z.optional(z.boolean()) })),
      ),
    ),
  }),
);

const project = z.object({ project_id: z.number(), registry_id: z.optional(z.nullable(z.number())) });
const summary = z.object({
  quota: z.optional(
    z.object({
      hard: z.optional(z.object({ storage: z.optional(z.number()) })),
      used: z.optional(z.object({ storage: z.optional(z.number()) })),
    }),
  ),
});
const rules = z.nullable(z.array(z.object({ disabled: z.optional(z.boolean()) })));

/**
 * Harbor, by its API 2.0. https://github.com/goharbor/harbor/blob/main/api/v2.0/swagger.yaml
 *
 * A repository is `PROJECT/NAME…`; in paths the name is encoded twice. The API shows strangers what is public in the place of
 * asking who they are, so that a password, also that of a robot, is sent at once; no cookie ever is, which keeps Harbor from
 * taking us for a browser.
 */
export class HarborProvider extends DistributionProvider {
  override readonly name = 'harbor';
  override readonly describesTags = true;
  override readonly remarks: readonly string[] = [
    'A tag is removed by its own API; removing a manifest takes all its tags along.',
    'A push makes a repository, but not its project.',
    'Robots may list the repositories of their own project alone: name it as HOST/PROJECT.',
  ];
  readonly #api: ApiClient;

  constructor(parts: ProviderParts) {
    super(parts);
    this.#api = this.apiAt('/api/v2.0/', { isUnasked: true });
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    const path =
      within === undefined ? 'repositories' : `projects/${encodeURIComponent(projectOf(within))}/repositories`;
    const query = { page: '1', page_size: PAGE_SIZE, sort: 'name' };
    const pages = this.#api.pages(path, repositories, ({ response }) => nextLink(response), { query, ...call });
    for await (const page of pages) {
      yield present(
        page.map(({ name, update_time }) => {
          if (!isRepositoryName(name) || (within !== undefined && !`${name}/`.startsWith(`${within}/`)))
            return undefined;
          const updatedAt = timeOf(update_time);
          return { name, ...(updatedAt !== undefined && { updatedAt }) };
        }),
      );
    }
  }

  override async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    const query = {
      page: '1',
      page_size: PAGE_SIZE,
      q: 'tags=*',
      sort: '-push_time',
      with_tag: 'true',
      with_immutable_status: 'true',
    };
    const request = { query, subject: this.#subject(repository), ...options };
    const path = `${this.#path(repository)}/artifacts`;
    for await (const page of this.#api.pages(path, artifacts, ({ response }) => nextLink(response), request)) {
      yield page.flatMap(({ digest, size, push_time, artifact_type, annotations, tags }) =>
        present(
          (tags ?? []).map(({ name, push_time: taggedAt, immutable }) =>
            tagEntry({
              name,
              digest,
              size,
              pushedAt: taggedAt ?? push_time,
              createdAt: annotations?.['org.opencontainers.image.created'],
              artifactType: artifact_type,
              isImmutable: immutable,
            }),
          ),
        ),
      );
    }
  }

  /** A push makes repositories, and no project. A new project is private, and gets Harbor's default quota. */
  override async createRepository(repository: RepositoryName, options: CallOptions = {}): Promise<Creation> {
    const body = { project_name: projectOf(repository), metadata: { public: 'false' } };
    const response = await this.#api.send('projects', { method: 'POST', body, statuses: [409], ...options });
    return response.status === 409 ? 'existed' : 'created';
  }

  override async deleteTag(repository: RepositoryName, tag: Tag, options: CallOptions = {}): Promise<void> {
    const what = `${this.host}/${repository}:${tag}`;
    const subject = { ...this.#subject(repository), notFound: { kind: 'tag', what } } as const;
    const name = encodeURIComponent(tag);
    const path = `${this.#path(repository)}/artifacts/${name}/tags/${name}`;
    try {
      await this.#api.send(path, { method: 'DELETE', subject, ...options });
    } catch (error) {
      if (!isOciError(error, 'REGISTRY_ERROR') || error.details.status !== 412) throw error;
      const reason = error.details.errors.map(({ message }) => message).join('; ') || 'a rule keeps the tag';
      throw new OciError('DENIED', `${what} is immutable`, { registry: this.host, reason }, { cause: error });
    }
  }

  override async rules(repository: RepositoryName, options: CallOptions = {}): Promise<RepositoryRules> {
    const path = `projects/${encodeURIComponent(projectOf(repository))}`;
    const { value: own } = await this.#api.get(path, project, options);
    const { value: about } = await this.#api.get(`${path}/summary`, summary, options);
    const { value: immutable } = await this.#api.get(`${path}/immutabletagrules`, rules, options);
    const limit = about.quota?.hard?.storage;
    const isKept = (immutable ?? []).some(({ disabled }) => disabled !== true);
    return {
      immutability: isKept ? 'some' : 'none',
      ...(limit !== undefined && limit >= 0 && { quota: { limit, used: about.quota?.used?.storage ?? 0 } }),
      remarks: own.registry_id ? ['It is a cache of another registry, and takes no pushes'] : [],
    };
  }

  override async webUrl(reference: RegistryReference, options: CallOptions = {}): Promise<URL> {
    const name = projectOf(reference.repository);
    const { value } = await this.#api.get(`projects/${encodeURIComponent(name)}`, project, options);
    const rest = encodeURIComponent(reference.repository.slice(name.length + 1));
    const version = reference.digest ?? reference.tag;
    const artifact = version === undefined ? '' : `/artifacts-tab/artifacts/${version}`;
    return new URL(`/harbor/projects/${value.project_id}/repositories/${rest}${artifact}`, this.site);
  }

  /** https://github.com/goharbor/harbor/blob/main/api/v2.0/swagger.yaml (repositoryName: "encode it twice") */
  #path(repository: RepositoryName): string {
    const name = projectOf(repository);
    const rest = repository.slice(name.length + 1);
    return `projects/${encodeURIComponent(name)}/repositories/${encodeURIComponent(encodeURIComponent(rest))}`;
  }

  #subject(repository: RepositoryName) {
    const what = `${this.host}/${repository}`;
    return { repository: what, notFound: { kind: 'repository', what } } as const;
  }
}

/** Names of projects have no slash. */
function projectOf(name: string): string {
  return name.split('/')[0] ?? name;
}
