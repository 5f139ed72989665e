import {
  type CallOptions,
  type Capabilities,
  type Creation,
  homePageOf,
  type ProviderName,
  type RegistryProvider,
  type RegistryReference,
  type RepositoryName,
  type RepositoryRules,
  type Stores,
  type Tag,
  type TagEntry,
  type TagPeriod,
} from '../oci/index.ts';

/** A repository, or a version in it, in one registry. */
export type Subject = Pick<RegistryReference, 'repository' | 'tag' | 'digest'>;

/** The registry whose own API is asked. */
export interface HostingOptions {
  /** `host[:port]` */
  readonly registry: string;
  readonly stores: () => Promise<Stores>;
  /** What the user says that it is, now. */
  readonly chosen: () => ProviderName | undefined;
  /** What its name says, or else its answers have shown. */
  readonly seems: () => ProviderName | undefined;
  readonly capabilities: () => Capabilities;
}

/** Of tags they tell what the spec has: a thousand names in a request. */
const NAMES_ONLY: readonly ProviderName[] = ['distribution', 'gitlab', 'nexus', 'artifactory'];

/** What a registry is, and what it has besides the content of repositories. */
export class Hosting {
  readonly #options: HostingOptions;

  constructor(options: HostingOptions) {
    this.#options = options;
  }

  /** What kind of registry it is; undefined until it has been asked. */
  get kind(): ProviderName | undefined {
    return this.#options.chosen() ?? this.#options.seems();
  }

  /** Whether the user said so. */
  get isChosen(): boolean {
    return this.#options.chosen() !== undefined;
  }

  /** What it has shown that it can do. */
  get capabilities(): Capabilities {
    return this.#options.capabilities();
  }

  /** Whether it says more of tags than their names. */
  get describesTags(): boolean {
    return this.kind !== undefined && !NAMES_ONLY.includes(this.kind);
  }

  /** Page by page. @throws OciError as `RegistryProvider.repositories` does */
  async *repositories(options: CallOptions & { readonly within?: string } = {}): AsyncGenerator<RepositoryName> {
    const provider = await this.#provider({ ...options, detect: true });
    for await (const page of provider.repositories(options)) yield* page.map(({ name }) => name);
  }

  /** With what it says of each. @throws OciError as `RegistryProvider.tags` does */
  async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncGenerator<TagEntry> {
    const provider = await this.#provider(options);
    for await (const page of provider.tags(repository, options)) yield* page;
  }

  /** Where a tag led, as the registry has kept it, the last first; nothing where it keeps no such thing. */
  async *tagHistory(repository: RepositoryName, tag: Tag, options: CallOptions = {}): AsyncGenerator<TagPeriod> {
    const provider = await this.#provider(options);
    for await (const page of provider.tagHistory?.(repository, tag, options) ?? []) yield* page;
  }

  /** Makes what a push to the repository needs. @throws OciError as `RegistryProvider.createRepository` does */
  async create(repository: RepositoryName, options: CallOptions = {}): Promise<Creation> {
    return await (await this.#provider(options)).createRepository(repository, options);
  }

  /** What restrains a repository, as far as the registry tells it. */
  async rules(repository: RepositoryName, options: CallOptions = {}): Promise<RepositoryRules> {
    return await (await this.#provider(options)).rules(repository, options);
  }

  /** The registry's own page about what is in it, or its first one; undefined where there is none that can be known. */
  async webUrl(subject: Subject | undefined, options: CallOptions = {}): Promise<URL | undefined> {
    const provider = await this.#provider(options);
    const { registry, stores } = this.#options;
    if (subject !== undefined) return await provider.webUrl({ kind: 'registry', registry, ...subject }, options);
    return homePageOf(provider.name, (await (await stores()).registry(registry)).url);
  }

  async #provider(options: CallOptions & { readonly detect?: boolean }): Promise<RegistryProvider> {
    const { detect = false, signal } = options;
    return await (await this.#options.stores()).provider(this.#options.registry, { detect, ...(signal && { signal }) });
  }
}
