// Over 250 lines because all parts of a window are put together here, where one sees what each of them is given.
import {
  type Disposable,
  type LogOutputChannel,
  type Memento,
  type Pseudoterminal,
  type SecretStorage,
  type Uri,
  workspace,
} from 'vscode';
import { Availability, createCloudCredentials, userAgent } from '../oci/index.ts';
import type { ActivityNode } from './activity/activityNode.ts';
import { ActivityView } from './activity/activityView.ts';
import { AddressBook } from './addressBook.ts';
import { createApiCalls } from './api/apiCalls.ts';
import { ContributedCredentials, contributedBackends } from './api/contributedCredentials.ts';
import { ContributedHooks } from './api/contributedHooks.ts';
import type { Contributions } from './api/contributions.ts';
import type { ApiCalls } from './api/exports.ts';
import { ArtifactLooks } from './artifactLooks.ts';
import { showAvailability } from './availabilityBar.ts';
import type { CacheNode } from './cache/cacheNode.ts';
import { CacheView } from './cache/cacheView.ts';
import { Caches } from './caches.ts';
import type { CommandId } from './commandIds.ts';
import { Drops } from './commands/drops.ts';
import { editCredentials } from './commands/editCredentials.ts';
import { Recorder } from './commands/recordTraffic.ts';
import { setSecret } from './commands/setSecret.ts';
import { type CommandParts, type CommandTable, createCommandTable } from './commands/table.ts';
import { CompareSelection } from './compareSelection.ts';
import { ConnectedRegistries } from './connectedRegistries.ts';
import { Connections, optionsFor } from './connections.ts';
import { setContextKey } from './contextKeys.ts';
import { AccountCredentials } from './credentials/accountCredentials.ts';
import { askRealm } from './credentials/askRealm.ts';
import { askSecretUse } from './credentials/askSecretUse.ts';
import { ChosenCredentials } from './credentials/chosenCredentials.ts';
import { CredentialChain, otherSources } from './credentials/credentialChain.ts';
import { CredentialUses } from './credentials/credentialUses.ts';
import { Interruptions } from './credentials/interruptions.ts';
import { LastingPins } from './credentials/lastingPins.ts';
import { ManifestCredentials } from './credentials/manifestCredentials.ts';
import { offerRemovals } from './credentials/offerRemoval.ts';
import { SecretCredentials } from './credentials/secretCredentials.ts';
import { SecretReferences } from './credentials/secretReferences.ts';
import { describeError } from './describeError.ts';
import { StoreDocuments } from './documents.ts';
import { FloeClients } from './floeClients.ts';
import { HostStates } from './hostStates.ts';
import { KnownCapabilities } from './knownCapabilities.ts';
import { LayerConsent } from './layerConsent.ts';
import type { View } from './lazyTree.ts';
import { LocalPlace } from './localPlace.ts';
import { connectionOf } from './manifestConnection.ts';
import { ManifestRegistries } from './manifestRegistries.ts';
import type { Documents } from './ociFileSystem.ts';
import { layoutInThread, layoutWorkerIn } from './overview/layoutInThread.ts';
import { openTarget } from './overview/openTarget.ts';
import type { Overviews } from './overview/overviewEditors.ts';
import { OverviewPanels } from './overview/overviewPanels.ts';
import { Presenter } from './present.ts';
import { lookAtReference } from './references/lookAtReference.ts';
import type { ReferenceFacts } from './references/referenceFacts.ts';
import { Reports } from './reports.ts';
import { SeenTags } from './seenTags.ts';
import type { Settings } from './settings.ts';
import { warnOfSettings } from './settingWarnings.ts';
import { tagPolicyOf } from './tagPolicyOf.ts';
import type { WrittenTask } from './tasks/taskProvider.ts';
import { type TaskParts, TaskTerminal } from './tasks/taskTerminal.ts';
import { Observability } from './telemetry/observability.ts';
import { watchCaches } from './telemetry/watchCaches.ts';
import type { RegistryTools } from './tools/lazyTools.ts';
import { createRegistryTools } from './tools/registryTools.ts';
import { showTransferStatus } from './transfers/statusItem.ts';
import { Transfers } from './transfers/transfers.ts';
import { type NamedNode, namedNode } from './tree/namedNode.ts';
import type { Node } from './tree/node.ts';
import type { RowDecorations } from './tree/rowDecorations.ts';
import { TagViews } from './tree/tagViews.ts';
import { Trees } from './trees.ts';
import { UnreadDocuments } from './unreadDocuments.ts';
import { WorkspaceManifests } from './workspaceManifests.ts';

