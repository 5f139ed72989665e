import { type Disposable, workspace } from 'vscode';
import { Availability } from '../../oci/index.ts';
import { Caches } from '../caches.ts';
import { ConnectedRegistries } from '../connectedRegistries.ts';
import { Connections } from '../connections.ts';
import { HostStates } from '../hostStates.ts';
import { KnownCapabilities } from '../knownCapabilities.ts';
import { connectionOf } from '../manifestConnection.ts';
import { ManifestRegistries } from '../manifestRegistries.ts';
import type { Observability } from '../telemetry/observability.ts';
import { watchCaches } from '../telemetry/watchCaches.ts';
import { WorkspaceManifests } from '../workspaceManifests.ts';
import { SignIns } from './signIns.ts';
import type { WorkbenchOptions } from './workbenchOptions.ts';

/** How registries are reached: which are connected, by which settings and manifest.yaml, with what is known of them. */
export class RegistryAccess implements Disposable {
  readonly availability: Availability;
  readonly states: HostStates;
  readonly capabilities: KnownCapabilities;
  /** The manifest.yaml files of the workspace. */
  readonly files = new WorkspaceManifests();
  /** The registries that they name. */
  readonly manifests: ManifestRegistries;
  readonly caches: Caches;
  readonly signIns: SignIns;
  readonly connections: Connections;
  readonly registries: ConnectedRegistries;

  constructor(options: WorkbenchOptions, { logger, telemetry, recording }: Observability) {
    const { settings, state, cacheFolder } = options;
    this.availability = new Availability({ logger, telemetry });
    this.states = new HostStates(this.availability);
    this.capabilities = new KnownCapabilities(state, logger);
    this.manifests = new ManifestRegistries({
      manifests: this.files,
      state,
      isTrusted: () => workspace.isTrusted,
      isConnected: (registry) => this.registries.has(registry),
    });
    const { manifests, availability, states, capabilities } = this;
    this.caches = new Caches({ settings, folder: cacheFolder.fsPath, manifests, logger, telemetry });
    watchCaches(telemetry, this.caches);
    this.signIns = new SignIns({ ...options, manifests, logger });
    const { sources: credentials, pins, uses } = this.signIns;
    this.connections = new Connections(settings, {
      credentials,
      environmentFor: async (registry) => ((await credentials.mayUseAmazon(registry)) ? options.environment : {}),
      pins,
      onCredential: uses.take,
      availability,
      capabilities,
      cacheFor: (registry) => this.caches.for(registry),
      manifestFor: (registry) => {
        const manifest = manifests.find(registry);
        return manifest && connectionOf(manifest);
      },
      logger,
      telemetry,
      recording,
    });
    const known = { uses, states, capabilities, manifests };
    this.registries = new ConnectedRegistries(settings, this.connections, credentials, known);
  }

  /** Forgets what was found out by other settings or credentials than those of now. */
  reset(): void {
    this.connections.reset();
    this.signIns.uses.reset();
    this.caches.reset();
  }

  dispose(): void {
    const { signIns, manifests, files, caches, states, capabilities } = this;
    for (const part of [signIns, manifests, files, caches, states, capabilities]) part.dispose();
    void this.connections.close();
  }
}
