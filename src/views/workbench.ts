import { type Disposable, type LogOutputChannel, type Memento, type SecretStorage, type Uri, workspace } from 'vscode';
import { Availability, createCloudCredentials, userAgent } from '../oci/index.ts';
import { AddressBook } from './addressBook.ts';
import { showAvailability } from './availabilityBar.ts';
import type { CacheNode } from './cache/cacheNode.ts';
import { CacheView } from './cache/cacheView.ts';
import { Caches } from './caches.ts';
import type { CommandId } from './commandIds.ts';
import { Drops } from './commands/drops.ts';
import { editCredentials } from './commands/editCredentials.ts';
import { setSecret } from './commands/setSecret.ts';
import { type CommandParts, type CommandTable, createCommandTable } from './commands/table.ts';
import { CompareSelection } from './compareSelection.ts';
import { ConnectedRegistries } from './connectedRegistries.ts';
import { Connections } from './connections.ts';
import { setContextKey } from './contextKeys.ts';
import { AccountCredentials } from './credentials/accountCredentials.ts';
import { askRealm } from './credentials/askRealm.ts';
import { askSecretUse } from './credentials/askSecretUse.ts';
import { CredentialChain, otherSources } from './credentials/credentialChain.ts';
import { CredentialUses } from './credentials/credentialUses.ts';
import { Interruptions } from './credentials/interruptions.ts';
import { LastingPins } from './credentials/lastingPins.ts';
import { ManifestCredentials } from './credentials/manifestCredentials.ts';
import { offerRemovals } from './credentials/offerRemoval.ts';
import { SecretCredentials } from './credentials/secretCredentials.ts';
import { SecretReferences } from './credentials/secretReferences.ts';
import { StoreDocuments } from './documents.ts';
import { HostStates } from './hostStates.ts';
import type { View } from './lazyTree.ts';
import { LocalPlace } from './localPlace.ts';
import { loggerOver } from './logging.ts';
import { connectionOf } from './manifestConnection.ts';
import { ManifestRegistries } from './manifestRegistries.ts';
import type { Documents } from './ociFileSystem.ts';
import { Presenter } from './present.ts';
import { Reports } from './reports.ts';
import type { Settings } from './settings.ts';
import { warnOfSettings } from './settingWarnings.ts';
import { showTransferStatus } from './transfers/statusItem.ts';
import { Transfers } from './transfers/transfers.ts';
import { type NamedNode, namedNode } from './tree/namedNode.ts';
import type { Node } from './tree/node.ts';
import { Trees } from './trees.ts';
import { WorkspaceManifests } from './workspaceManifests.ts';

/** What the extension has at hand when it is activated. */
export interface WorkbenchOptions {
  readonly log: LogOutputChannel;
  readonly settings: Settings;
  readonly secrets: SecretStorage;
  /** Outlives the window, and is the same in all. */
  readonly state: Memento;
  /** Of the extension's process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The Local store's folder; it need not exist. */
  readonly localFolder: Uri;
  /** The folder of the cache, unless the settings name another; it need not exist. */
  readonly cacheFolder: Uri;
  readonly registriesView: View<Node | NamedNode>;
  readonly localView: View<Node>;
  readonly cacheView: View<CacheNode>;
}

/** Everything that needs the core; built on first use. */
export class Workbench implements Disposable {
  readonly trees: Trees;
  readonly documents: Documents;
  readonly cacheView: CacheView;
  /** What the views can do with drags. */
  readonly drops: { readonly registries: Drops; readonly local: Drops };
  /** Until what the workspace itself names is known. */
  readonly ready: Promise<void>;
  readonly #commands: CommandTable;
  readonly #presenter: Presenter;
  readonly #connections: Connections;
  readonly #pins: LastingPins;
  readonly #references: SecretReferences;
  readonly #interruptions: Interruptions;
  readonly #subscriptions: readonly Disposable[];

