import { l10n, type QuickPickItem, QuickPickItemKind, type Uri, window, workspace } from 'vscode';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';

/** More would not be looked through. */
const MAX_FOUND = 100;

type Item = QuickPickItem & { readonly file?: Uri };

/** Asks for a compiled-artifacts document: those of the workspace, the one in the active editor first, or any other. */
export async function askDocument(title: string): Promise<Uri | undefined> {
  const browse: Item = { label: `$(folder-opened) ${l10n.t('Browse…')}`, alwaysShow: true };
  const items = findDocuments().then((files): Item[] => [
    ...files.map((file) => ({ label: workspace.asRelativePath(file), file })),
    ...(files.length === 0 ? [] : [{ label: '', kind: QuickPickItemKind.Separator }]),
    browse,
  ]);
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder: l10n.t('Choose a {0}', COMPILED_ARTIFACTS_TITLE),
    ignoreFocusOut: true,
  });
  return picked === browse ? await browseForDocument(title) : picked?.file;
}

async function findDocuments(): Promise<readonly Uri[]> {
  const found = await workspace.findFiles(`**/${COMPILED_ARTIFACTS_TITLE}`, '**/node_modules/**', MAX_FOUND);
  const active = window.activeTextEditor?.document.uri;
  const isActive = (file: Uri): boolean => file.toString() === active?.toString();
  const others = found.filter((file) => !isActive(file)).sort((one, other) => one.path.localeCompare(other.path));
  const isDocument = active !== undefined && /\.json$/.test(active.path) && workspace.getWorkspaceFolder(active);
  return isDocument ? [active, ...others] : others;
}

async function browseForDocument(title: string): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const files = await window.showOpenDialog({
    title,
    openLabel: l10n.t('Push'),
    filters: { [l10n.t('Compiled artifacts')]: ['json'] },
    ...(folder === undefined ? {} : { defaultUri: folder }),
  });
  return files?.[0];
}
