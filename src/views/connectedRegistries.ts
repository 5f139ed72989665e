import {
  type CapabilityMemory,
  type CredentialSource,
  isProviderName,
  isRepositoryName,
  memoryOfProcess,
  type ProviderName,
  providerByHost,
  type RepositoryName,
  type Stores,
} from '../oci/index.ts';
import { type Connections, optionsFor, registryOf } from './connections.ts';
import type { CredentialUses } from './credentials/credentialUses.ts';
import { Hosting } from './hosting.ts';
import type { HostStates } from './hostStates.ts';
import type { ManifestRegistries } from './manifestRegistries.ts';
import type { Place } from './places.ts';
import { allOf, isProject, projectOf } from './project.ts';
import { RegistryPlace } from './registryPlace.ts';
import type { RegistrySetting, Settings } from './settings.ts';

/** What is known of registries besides the settings. */
export interface RegistryKnowledge {
  readonly uses: Pick<CredentialUses, 'refusedAt'>;
  /** Default: all can be asked. */
  readonly states?: Pick<HostStates, 'of'>;
  /** What registries have shown that they can do. Default: nothing yet. */
  readonly capabilities?: CapabilityMemory;
  /** Default: no manifest.yaml has a say. */
  readonly manifests?: Pick<ManifestRegistries, 'inForce' | 'find' | 'forget'>;
}

const NO_STATES = { of: () => undefined };
const NO_MANIFESTS = { inForce: [], find: () => undefined, forget: async () => {} };

/** The registries the user has connected: the setting `floeOci.registries`, read and written. */
export class ConnectedRegistries {
  readonly #settings: Settings;
  readonly #connections: Connections;
  readonly #credentials: CredentialSource;
  readonly #uses: Pick<CredentialUses, 'refusedAt'>;
  readonly #states: Pick<HostStates, 'of'>;
  readonly #capabilities: CapabilityMemory;
  readonly #manifests: Pick<ManifestRegistries, 'inForce' | 'find' | 'forget'>;

  constructor(
    settings: Settings,
    connections: Connections,
    credentials: CredentialSource,
    { uses, states = NO_STATES, capabilities = memoryOfProcess(), manifests = NO_MANIFESTS }: RegistryKnowledge,
  ) {
    this.#settings = settings;
    this.#connections = connections;
    this.#credentials = credentials;
    this.#uses = uses;
    this.#states = states;
    this.#capabilities = capabilities;
    this.#manifests = manifests;
  }

  /**
   * In the user's order, each once, and then those that a manifest.yaml names and the user has allowed. An entry whose url
   * names no registry is left out.
   */
  all(): readonly Place[] {
    const chosen = this.#settings.registries.flatMap((setting) => {
      const registry = registryOf(setting.url);
      return registry === undefined ? [] : [this.#place(registry, setting)];
    });
    const named = this.#manifests.inForce.map(({ place: { registry } }) =>
      this.#place(registry, { url: registry, repositories: [] }),
    );
    const places = new Map<string, Place>();
    for (const place of [...chosen, ...named]) if (!places.has(place.id)) places.set(place.id, place);
    return [...places.values()];
  }

  /** Whether the user has connected it, whatever a manifest.yaml says. */
  has(registry: string): boolean {
    return this.#settings.registries.some(({ url }) => registryOf(url) === registry);
  }

  find(registry: string): Place | undefined {
    return this.all().find((place) => place.id === registry);
  }

  /** Connects it, or pins one more repository of one that is connected, or all of a project, `PROJECT/*`. */
  async add(registry: string, repository?: string): Promise<Place> {
    const place = this.find(registry);
    const isPinned = repository === undefined || pinnedIn(place).includes(repository);
    if (place !== undefined && isPinned) return place;
    const added = repository === undefined ? [] : [repository];
    if (this.has(registry)) {
      await this.#write(registry, (setting) => ({ ...setting, repositories: [...setting.repositories, ...added] }));
    } else {
      const setting = { url: `oci://${registry}`, repositories: added };
      await this.#settings.writeRegistries([...this.#settings.registries, setting]);
    }
    return this.#place(registry, { url: registry, repositories: [...pinnedIn(place), ...added] });
  }

  async remove(registry: string): Promise<void> {
    await this.#manifests.forget(registry);
    await this.#write(registry, () => undefined);
  }

  /** Says what kind of registry it is; undefined: what it seems to be. */
  async setKind(registry: string, kind: ProviderName | undefined): Promise<void> {
    const url = [...this.#settings.registryOptions.keys()].find((each) => registryOf(each) === registry) ?? registry;
    await this.#settings.writeRegistryOption(url, 'provider', kind);
  }

  async unpin(registry: string, repository: string): Promise<void> {
    await this.#write(registry, (setting) => ({
      ...setting,
      repositories: setting.repositories.filter((name) => name !== repository),
    }));
  }

  async #write(registry: string, change: (setting: RegistrySetting) => RegistrySetting | undefined): Promise<void> {
    const changed = this.#settings.registries
      .map((setting) => (registryOf(setting.url) === registry ? change(setting) : setting))
      .filter((setting) => setting !== undefined);
    await this.#settings.writeRegistries(changed);
  }

  #place(registry: string, { name = registry, repositories }: RegistrySetting): Place {
    const manifest = this.#manifests.find(registry);
    const own = manifest === undefined ? [] : [manifest.place.repository];
    const stores = () => this.#connections.storesFor(registry);
    return new RegistryPlace({
      registry,
      label: name,
      pinned: [...new Set<RepositoryName>([...own, ...repositories.filter(isRepositoryName)])],
      projects: repositories.filter(isProject).map(projectOf),
      hosting: this.#hosting(registry, stores),
      stores,
      isCached: () => this.#connections.isCached(registry),
      credentials: this.#credentials,
      refused: () => this.#uses.refusedAt(registry),
      isUnverified: () => this.#isUnverified(registry),
      state: () => this.#states.of(registry),
      namedBy: manifest?.name,
    });
  }

  /** The manifest.yaml goes before the settings, as for connections. */
  #isUnverified(registry: string): boolean {
    const { insecure = false, plainHttp = false } = optionsFor(this.#settings.registryOptions, registry) ?? {};
    const manifest = this.#manifests.find(registry);
    return !plainHttp && (manifest?.has('tls_verify') ? !manifest.config.tls_verify : insecure);
  }

  #hosting(registry: string, stores: () => Promise<Stores>): Hosting {
    const options = () => optionsFor(this.#settings.registryOptions, registry);
    const capabilities = () => this.#capabilities.load(registry) ?? {};
    return new Hosting({
      registry,
      stores,
      chosen: () => kindIn(options()?.provider),
      seems: () => providerByHost(registry) ?? capabilities().provider,
      capabilities,
    });
  }
}

function kindIn(text: string | undefined): ProviderName | undefined {
  return text !== undefined && isProviderName(text) ? text : undefined;
}

/** What is shown of a place by name, as the setting has it. */
function pinnedIn(place: Place | undefined): readonly string[] {
  return [...(place?.pinned ?? []), ...(place?.projects ?? []).map(allOf)];
}