/** What the extension has at hand when it is activated. */
export interface WorkbenchOptions {
  readonly log: LogOutputChannel;
  readonly settings: Settings;
  readonly secrets: SecretStorage;
  /** Outlives the window, and is the same in all. */
  readonly state: Memento;
  /** Outlives the window, and belongs to its workspace. */
  readonly workspaceState: Memento;
  /** Of the extension's process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the extension is installed. */
  readonly extensionFolder: Uri;
  /** The Local store's folder; it need not exist. */
  readonly localFolder: Uri;
  /** The folder of the cache, unless the settings name another; it need not exist. */
  readonly cacheFolder: Uri;
  /** What other extensions have added, and will. */
  readonly contributions: Contributions;
  readonly registriesView: View<Node | NamedNode>;
  readonly localView: View<Node>;
  readonly cacheView: View<CacheNode>;
  readonly activityView: View<ActivityNode>;
  /** What rows are marked with. */
  readonly decorations: RowDecorations;
}

/** Everything that needs the core; built on first use. */
export class Workbench implements Disposable {
  readonly trees: Trees;
  readonly documents: Documents;
  readonly overviews: Overviews;
  /** What the exported API does with content. */
  readonly api: ApiCalls;
  /** The tools of language models. */
  readonly tools: RegistryTools;
  readonly cacheView: CacheView;
  readonly activityView: ActivityView;
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
  readonly #taskParts: TaskParts;
  readonly #book: AddressBook;
  readonly #observability: Observability;
  readonly #subscriptions: readonly Disposable[];

