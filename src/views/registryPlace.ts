import {
  type CallOptions,
  type CredentialSource,
  describeCredential,
  type Reference,
  type RepositoryName,
  type Stores,
} from '../oci/index.ts';
import type { Account } from './credentials/credentialUses.ts';
import type { OpenOptions, Place, RepositoryStore } from './places.ts';

export interface RegistryPlaceOptions {
  /** `host[:port]` */
  readonly registry: string;
  readonly label: string;
  readonly pinned: readonly RepositoryName[];
  readonly stores: () => Promise<Stores>;
  readonly credentials: CredentialSource;
  /** The credential that it refused, now. */
  readonly refused: () => Account | undefined;
}

/** A registry that is connected. */
export class RegistryPlace implements Place {
  readonly kind = 'registry';
  readonly id: string;
  readonly label: string;
  readonly pinned: readonly RepositoryName[];
  readonly #stores: () => Promise<Stores>;
  readonly #credentials: CredentialSource;
  readonly #refused: () => Account | undefined;

  constructor({ registry, label, pinned, stores, credentials, refused }: RegistryPlaceOptions) {
    this.id = registry;
    this.label = label;
    this.pinned = pinned;
    this.#stores = stores;
    this.#credentials = credentials;
    this.#refused = refused;
  }

  get refused(): Account | undefined {
    return this.#refused();
  }

  async account(options: CallOptions = {}): Promise<Account | undefined> {
    const credential = await this.#credentials.credentialFor(this.id, options);
    return credential && describeCredential(credential);
  }

  async *repositories(options: CallOptions = {}): AsyncGenerator<RepositoryName> {
    const registry = await (await this.#stores()).registry(this.id);
    yield* registry.repositories(options);
  }

  async ping(options: CallOptions = {}): Promise<void> {
    const registry = await (await this.#stores()).registry(this.id);
    await registry.ping(options);
  }

  async open(repository: RepositoryName, options: OpenOptions = {}): Promise<RepositoryStore> {
    return await (await this.#stores()).open(this.reference(repository), options);
  }

  reference(repository: RepositoryName): Reference {
    return { kind: 'registry', registry: this.id, repository };
  }
}
