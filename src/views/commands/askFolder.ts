import { type OpenDialogOptions, type Uri, window } from 'vscode';

/** Asks for one folder on the disk. Undefined when the user leaves the dialog. */
export async function askFolder(
  question: Pick<OpenDialogOptions, 'title' | 'openLabel' | 'defaultUri'>,
): Promise<Uri | undefined> {
  const chosen = await window.showOpenDialog({ ...question, canSelectFiles: false, canSelectFolders: true });
  return chosen?.[0];
}
