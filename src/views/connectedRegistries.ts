import { type CredentialSource, isRepositoryName, type RepositoryName } from '../oci/index.ts';
import { type Connections, registryOf } from './connections.ts';
import type { CredentialUses } from './credentials/credentialUses.ts';
import type { Place } from './places.ts';
import { RegistryPlace } from './registryPlace.ts';
import type { RegistrySetting, Settings } from './settings.ts';

/** The registries the user has connected: the setting `floeOci.registries`, read and written. */
export class ConnectedRegistries {
  readonly #settings: Settings;
  readonly #connections: Connections;
  readonly #credentials: CredentialSource;
  readonly #uses: Pick<CredentialUses, 'refusedAt'>;

  constructor(
    settings: Settings,
    connections: Connections,
    credentials: CredentialSource,
    uses: Pick<CredentialUses, 'refusedAt'>,
  ) {
    this.#settings = settings;
    this.#connections = connections;
    this.#credentials = credentials;
    this.#uses = uses;
  }

  /** In the user's order, each once. An entry whose url names no registry is left out. */
  all(): readonly Place[] {
    const places = this.#settings.registries.flatMap((setting) => {
      const registry = registryOf(setting.url);
      return registry === undefined ? [] : [this.#place(registry, setting)];
    });
    return [...new Map(places.map((place) => [place.id, place])).values()];
  }

  find(registry: string): Place | undefined {
    return this.all().find((place) => place.id === registry);
  }

  /** Connects it, or pins one more repository of one that is connected. */
  async add(registry: string, repository?: RepositoryName): Promise<Place> {
    const known = this.find(registry);
    const pinned = [...new Set([...(known?.pinned ?? []), ...(repository === undefined ? [] : [repository])])];
    if (known === undefined) {
      await this.#settings.writeRegistries([
        ...this.#settings.registries,
        { url: `oci://${registry}`, repositories: pinned },
      ]);
    } else if (pinned.length > known.pinned.length) {
      await this.#write(registry, (setting) => ({ ...setting, repositories: pinned }));
    }
    return this.#place(registry, { url: registry, repositories: pinned });
  }

  async remove(registry: string): Promise<void> {
    await this.#write(registry, () => undefined);
  }

  async unpin(registry: string, repository: RepositoryName): Promise<void> {
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
    return new RegistryPlace({
      registry,
      label: name,
      pinned: repositories.filter(isRepositoryName),
      stores: () => this.#connections.stores(),
      credentials: this.#credentials,
      refused: () => this.#uses.refusedAt(registry),
    });
  }
}
