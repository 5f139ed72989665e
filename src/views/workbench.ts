import type { Disposable, Pseudoterminal } from 'vscode';
import type { ActivityView } from './activity/activityView.ts';
import { AddressBook } from './addressBook.ts';
import { createApiCalls } from './api/apiCalls.ts';
import { ContributedHooks } from './api/contributedHooks.ts';
import type { ApiCalls } from './api/exports.ts';
import { showAvailability } from './availabilityBar.ts';
import type { CacheView } from './cache/cacheView.ts';
import type { CommandId } from './commandIds.ts';
import { Drops } from './commands/drops.ts';
import { editCredentials } from './commands/editCredentials.ts';
import { Recorder } from './commands/recordTraffic.ts';
import { setSecret } from './commands/setSecret.ts';
import { type CommandParts, type CommandTable, createCommandTable } from './commands/table.ts';
import { CompareSelection } from './compareSelection.ts';
import { offerRemovals } from './credentials/offerRemoval.ts';
import { FloeClients } from './floeClients.ts';
import { LocalPlace } from './localPlace.ts';
import type { Documents } from './ociFileSystem.ts';
import type { Overviews } from './overview/overviewEditors.ts';
import { Presenter } from './present.ts';
import { lookAtReference } from './references/lookAtReference.ts';
import type { Look } from './references/referenceFacts.ts';
import { Reports } from './reports.ts';
import { warnOfSettings } from './settingWarnings.ts';
import type { WrittenTask } from './tasks/taskProvider.ts';
import { type TaskParts, TaskTerminal } from './tasks/taskTerminal.ts';
import { Observability } from './telemetry/observability.ts';
import type { RegistryTools } from './tools/lazyTools.ts';
import { createRegistryTools } from './tools/registryTools.ts';
import { showTransferStatus } from './transfers/statusItem.ts';
import { Transfers } from './transfers/transfers.ts';
import type { Trees } from './trees.ts';
import { ContentEditors } from './workbench/contentEditors.ts';
import { followChanges } from './workbench/followChanges.ts';
import { RegistryAccess } from './workbench/registryAccess.ts';
import type { SignIns } from './workbench/signIns.ts';
import { WindowViews } from './workbench/windowViews.ts';
import type { WorkbenchOptions } from './workbench/workbenchOptions.ts';

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
  /** What is known of a reference in a file; see `lookAtReference`. */
  readonly look: Look;
  /** Until what the workspace itself names is known. */
  readonly ready: Promise<void>;
  readonly #commands: CommandTable;
  readonly #presenter: Presenter;
  readonly #signIns: SignIns;
  readonly #taskParts: TaskParts;
  readonly #observability: Observability;
  /** What is written to outlive the window. */
  readonly #kept: readonly { settled(): Promise<void> }[];
  readonly #subscriptions: readonly Disposable[];

  constructor(options: WorkbenchOptions) {
    const { log, settings, environment, contributions, registriesView } = options;
    const observability = new Observability(options);
    const presenter = new Presenter(log, {
      credentials: (registry) => editCredentials(parts, { registry }),
      secret: (registry) => setSecret(parts, registry),
    });
    const logError = presenter.logError.bind(presenter);
    const access = new RegistryAccess(options, observability);
    const { registries, manifests, signIns, states } = access;
    const { secrets: credentials, accounts, sources, references } = signIns;
    const local = new LocalPlace(options.localFolder.fsPath);
    const book = new AddressBook(registries, local, (registry) => this.#commands.connectRegistry(registry));
    const views = new WindowViews(options, { access, local, observability, logError });
    const hooks = new ContributedHooks(contributions.hooks, observability.logger);
    const clients = new FloeClients({ manifests, settings, hooks, environment });
    const transfers = new Transfers(presenter, observability);
    const recorder = new Recorder(observability.recording);
    const { activity, export: exported } = observability;
    const parts: CommandParts = {
      presenter,
      settings,
      environment,
      book,
      local,
      clients,
      transfers,
      recorder,
      credentials,
      accounts,
      sources,
      references,
      registries,
      manifests,
      states,
      observability,
      activity,
      export: exported,
      connections: access.connections,
      availability: access.availability,
      capabilities: access.capabilities,
      caches: access.caches,
      trees: views.trees,
      cacheView: views.cacheView,
      consent: views.consent,
      seen: views.seen,
      reports: new Reports(),
      selection: new CompareSelection(),
    };
    const step = async (action: string, run: () => Promise<void>): Promise<void> => {
      signIns.interruptions.allow();
      await presenter.attempt(action, run);
    };
    const editors = new ContentEditors({ ...options, book, presenter, signIns, views, hooks, observability, step });

    this.trees = views.trees;
    this.cacheView = views.cacheView;
    this.activityView = views.activityView;
    this.documents = editors.documents;
    this.overviews = editors.overviews;
    this.api = createApiCalls(parts);
    this.tools = createRegistryTools({ ...parts, logError });
    this.drops = { registries: new Drops(parts, undefined, step), local: new Drops(parts, local, step) };
    this.look = (reference, call) => lookAtReference(book, reference, call);
    this.ready = Promise.all([access.files.start(), exported.apply()]).then(() => {});
    this.#commands = createCommandTable(parts);
    this.#presenter = presenter;
    this.#signIns = signIns;
    this.#taskParts = { ...parts, logError };
    this.#observability = observability;
    this.#kept = [access.capabilities, views.seen];
    this.#subscriptions = [
      ...followChanges(options, access, views),
      showAvailability(states, registriesView.widget),
      showTransferStatus(transfers),
      warnOfSettings(settings),
      offerRemovals({ settings, registries, credentials, presenter }),
      transfers,
      recorder,
      parts.reports,
      views,
      observability,
      access,
    ];
  }

  /** Runs a command to its end. What goes wrong is shown, and can be tried again. */
  async run(command: CommandId, argument?: unknown, selection?: unknown): Promise<void> {
    await this.#presenter.attempt(command, async () => {
      this.#signIns.allowQuestions();
      await this.#commands[command](argument, selection);
    });
  }

  /** The terminal that does a task. The user, or somebody they trust, has started it. */
  taskTerminal(task: WrittenTask): Pseudoterminal {
    this.#signIns.interruptions.allow();
    return new TaskTerminal(this.#taskParts, task);
  }

  /** Sends what is left of traces and numbers, for at most two seconds, and keeps what was seen. Never rejects. */
  async flush(): Promise<void> {
    await Promise.all([this.#observability.export.end(), ...this.#kept.map((each) => each.settled())]);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
