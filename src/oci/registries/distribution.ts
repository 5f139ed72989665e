import type { CallOptions } from '../content/store.ts';
import type { Registry } from '../remote/registry.ts';
import type { RegistryReference } from '../spec/reference.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Transport } from '../transport/transport.ts';
import { ApiClient, type ApiClientOptions } from './apiClient.ts';
import type {
  Creation,
  RegistryProvider,
  RepositoriesOptions,
  RepositoryEntry,
  RepositoryRules,
  TagEntry,
} from './provider.ts';
import type { ProviderName } from './providerName.ts';

/** What every provider is made of. */
export interface ProviderParts {
  /** What the spec has, over the same transport. */
  readonly registry: Registry;
  /** Signs in by itself. Stays the caller's to close. */
  readonly transport: Transport;
  readonly logger: Logger;
  /** Where its own API is, when that is not where registries of its kind have it. */
  readonly apiUrl?: URL;
  /** Whether the registry is of this kind after all, although its API answers as if it were not. Default: it is. */
  readonly isStill?: (call: CallOptions) => Promise<boolean>;
}

/** Names handed over at a time: what a screen shows, so that the first page is not kept back for the last. */
const BATCH = 100;

/** What the distribution spec has, and the catalog: for every registry that is not known better, and where its own API fails. */
export class DistributionProvider implements RegistryProvider {
  readonly name: ProviderName = 'distribution';
  readonly remarks: readonly string[] = [];
  readonly describesTags: boolean = false;
  protected readonly parts: ProviderParts;

  constructor(parts: ProviderParts) {
    this.parts = parts;
  }

  /** `host[:port]`, as the user knows it. */
  get host(): string {
    return this.parts.registry.host;
  }

  async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    const names = this.parts.registry.repositories(call);
    yield* batches(names, (name) => (within === undefined || isWithin(name, within) ? { name } : undefined));
  }

  async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    yield* batches(this.parts.registry.repository(repository).tags(options), (name) => ({ name }));
  }

  async createRepository(_repository: RepositoryName, _options?: CallOptions): Promise<Creation> {
    return 'byPush';
  }

  deleteTag(repository: RepositoryName, tag: Tag, options: CallOptions = {}): Promise<void> {
    return this.parts.registry.repository(repository).untag(tag, options);
  }

  async rules(_repository: RepositoryName, _options?: CallOptions): Promise<RepositoryRules> {
    return { remarks: [] };
  }

  async webUrl(_reference: RegistryReference, _options?: CallOptions): Promise<URL | undefined> {
    return undefined;
  }

  /** Asks its own API, which is there unless the user says otherwise. @param path of the API, or all of its URL */
  protected apiAt(path: string | URL, more: Pick<ApiClientOptions, 'isUnasked' | 'headers'> = {}): ApiClient {
    const { registry, transport, apiUrl } = this.parts;
    return new ApiClient({ registry: registry.host, base: apiUrl ?? new URL(path, registry.url), transport, ...more });
  }

  /** The registry's address without `/v2/`. */
  protected get site(): URL {
    return new URL('/', this.parts.registry.url);
  }
}

/** Whether a repository is below a project or namespace, or is it. */
export function isWithin(name: RepositoryName, within: string): boolean {
  return name === within || name.startsWith(`${within}/`);
}

async function* batches<From, To>(
  items: AsyncIterable<From>,
  entryOf: (item: From) => To | undefined,
): AsyncGenerator<readonly To[]> {
  let batch: To[] = [];
  for await (const item of items) {
    const entry = entryOf(item);
    if (entry === undefined) continue;
    batch.push(entry);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
