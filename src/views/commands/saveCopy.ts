import { l10n, TabInputCustom, TabInputText, Uri, window, workspace } from 'vscode';
import type { Presenter } from '../present.ts';

/**
 * Saves a document of ours as a file of the user's. The editor's own Save As begins in the file system of the document, and ours
 * has no folders to choose from.
 * @param known default: the document in front
 */
export async function saveCopy({ presenter }: { readonly presenter: Presenter }, known?: Uri): Promise<void> {
  const document = known ?? inFront();
  if (document === undefined) return;
  const name = document.path.slice(document.path.lastIndexOf('/') + 1);
  const file = await window.showSaveDialog({
    title: l10n.t('Save a Copy'),
    defaultUri: Uri.joinPath(workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/'), name),
  });
  if (file === undefined) return;
  await presenter.attempt('saveCopy', async () => {
    await workspace.fs.writeFile(file, await workspace.fs.readFile(document));
  });
}

function inFront(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputText || input instanceof TabInputCustom ? input.uri : undefined;
}
