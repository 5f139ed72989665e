import { type Uri, workspace } from 'vscode';
import { type DocumentFile, MAX_DOCUMENT_SIZE, tooLargeDocument } from '../../floe/jsonDocument.ts';

/**
 * Reads a compiled-artifacts document that is to be pushed, wherever the workspace has it.
 * @throws OciError LIMIT_EXCEEDED; FileSystemError
 */
export async function readDocument(file: Uri): Promise<DocumentFile> {
  const name = workspace.asRelativePath(file);
  if ((await workspace.fs.stat(file)).size > MAX_DOCUMENT_SIZE) throw tooLargeDocument(name);
  return { file: name, bytes: await workspace.fs.readFile(file) };
}
