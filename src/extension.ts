import { commands, type ExtensionContext, tasks, Uri, window, workspace } from 'vscode';
import type { FloeOciExports } from '../floe-oci.d.ts';
import { Contributions } from './views/api/contributions.ts';
import { createExports } from './views/api/exports.ts';
import { COMMAND_IDS } from './views/commandIds.ts';
import { setContextKey } from './views/contextKeys.ts';
import { DocumentWatch } from './views/language/documentWatch.ts';
import { manifestFeatures } from './views/language/manifestFeatures.ts';
import { LazyTree, type RowSource, type View } from './views/lazyTree.ts';
import { OciFileSystem } from './views/ociFileSystem.ts';
import { once } from './views/once.ts';
import { OVERVIEW_EDITOR, OverviewEditors } from './views/overview/overviewEditors.ts';
import { referenceFeatures } from './views/references/referenceFeatures.ts';
import { Settings } from './views/settings.ts';
import { TASK_TYPE, taskProvider } from './views/tasks/taskProvider.ts';
import { lazyTools } from './views/tools/lazyTools.ts';
import { RowDecorations } from './views/tree/rowDecorations.ts';
import { type DropTarget, TreeDrops } from './views/treeDrops.ts';

/** Sends what is left of traces and numbers, once there can be any. */
let flush: (() => Promise<void>) | undefined;

/** VS Code waits for it, before it ends the process or goes on without us. */
export async function deactivate(): Promise<void> {
  await flush?.();
}

/** Registers what the extension has. Nothing is read, sent or loaded before somebody asks for it. */
export function activate(context: ExtensionContext): FloeOciExports {
  const { secrets, globalState: state, workspaceState, globalStorageUri, subscriptions } = context;
  const { extensionUri: extensionFolder } = context;
  const log = window.createOutputChannel('Floe OCI', { log: true });
  const settings = new Settings();
  const contributions = new Contributions();

  const workbench = once(async () => {
    const { Workbench } = await import('./views/workbench.ts');
    const localFolder = Uri.joinPath(globalStorageUri, 'local');
    const { env: environment } = process;
    const cacheFolder = Uri.joinPath(globalStorageUri, 'cache');
    const folders = { extensionFolder, localFolder, cacheFolder };
    const views = { registriesView, localView, cacheView, activityView, decorations };
    const kept = { secrets, state, workspaceState };
    const made = new Workbench({ log, settings, environment, contributions, ...kept, ...folders, ...views });
    try {
      await made.ready;
    } catch (error) {
      made.dispose();
      throw error;
    }
    subscriptions.push(made);
    flush = () => made.flush();
    return made;
  });

  const registriesView = view('floeOci.registries', async () => (await workbench()).trees.registriesView, {
    drops: async () => (await workbench()).drops.registries,
  });
  const localView = view('floeOci.local', async () => (await workbench()).trees.local, {
    drops: async () => (await workbench()).drops.local,
  });
  const cacheView = view('floeOci.cache', async () => (await workbench()).cacheView.tree);
  const activityView = view('floeOci.activity', async () => (await workbench()).activityView.tree);

  const decorations = new RowDecorations(async () => (await workbench()).trees);
  const documents = new OciFileSystem(async () => (await workbench()).documents);
  const readOnly = { isCaseSensitive: true, isReadonly: true };

  subscriptions.push(
    log,
    settings,
    contributions,
    ...[registriesView, localView, cacheView, activityView].flatMap(({ lazy, widget }) => [widget, lazy]),
    decorations,
    window.registerFileDecorationProvider(decorations),
    workspace.registerFileSystemProvider('oci', documents, readOnly),
    workspace.registerFileSystemProvider('oci-layout', documents, readOnly),
    window.registerCustomEditorProvider(
      OVERVIEW_EDITOR,
      new OverviewEditors(async () => (await workbench()).overviews),
      { supportsMultipleEditorsPerDocument: true },
    ),
    new DocumentWatch(() => import('./views/language/review.ts')),
    ...manifestFeatures(() => import('./views/language/manifestAssistance.ts')),
    ...referenceFeatures(
      () => import('./views/references/referenceAssistance.ts'),
      async (reference, call) => (await workbench()).look(reference, call),
    ),
    tasks.registerTaskProvider(
      TASK_TYPE,
      taskProvider(async (task) => (await workbench()).taskTerminal(task)),
    ),
    ...lazyTools(async () => (await workbench()).tools),
    window.registerUriHandler({
      handleUri: async (uri) => {
        const { openUri } = await import('./views/openUri.ts');
        await openUri(uri, async (reference) => (await workbench()).run('openReference', reference));
      },
    }),
    commands.registerCommand('floeOci.showLog', () => log.show()),
    ...COMMAND_IDS.map((id) =>
      commands.registerCommand(`floeOci.${id}`, async (argument?: unknown, selection?: unknown) =>
        (await workbench()).run(id, argument, selection),
      ),
    ),
    settings.onDidChangeRegistries(() => setContextKey('floeOci.connected', settings.registries.length > 0)),
  );
  setContextKey('floeOci.connected', settings.registries.length > 0);
  return createExports(contributions, async () => (await workbench()).api);
}

function view<N extends object>(
  id: string,
  source: () => Promise<RowSource<N>>,
  { drops }: { readonly drops?: () => Promise<DropTarget<NoInfer<N>>> } = {},
): View<N> {
  const lazy = new LazyTree(source);
  // Rows that can be dragged are those that something can be done with, also with several at once.
  const selecting = drops && { dragAndDropController: new TreeDrops(id, drops), canSelectMany: true };
  return { lazy, widget: window.createTreeView(id, { treeDataProvider: lazy, showCollapseAll: true, ...selecting }) };
}
