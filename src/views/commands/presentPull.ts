import { commands, l10n, type Uri, window, workspace } from 'vscode';
import { formatAge } from '../format.ts';
import type { Pulled } from '../operations/carryOutPull.ts';
import type { FoundPull } from '../operations/findPull.ts';
import { problemsText } from '../operations/pulledProblems.ts';
import { nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';

/** Milliseconds. What is younger counts as of now. */
const STALE_AFTER = 60_000;

/** Says what has been pulled into a file, and what is wrong with it. */
export async function presentPulledFile(found: FoundPull, file: Uri, { files, problems }: Pulled): Promise<void> {
  const open = l10n.t('Open');
  const digest = files[0]?.digest ?? '';
  const message = l10n.t('Pulled {0} to {1}. {2}', nameAsOf(found), workspace.asRelativePath(file), digest);
  const wrong = problemsText(problems);
  const answer =
    wrong === undefined
      ? await window.showInformationMessage(plainText(message), open)
      : await window.showWarningMessage(plainText(`${message} ${wrong}`), open);
  if (answer === open) await commands.executeCommand('vscode.open', file);
}

/** Says how many files have been pulled into a folder, and what was left out. */
export async function presentPulledFiles(found: FoundPull, folder: Uri, { files, skipped }: Pulled): Promise<void> {
  const reveal = l10n.t('Reveal in Explorer');
  const openFolder = l10n.t('Open Folder');
  const isHere = workspace.getWorkspaceFolder(folder) !== undefined;
  const [artifact, where] = [nameAsOf(found), workspace.asRelativePath(folder)];
  const message = [
    files.length === 1
      ? l10n.t('Pulled 1 file of {0} to {1}.', artifact, where)
      : l10n.t('Pulled {0} files of {1} to {2}.', files.length, artifact, where),
    ...skippedText(skipped),
  ];
  const answer = await window.showInformationMessage(plainText(message.join(' ')), isHere ? reveal : openFolder);
  if (answer === reveal) await commands.executeCommand('revealInExplorer', folder);
  // A window of its own, in which VS Code asks whether to trust what was pulled.
  if (answer === openFolder) await commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}

/** Where a tag led a while ago it may not lead now: who pulls it should know. */
function nameAsOf({ address, age = 0 }: FoundPull): string {
  const asOf = age < STALE_AFTER ? undefined : formatAge(new Date(Date.now() - age).toISOString());
  return asOf === undefined ? nameOf(address) : l10n.t('{0} as it was {1}', nameOf(address), asOf);
}

function skippedText(count: number): readonly string[] {
  if (count === 0) return [];
  return [
    count === 1
      ? l10n.t('1 layer has no file name and was left out.')
      : l10n.t('{0} layers have no file name and were left out.', count),
  ];
}
