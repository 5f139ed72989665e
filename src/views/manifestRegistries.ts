import { type Disposable, type Event, EventEmitter, type Memento } from 'vscode';
import * as z from 'zod/mini';
import type { WorkspaceManifest, WorkspaceManifests } from './workspaceManifests.ts';

/** Hosts that may be connected because a manifest.yaml names them; no secret is among them. */
const KEY = 'floeOci.manifestRegistries.v1';
/** `insecure`: also without proof that it is the host. */
const savedHosts = z.record(z.string(), z.enum(['verified', 'insecure']));

/** Where manifests are found, and what decides whether their registries are used. */
export interface ManifestRegistriesOptions {
  readonly manifests: Pick<WorkspaceManifests, 'all' | 'broken' | 'onDidChange'>;
  /** Outlives the window, and is the same in all. */
  readonly state: Memento;
  /** Whether the workspace is trusted; asked anew each time. */
  readonly isTrusted: () => boolean;
  /** Registries that the user has connected, so that their hosts are not new. */
  readonly isConnected: (registry: string) => boolean;
}

/**
 * The registries that the workspace names in its manifest.yaml. Each new host is for the user to allow, once; a workspace
 * that is not trusted has none in force, whatever was allowed before. Of two files that name the same registry the first
 * counts.
 */
export class ManifestRegistries implements Disposable {
  readonly #options: ManifestRegistriesOptions;
  readonly #changed = new EventEmitter<void>();
  readonly #subscription: Disposable;

  constructor(options: ManifestRegistriesOptions) {
    this.#options = options;
    this.#subscription = options.manifests.onDidChange(() => this.#changed.fire());
  }

  /** What is in force, or named, is other than it was. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  get isTrusted(): boolean {
    return this.#options.isTrusted();
  }

  /** Those that are connected by themselves, and whose files have a say in how. */
  get inForce(): readonly WorkspaceManifest[] {
    return this.#distinct.filter((manifest) => this.#isInForce(manifest));
  }

  /** Those that wait for the user's word. One that is connected waits only when its file, once in force, changes how. */
  get waiting(): readonly WorkspaceManifest[] {
    const { isTrusted, isConnected } = this.#options;
    return this.#distinct.filter((manifest) => {
      return !this.#isInForce(manifest) && (isTrusted() || !isConnected(manifest.place.registry));
    });
  }

  get broken(): WorkspaceManifests['broken'] {
    return this.#options.manifests.broken;
  }

  find(registry: string): WorkspaceManifest | undefined {
    return this.inForce.find(({ place }) => place.registry === registry);
  }

  /** The user has said that the registry may be connected, in the way the file says. */
  async allow({ place, config }: WorkspaceManifest): Promise<void> {
    await this.#write({ ...this.#saved(), [place.registry]: config.tls_verify ? 'verified' : 'insecure' });
  }

  /** It is asked about again. */
  async forget(registry: string): Promise<void> {
    const { [registry]: known, ...others } = this.#saved();
    if (known !== undefined) await this.#write(others);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  get #distinct(): readonly WorkspaceManifest[] {
    const byRegistry = new Map<string, WorkspaceManifest>();
    for (const manifest of this.#options.manifests.all) {
      const { registry } = manifest.place;
      if (!byRegistry.has(registry)) byRegistry.set(registry, manifest);
    }
    return [...byRegistry.values()];
  }

  #isInForce({ place: { registry }, config }: WorkspaceManifest): boolean {
    if (!this.#options.isTrusted()) return false;
    const saved = this.#saved()[registry];
    if (!config.tls_verify) return saved === 'insecure';
    return saved !== undefined || this.#options.isConnected(registry);
  }

  #saved(): Readonly<Record<string, 'verified' | 'insecure'>> {
    const { success, data } = savedHosts.safeParse(this.#options.state.get<unknown>(KEY));
    return success ? data : {};
  }

  async #write(hosts: Readonly<Record<string, string>>): Promise<void> {
    await this.#options.state.update(KEY, hosts);
    this.#changed.fire();
  }
}
