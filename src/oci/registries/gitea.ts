import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import { isTag } from '../spec/tag.ts';
import type { ApiClient } from './apiClient.ts';
import { DistributionProvider, isWithin, type ProviderParts } from './distribution.ts';
import { present, tagEntry, timeOf } from './entries.ts';
import { nextLink } from './nextLink.ts';
import type { RepositoriesOptions, RepositoryEntry, TagEntry } from './provider.ts';

/** What installations give at once unless they are configured otherwise. */
const PAGE_SIZE = '50';

/** A version of a package, which is a tag or the digest of a manifest. */
const packages = z.array(
  z.object({ name: z.string(), version: z.string(), created_at: z.optional(z.nullable(z.string())) }),
);

/**
 * Gitea and Forgejo: by the spec, and by the packages API for what an owner has, which takes the registry's password.
 * https://docs.gitea.com/api/ (GET /packages/{owner})
 */
export class GiteaProvider extends DistributionProvider {
  override readonly name = 'gitea';
  override readonly remarks: readonly string[] = [
    'A repository is OWNER/NAME; a push makes it, but not the owner.',
    'A tag whose manifest has no other goes with its manifest.',
  ];
  readonly #api: ApiClient;

  constructor(parts: ProviderParts) {
    super(parts);
    this.#api = this.apiAt('/api/v1/', { isUnasked: true });
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    if (within === undefined) return yield* super.repositories(call);
    const [owner = ''] = within.split('/');
    const known = new Set<string>();
    for await (const page of this.#versionsOf(owner, {}, call)) {
      const entries: RepositoryEntry[] = [];
      for (const { name, created_at } of page) {
        const full = `${owner}/${name}`;
        if (known.has(full) || !isRepositoryName(full) || !isWithin(full, within)) continue;
        known.add(full);
        const updatedAt = timeOf(created_at);
        entries.push({ name: full, ...(updatedAt !== undefined && { updatedAt }) });
      }
      yield entries;
    }
  }

  override async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    const [owner = '', ...rest] = repository.split('/');
    const own = rest.join('/');
    let isKnown = false;
    for await (const page of this.#versionsOf(owner, { q: own }, options)) {
      const versions = page.filter(({ name, version }) => name === own && isTag(version));
      isKnown ||= versions.length > 0;
      yield present(versions.map(({ version, created_at }) => tagEntry({ name: version, pushedAt: created_at })));
    }
    // The API does not tell a package that is not there from one without tags.
    if (!isKnown) yield* super.tags(repository, options);
  }

  override async webUrl({ repository, tag, digest }: RegistryReference): Promise<URL> {
    const [owner = '', ...name] = repository.split('/');
    const version = tag ?? digest;
    const suffix = version === undefined ? '' : `/${version}`;
    return new URL(`/${owner}/-/packages/container/${encodeURIComponent(name.join('/'))}${suffix}`, this.site);
  }

  #versionsOf(owner: string, query: Readonly<Record<string, string>>, call: CallOptions) {
    const what = `${this.host}/${owner}`;
    const request = { query: { type: 'container', page: '1', limit: PAGE_SIZE, ...query }, ...call };
    const subject = { repository: what, notFound: { kind: 'repository', what } } as const;
    const path = `packages/${encodeURIComponent(owner)}`;
    return this.#api.pages(path, packages, ({ response }) => nextLink(response), { subject, ...request });
  }
}
