import type { Disposable, LogOutputChannel, Memento, SecretStorage, Uri } from 'vscode';
import { AddressBook } from './addressBook.ts';
import type { CommandId } from './commandIds.ts';
import { editCredentials } from './commands/editCredentials.ts';
import { type CommandParts, type CommandTable, createCommandTable } from './commands/table.ts';
import { ConnectedRegistries } from './connectedRegistries.ts';
import { Connections } from './connections.ts';
import { AccountCredentials } from './credentials/accountCredentials.ts';
import { askRealm } from './credentials/askRealm.ts';
import { CredentialChain, otherSources } from './credentials/credentialChain.ts';
import { CredentialUses } from './credentials/credentialUses.ts';
import { LastingPins } from './credentials/lastingPins.ts';
import { offerRemovals } from './credentials/offerRemoval.ts';
import { SecretCredentials } from './credentials/secretCredentials.ts';
import { StoreDocuments } from './documents.ts';
import { LocalPlace } from './localPlace.ts';
import { loggerOver } from './logging.ts';
import type { Documents } from './ociFileSystem.ts';
import { Presenter } from './present.ts';
import type { Settings } from './settings.ts';
import { Trees, type View } from './trees.ts';

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
  readonly registriesView: View;
  readonly localView: View;
}

/** Everything that needs the core; built on first use. */
export class Workbench implements Disposable {
  readonly trees: Trees;
  readonly documents: Documents;
  readonly #commands: CommandTable;
  readonly #presenter: Presenter;
  readonly #connections: Connections;
  readonly #pins: LastingPins;
  readonly #subscriptions: readonly Disposable[];

  constructor(options: WorkbenchOptions) {
    const { log, settings, secrets, state, environment, localFolder, registriesView, localView } = options;
    const logger = loggerOver(log);
    const engine = settings.networkClient;
    const presenter = new Presenter(log, (registry) => editCredentials(parts, { registry }));
    const credentials = new SecretCredentials(secrets, logger);
    const accounts = new AccountCredentials({ engine, logger });
    const sources = new CredentialChain(
      {
        secretStorage: credentials,
        vscodeAccount: accounts,
        ...otherSources({ environment, logger, engine }),
      },
      () => settings.credentialSources,
    );
    const uses = new CredentialUses(logger);
    const pins = new LastingPins(state, askRealm);
    const connections = new Connections(settings, { credentials: sources, pins, onCredential: uses.take, logger });
    const registries = new ConnectedRegistries(settings, connections, sources, uses);
    const local = new LocalPlace(localFolder.fsPath);
    const logError = presenter.logError.bind(presenter);
    const trees = new Trees({
      registries: { ...registriesView, places: () => registries.all() },
      local: { ...localView, place: local },
      pageSize: () => settings.pageSize,
      logError,
    });
    const book = new AddressBook(registries, local, (registry) => this.#connect(registry));
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
    };

    this.trees = trees;
    this.documents = new StoreDocuments({ placeFor: (place) => book.placeOfDocument(place), logError });
    this.#commands = createCommandTable(parts);
    this.#presenter = presenter;
    this.#connections = connections;
    this.#pins = pins;
    const reconnect = (): void => {
      connections.reset();
      uses.reset();
      trees.registries.refresh();
    };
    this.#subscriptions = [
      credentials,
      accounts,
      uses,
      credentials.onDidChange(reconnect),
      accounts.onDidChange(reconnect),
      uses.onDidChange((registry) => trees.redraw(registry)),
      settings.onDidChangeConnections(reconnect),
      settings.onDidChangeRegistries(() => trees.registries.refresh()),
      offerRemovals({ settings, registries, credentials, presenter }),
    ];
  }

  /** Runs a command to its end. What goes wrong is shown, and can be tried again. */
  async run(command: CommandId, argument?: unknown): Promise<void> {
    await this.#presenter.attempt(command, async () => {
      this.#pins.askAgain();
      await this.#commands[command](argument);
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
