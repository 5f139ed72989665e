import { commands, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { COMMAND_IDS } from './views/commandIds.ts';
import { setContextKey } from './views/contextKeys.ts';
import { LazyTree } from './views/lazyTree.ts';
import { OciFileSystem } from './views/ociFileSystem.ts';
import { once } from './views/once.ts';
import { Settings } from './views/settings.ts';

/** Registers what the extension has. Nothing is read, sent or loaded before somebody asks for it. */
export function activate(context: ExtensionContext): void {
  const { secrets, globalState: state, globalStorageUri, subscriptions } = context;
  const log = window.createOutputChannel('Floe OCI', { log: true });
  const settings = new Settings();

  const workbench = once(async () => {
    const { Workbench } = await import('./views/workbench.ts');
    const localFolder = Uri.joinPath(globalStorageUri, 'local');
    const { env: environment } = process;
    const made = new Workbench({ log, settings, secrets, state, environment, localFolder, registriesView, localView });
    subscriptions.push(made);
    return made;
  });

  const registriesView = view('floeOci.registries', async () => (await workbench()).trees.registries);
  const localView = view('floeOci.local', async () => (await workbench()).trees.local);

  const documents = new OciFileSystem(async () => (await workbench()).documents);
  const readOnly = { isCaseSensitive: true, isReadonly: true };

  subscriptions.push(
    log,
    settings,
    ...[registriesView, localView].flatMap(({ lazy, widget }) => [widget, lazy]),
    workspace.registerFileSystemProvider('oci', documents, readOnly),
    workspace.registerFileSystemProvider('oci-layout', documents, readOnly),
    commands.registerCommand('floeOci.showLog', () => log.show()),
    ...COMMAND_IDS.map((id) =>
      commands.registerCommand(`floeOci.${id}`, async (argument?: unknown) => (await workbench()).run(id, argument)),
    ),
    settings.onDidChangeRegistries(() => setContextKey('floeOci.connected', settings.registries.length > 0)),
  );
  setContextKey('floeOci.connected', settings.registries.length > 0);
}

function view(id: string, tree: ConstructorParameters<typeof LazyTree>[0]) {
  const lazy = new LazyTree(tree);
  return { lazy, widget: window.createTreeView(id, { treeDataProvider: lazy, showCollapseAll: true }) };
}
