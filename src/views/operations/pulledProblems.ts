import { l10n, type Uri, workspace } from 'vscode';
import { MAX_DOCUMENT_SIZE } from '../../floe/jsonDocument.ts';
import { checkPulledDocument } from '../../floe/pullArtifact.ts';
import type { DocumentProblem } from '../../oci/index.ts';

/** What is wrong, by floe's contract, with a document that was pulled into a file: it was pulled all the same. */
export async function pulledProblems(file: Uri): Promise<readonly DocumentProblem[]> {
  const { size } = await workspace.fs.stat(file);
  const bytes = size > MAX_DOCUMENT_SIZE ? undefined : await workspace.fs.readFile(file);
  return checkPulledDocument(workspace.asRelativePath(file), bytes);
}

/** The same as a sentence; undefined when nothing is wrong. */
export function problemsText([first, ...more]: readonly DocumentProblem[]): string | undefined {
  if (first === undefined) return undefined;
  const what = first.path === '' ? first.message : `${first.path}: ${first.message}`;
  return more.length === 0
    ? l10n.t("It does not keep floe's contract: {0}.", what)
    : l10n.t("It does not keep floe's contract in {0} places, first {1}.", more.length + 1, what);
}
