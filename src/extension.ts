import { commands, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { COMMAND_IDS } from './views/commandIds.ts';
import { setContextKey } from './views/contextKeys.ts';
import { DocumentWatch } from './views/language/documentWatch.ts';
import { manifestFeatures } from './views/language/manifestFeatures.ts';
import { LazyTree, type RowSource, type View } from './views/lazyTree.ts';
import { OciFileSystem } from './views/ociFileSystem.ts';
import { once } from './views/once.ts';
import { Settings } from './views/settings.ts';
import { type DropTarget, TreeDrops } from './views/treeDrops.ts';

/** Registers what the extension has. Nothing is read, sent or loaded before somebody asks for it. */
export function activate(context: ExtensionContext): void {
  const { secrets, globalState: state, globalStorageUri, subscriptions } = context;
  const log = window.createOutputChannel('Floe OCI', { log: true });
  const settings = new Settings();

  const workbench = once(async () => {
    const { Workbench } = await import('./views/workbench.ts');
    const localFolder = Uri.joinPath(globalStorageUri, 'local');
    const { env: environment } = process;
    const cacheFolder = Uri.joinPath(globalStorageUri, 'cache');
    const views = { registriesView, localView, cacheView };
    const made = new Workbench({ log, settings, secrets, state, environment, localFolder, cacheFolder, ...views });
    subscriptions.push(made);
    await made.ready;
    return made;
  });

  const registriesView = view('floeOci.registries', async () => (await workbench()).trees.registriesView, {
    drops: async () => (await workbench()).drops.registries,
  });
  const localView = view('floeOci.local', async () => (await workbench()).trees.local, {
    drops: async () => (await workbench()).drops.local,
  });
  const cacheView = view('floeOci.cache', async () => (await workbench()).cacheView.tree);

  const documents = new OciFileSystem(async () => (await workbench()).documents);
  const readOnly = { isCaseSensitive: true, isReadonly: true };

  subscriptions.push(
    log,
    settings,
    ...[registriesView, localView, cacheView].flatMap(({ lazy, widget }) => [widget, lazy]),
    workspace.registerFileSystemProvider('oci', documents, readOnly),
    workspace.registerFileSystemProvider('oci-layout', documents, readOnly),
    new DocumentWatch(() => import('./views/language/review.ts')),
    ...manifestFeatures(() => import('./views/language/manifestAssistance.ts')),
    commands.registerCommand('floeOci.showLog', () => log.show()),
    ...COMMAND_IDS.map((id) =>
      commands.registerCommand(`floeOci.${id}`, async (argument?: unknown, selection?: unknown) =>
        (await workbench()).run(id, argument, selection),
      ),
    ),
    settings.onDidChangeRegistries(() => setContextKey('floeOci.connected', settings.registries.length > 0)),
  );
  setContextKey('floeOci.connected', settings.registries.length > 0);
}

function view<N extends object>(
  id: string,
  source: () => Promise<RowSource<N>>,
  { drops }: { readonly drops?: () => Promise<DropTarget<NoInfer<N>>> } = {},
): View<N> {
  const lazy = new LazyTree(source);
  const dragging = drops && { dragAndDropController: new TreeDrops(id, drops) };
  return { lazy, widget: window.createTreeView(id, { treeDataProvider: lazy, showCollapseAll: true, ...dragging }) };
}