  constructor(options: WorkbenchOptions) {
    const { log, settings, secrets, state, environment, localFolder, cacheFolder } = options;
    const { registriesView, localView, cacheView } = options;
    const logger = loggerOver(log);
    const engine = settings.networkClient;
    const presenter = new Presenter(log, {
      credentials: (registry) => editCredentials(parts, { registry }),
      secret: (registry) => setSecret(parts, registry),
    });
    const availability = new Availability({ logger });
    const states = new HostStates(availability);
    const isTrusted = (): boolean => workspace.isTrusted;
    const files = new WorkspaceManifests();
    const isConnected = (registry: string): boolean => registries.has(registry);
    const manifests = new ManifestRegistries({ manifests: files, state, isTrusted, isConnected });
    const caches = new Caches({ settings, folder: cacheFolder.fsPath, manifests, logger });
    const interruptions = new Interruptions();
    const references = new SecretReferences(secrets, {
      isTrusted,
      ask: (reference, registry) => interruptions.ask(() => askSecretUse(reference, registry)),
    });
    const cloud = { environment, engine, logger, userAgent };
    const credentials = new SecretCredentials(secrets, logger);
    const accounts = new AccountCredentials({ engine, logger });
    const sources = new CredentialChain(
      {
        secretStorage: credentials,
        manifest: new ManifestCredentials({
          manifests,
          references,
          environment,
          cloud: (chosen) => createCloudCredentials({ ...cloud, chosen }),
        }),
        vscodeAccount: accounts,
        ...otherSources({ environment, logger, engine }),
      },
      () => settings.credentialSources,
    );
    const uses = new CredentialUses(logger);
    const pins = new LastingPins(state, (change) => interruptions.ask(() => askRealm(change)));
    const connections = new Connections(settings, {
      credentials: sources,
      pins,
      onCredential: uses.take,
      availability,
      cacheFor: (registry) => caches.for(registry),
      manifestFor: (registry) => {
        const manifest = manifests.find(registry);
        return manifest && connectionOf(manifest);
      },
      logger,
    });
    const registries = new ConnectedRegistries(settings, connections, sources, { uses, states, manifests });
    const local = new LocalPlace(localFolder.fsPath);
    const logError = presenter.logError.bind(presenter);
    const trees = new Trees({
      registries: {
        ...registriesView,
        places: () => registries.all(),
        named: () => [...manifests.waiting, ...manifests.broken].map(namedNode),
      },
      local: { ...localView, place: local },
      pageSize: () => settings.pageSize,
      logError,
    });
    const book = new AddressBook(registries, local, (registry) => this.#connect(registry));
    this.cacheView = new CacheView({ view: cacheView, caches, logError });
    const transfers = new Transfers(presenter);
    const reports = new Reports();
    const selection = new CompareSelection();
    const parts: CommandParts = {
      presenter,
      credentials,
      accounts,
      sources,
      connections,
      registries,
      local,
      settings,
      trees,
      book,
      manifests,
      references,
      availability,
      states,
      caches,
      cacheView: this.cacheView,
      transfers,
      reports,
      selection,
    };

    this.trees = trees;
    this.documents = new StoreDocuments({ placeFor: (place) => book.placeOfDocument(place), logError });
    const step = async (action: string, run: () => Promise<void>): Promise<void> => {
      interruptions.allow();
      await presenter.attempt(action, run);
    };
    this.drops = { registries: new Drops(parts, undefined, step), local: new Drops(parts, local, step) };
    this.#commands = createCommandTable(parts);
    this.#presenter = presenter;
    this.#connections = connections;
    this.#pins = pins;
    this.#references = references;
    this.#interruptions = interruptions;
    this.ready = files.start();
    const reconnect = (): void => {
      connections.reset();
      uses.reset();
      caches.reset();
      trees.registries.reread();
      setContextKey('floeOci.connected', registries.all().length > 0);
    };
    this.#subscriptions = [
      credentials,
      accounts,
      uses,
      credentials.onDidChange(reconnect),
      accounts.onDidChange(reconnect),
      uses.onDidChange((registry) => trees.redraw(registry)),
      settings.onDidChangeConnections(reconnect),
      references.onDidChange(reconnect),
      registriesView.widget.onDidExpandElement(() => interruptions.allow()),
      // Somebody else may have written it: what follows is nothing the user has asked for.
      files.onDidChange(() => interruptions.forbid()),
      manifests.onDidChange(reconnect),
      workspace.onDidGrantWorkspaceTrust(reconnect),
      states.onDidChange((registry) => trees.redraw(registry)),
      settings.onDidChangeRegistries(() => {
        trees.registries.reread();
        setContextKey('floeOci.connected', registries.all().length > 0);
      }),
      showAvailability(states, registriesView.widget),
      showTransferStatus(transfers),
      transfers,
      reports,
      warnOfSettings(settings),
      this.cacheView,
      references,
      manifests,
      files,
      caches,
      states,
      offerRemovals({ settings, registries, credentials, presenter }),
    ];
  }

  /** Runs a command to its end. What goes wrong is shown, and can be tried again. */
  async run(command: CommandId, argument?: unknown, selection?: unknown): Promise<void> {
    await this.#presenter.attempt(command, async () => {
      this.#interruptions.allow();
      this.#pins.askAgain();
      this.#references.askAgain();
      await this.#commands[command](argument, selection);
    });
  }

  async #connect(registry: string | undefined): ReturnType<CommandTable['connectRegistry']> {
    return await this.#commands.connectRegistry(registry);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.#connections.close();
  }
}
