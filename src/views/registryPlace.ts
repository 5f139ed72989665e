import {
  type CacheLookup,
  type CacheMode,
  type CallOptions,
  type CredentialSource,
  describeCredential,
  type Reference,
  type RepositoryName,
  type Stores,
} from '../oci/index.ts';
import type { Account } from './credentials/credentialUses.ts';
import type { Hosting } from './hosting.ts';
import type { HostState } from './hostStates.ts';
import type { ListingOptions, OpenOptions, Place, ReaderOptions, RepositoryReader, RepositoryStore } from './places.ts';
import { withFallback } from './readFallback.ts';

/** Which registry it is, and what is known of it. */
export interface RegistryPlaceOptions {
  /** `host[:port]` */
  readonly registry: string;
  readonly label: string;
  readonly pinned: readonly RepositoryName[];
  readonly projects: readonly string[];
  readonly hosting: Hosting;
  readonly stores: () => Promise<Stores>;
  /** Whether there is a cache in front of it, now. */
  readonly isCached: () => boolean;
  readonly credentials: CredentialSource;
  /** The credential that it refused, now. */
  readonly refused: () => Account | undefined;
  /** Whether any certificate is accepted, now; default: no. */
  readonly isUnverified?: () => boolean;
  /** Why it cannot be asked, now. */
  readonly state?: () => HostState | undefined;
  readonly namedBy?: string | undefined;
}

/** A registry that is connected. */
export class RegistryPlace implements Place {
  readonly kind = 'registry';
  readonly id: string;
  readonly label: string;
  readonly pinned: readonly RepositoryName[];
  readonly projects: readonly string[];
  readonly hosting: Hosting;
  readonly namedBy: string | undefined;
  readonly #stores: () => Promise<Stores>;
  readonly #isCached: () => boolean;
  readonly #credentials: CredentialSource;
  readonly #refused: () => Account | undefined;
  readonly #isUnverified: () => boolean;
  readonly #state: () => HostState | undefined;

  constructor(options: RegistryPlaceOptions) {
    const { registry, label, pinned, stores, isCached, credentials, refused, state = () => undefined } = options;
    this.id = registry;
    this.label = label;
    this.pinned = pinned;
    this.projects = options.projects;
    this.hosting = options.hosting;
    this.#stores = stores;
    this.#isCached = isCached;
    this.#credentials = credentials;
    this.#refused = refused;
    this.#isUnverified = options.isUnverified ?? (() => false);
    this.#state = state;
    this.namedBy = options.namedBy;
  }

  get state(): HostState | undefined {
    return this.#state();
  }

  get isUnverified(): boolean {
    return this.#isUnverified();
  }

  get refused(): Account | undefined {
    return this.#refused();
  }

  async account(options: CallOptions = {}): Promise<Account | undefined> {
    // A pointer that rests on a row must not open a dialog.
    const credential = await this.#credentials.credentialFor(this.id, { ...options, isQuiet: true });
    return credential && describeCredential(credential);
  }

  repositories(options: ListingOptions = {}): AsyncIterable<RepositoryName> {
    return this.hosting.repositories(options);
  }

  async ping(options: CallOptions = {}): Promise<void> {
    const registry = await (await this.#stores()).registry(this.id);
    await registry.ping(options);
  }

  async open(repository: RepositoryName, options: OpenOptions = {}): Promise<RepositoryStore> {
    return await (await this.#stores()).repository(this.reference(repository), options);
  }

  async reader(repository: RepositoryName, options: ReaderOptions = {}): Promise<RepositoryReader> {
    const { refresh = false, onCached = () => {}, signal } = options;
    const stores = await this.#stores();
    const onLookup = ({ outcome, age }: CacheLookup): void => {
      if (outcome === 'hit' && age !== undefined) onCached(age);
    };
    const openAs = (mode: CacheMode): Promise<RepositoryReader> =>
      stores.open(this.reference(repository), {
        ...(signal && { signal }),
        mirrors: true,
        cached: { mode, onLookup },
      });
    // Who wants to know how it is now is not told how it was.
    if (refresh || !this.#isCached()) return await openAs('checked');
    return withFallback(await openAs('cached'), await openAs('offline'));
  }

  reference(repository: RepositoryName): Reference {
    return { kind: 'registry', registry: this.id, repository };
  }
}
