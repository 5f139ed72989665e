import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { OciError, parseRepositoryName, type Repository, type RepositoryName } from '../../../src/oci/index.ts';
import type { Account } from '../../../src/views/credentials/credentialUses.ts';
import type { Hosting } from '../../../src/views/hosting.ts';
import type { ListingOptions, OpenOptions, Place } from '../../../src/views/places.ts';

export interface MemoryPlaceOptions {
  readonly kind?: Place['kind'];
  readonly id?: string;
  readonly label?: string;
  readonly pinned?: readonly string[];
  readonly projects?: readonly string[];
  readonly hosting?: Hosting;
  /** What listing the repositories fails with. */
  readonly catalogError?: OciError;
  /** Whether it lets us in; default true. */
  readonly open?: boolean;
  readonly account?: Account;
  readonly refused?: Account;
  readonly isUnverified?: boolean;
}

/** A place whose repositories are in memory. */
export class MemoryPlace implements Place {
  readonly kind: Place['kind'];
  readonly id: string;
  readonly label: string;
  readonly pinned: readonly RepositoryName[];
  readonly projects: readonly string[];
  readonly hosting: Hosting | undefined;
  /** How often something was asked that would be a request. */
  requests = 0;
  readonly #contents = new Map<RepositoryName, Repository>();
  readonly #options: MemoryPlaceOptions;

  constructor(options: MemoryPlaceOptions = {}) {
    this.kind = options.kind ?? 'registry';
    this.id = options.id ?? 'r.example';
    this.label = options.label ?? this.id;
    this.pinned = (options.pinned ?? []).map(parseRepositoryName);
    this.projects = options.projects ?? [];
    this.hosting = options.hosting;
    this.#options = options;
  }

  /** The repository's content, made when there is none. */
  repository(name: string): Repository {
    const repository = parseRepositoryName(name);
    const store = this.#contents.get(repository) ?? new MemoryStore(`${this.id}/${name}`);
    this.#contents.set(repository, store);
    return store;
  }

  put(name: string, store: Repository): void {
    this.#contents.set(parseRepositoryName(name), store);
  }

  async *repositories({ within }: ListingOptions = {}): AsyncGenerator<RepositoryName> {
    this.requests += 1;
    if (within === undefined && this.#options.catalogError) throw this.#options.catalogError;
    yield* [...this.#contents.keys()].filter((name) => within === undefined || name.startsWith(`${within}/`));
  }

  async ping(): Promise<void> {
    this.requests += 1;
    if (this.#options.open === false) throw new OciError('UNAUTHORIZED', 'no', { registry: this.id, reason: '' });
  }

  async account(): Promise<Account | undefined> {
    return this.#options.account;
  }

  get isUnverified(): boolean {
    return this.#options.isUnverified === true;
  }

  get refused(): Account | undefined {
    return this.#options.refused;
  }

  async open(repository: RepositoryName, { create = false }: OpenOptions = {}): Promise<Repository> {
    this.requests += 1;
    const store = create ? this.repository(repository) : this.#contents.get(repository);
    if (store) return store;
    throw new OciError('NOT_FOUND', 'no repository', { kind: 'repository', what: `${this.id}/${repository}` });
  }

  reader(repository: RepositoryName): Promise<Repository> {
    return this.open(repository);
  }

  reference(repository: RepositoryName) {
    return this.kind === 'local'
      ? ({ kind: 'layout', path: `/local/${repository}` } as const)
      : ({ kind: 'registry', registry: this.id, repository } as const);
  }
}

export function registryPlace(id: string): MemoryPlace {
  return new MemoryPlace({ id });
}

export function localPlace(): MemoryPlace {
  return new MemoryPlace({ kind: 'local', id: 'local', label: 'Local store' });
}