  constructor(options: WorkbenchOptions) {
    const { log, settings, secrets, state, environment, localFolder, cacheFolder, extensionFolder } = options;
    const { registriesView, localView, cacheView, activityView, decorations, contributions, workspaceState } = options;
    const observability = new Observability({ log, settings, secrets, environment });
    const { logger, telemetry, activity, recording } = observability;
    const engine = settings.networkClient;
    const presenter = new Presenter(log, {
      credentials: (registry) => editCredentials(parts, { registry }),
      secret: (registry) => setSecret(parts, registry),
    });
    const availability = new Availability({ logger, telemetry });
    const states = new HostStates(availability);
    const capabilities = new KnownCapabilities(state);
    const isTrusted = (): boolean => workspace.isTrusted;
    const files = new WorkspaceManifests();
    const isConnected = (registry: string): boolean => registries.has(registry);
    const manifests = new ManifestRegistries({ manifests: files, state, isTrusted, isConnected });
    const caches = new Caches({ settings, folder: cacheFolder.fsPath, manifests, logger, telemetry });
    watchCaches(telemetry, caches);
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
          backends: () => contributedBackends(contributions, logger),
          environment,
          cloud: (chosen) => createCloudCredentials({ ...cloud, chosen }),
        }),
        vscodeAccount: accounts,
        extensions: new ContributedCredentials(contributions, logger),
        ...otherSources({ environment, logger, engine }),
      },
      () => settings.credentialSources,
      new ChosenCredentials({
        choiceFor: (registry) => optionsFor(settings.registryOptions, registry)?.auth,
        cloud: (chosen) => createCloudCredentials({ ...cloud, chosen }),
      }),
    );
    const uses = new CredentialUses(logger);
    const pins = new LastingPins(state, (change) => interruptions.ask(() => askRealm(change)));
    const connections = new Connections(settings, {
      credentials: sources,
      pins,
      onCredential: uses.take,
      availability,
      capabilities,
      cacheFor: (registry) => caches.for(registry),
      manifestFor: (registry) => {
        const manifest = manifests.find(registry);
        return manifest && connectionOf(manifest);
      },
      logger,
      telemetry,
      recording,
    });
    const registries = new ConnectedRegistries(settings, connections, sources, {
      uses,
      states,
      capabilities,
      manifests,
    });
    const local = new LocalPlace(localFolder.fsPath);
    const logError = presenter.logError.bind(presenter);
    const looks = new ArtifactLooks(() => contributions.renderers, logger);
    const hooks = new ContributedHooks(contributions.hooks, logger);
    const seen = new SeenTags(state);
    const consent = new LayerConsent();
    const trees = new Trees({
      registries: {
        ...registriesView,
        places: () => registries.all(),
        named: () => [...manifests.waiting, ...manifests.broken].map(namedNode),
      },
      local: { ...localView, place: local },
      pageSize: () => settings.pageSize,
      looks,
      isProtected: (tag) => tagPolicyOf(settings).isProtected(tag),
      views: new TagViews(workspaceState),
      consent,
      seen,
      marksChanged: decorations.changed,
      observer: observability,
      logError,
    });
    const book = new AddressBook(registries, local, (registry) => this.#connect(registry));
    this.cacheView = new CacheView({ view: cacheView, caches, logError });
    this.activityView = new ActivityView({ view: activityView, activity });
    const recorder = new Recorder(recording);
    const transfers = new Transfers(presenter, observability);
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
      consent,
      seen,
      book,
      manifests,
      clients: new FloeClients({ manifests, settings, hooks, environment }),
      references,
      availability,
      states,
      capabilities,
      caches,
      cacheView: this.cacheView,
      environment,
      activity,
      observability,
      export: observability.export,
      recorder,
      transfers,
      reports,
      selection,
    };

    this.trees = trees;
    this.api = createApiCalls(parts);
    this.tools = createRegistryTools({ ...parts, logError });
    this.#taskParts = { ...parts, logError };
    this.#book = book;
    const unread = new UnreadDocuments({ presenter, onRetry: () => this.#allowQuestions() });
    this.documents = new StoreDocuments({
      placeFor: (place) => book.placeOfDocument(place),
      observer: observability,
      logError,
      consent,
      onUnread: (uri, error) => void unread.offer(uri, error),
    });
    this.overviews = new OverviewPanels(
      {
        placeFor: (place) => book.placeOfDocument(place),
        concurrency: () => settings.concurrency,
        look: (manifest, digest) => looks.of(manifest, digest),
        verifier: () => hooks.verifier,
        layout: (graph, signal) => layoutInThread(layoutWorkerIn(extensionFolder), graph, { signal }),
        go: (target, subject) => step('overview', () => openTarget(target, subject)),
        repair: async (remedy, error) => {
          interruptions.allow();
          return await presenter.repair(remedy, describeError(error));
        },
        logError,
      },
      extensionFolder,
    );
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
    this.#observability = observability;
    this.ready = Promise.all([files.start(), observability.export.apply()]).then(() => {});
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
      contributions.onDidChangeCredentials(reconnect),
      contributions.onDidChangeLooks(() => trees.redrawAll()),
      references.onDidChange(reconnect),
      registriesView.widget.onDidExpandElement(() => interruptions.allow()),
      // Somebody else may have written it: what follows is nothing the user has asked for.
      files.onDidChange(() => interruptions.forbid()),
      manifests.onDidChange(reconnect),
      workspace.onDidGrantWorkspaceTrust(reconnect),
      states.onDidChange((registry) => trees.redraw(registry)),
      capabilities.onDidChange((registry) => trees.redraw(registry)),
      settings.onDidChangeRegistries(() => {
        trees.registries.reread();
        setContextKey('floeOci.connected', registries.all().length > 0);
      }),
      showAvailability(states, registriesView.widget),
      showTransferStatus(transfers),
      trees,
      transfers,
      seen,
      reports,
      warnOfSettings(settings),
      this.cacheView,
      this.activityView,
      recorder,
      observability,
      references,
      manifests,
      files,
      caches,
      states,
      capabilities,
      offerRemovals({ settings, registries, credentials, presenter }),
    ];
  }

  /** Runs a command to its end. What goes wrong is shown, and can be tried again. */
  async run(command: CommandId, argument?: unknown, selection?: unknown): Promise<void> {
    await this.#presenter.attempt(command, async () => {
      this.#allowQuestions();
      await this.#commands[command](argument, selection);
    });
  }

  /** The user has started something: who was refused, or had to keep still, may ask. */
  #allowQuestions(): void {
    this.#interruptions.allow();
    this.#pins.askAgain();
    this.#references.askAgain();
  }

  /** The terminal that does a task. The user, or somebody they trust, has started it. */
  taskTerminal(task: WrittenTask): Pseudoterminal {
    this.#interruptions.allow();
    return new TaskTerminal(this.#taskParts, task);
  }

  /** What is known of a reference in a file; see `lookAtReference`. */
  async look(reference: string): Promise<ReferenceFacts | undefined> {
    return await lookAtReference(this.#book, reference);
  }

  async #connect(registry: string | undefined): ReturnType<CommandTable['connectRegistry']> {
    return await this.#commands.connectRegistry(registry);
  }

  /** Sends what is left of traces and numbers, for at most two seconds. Never rejects. */
  async flush(): Promise<void> {
    await this.#observability.export.end();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.#connections.close();
  }
}
