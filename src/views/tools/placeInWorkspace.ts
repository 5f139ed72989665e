import { FileSystemError, FileType, Uri, type WorkspaceFolder, workspace } from 'vscode';
import { OciError } from '../../oci/index.ts';

const ACCEPTED = [
  'a folder inside the workspace, relative to it, with / between names',
  'in a workspace of several folders it starts with the name of one',
  'names that start with a dot, and links, are not accepted',
].join('; ');

/**
 * The folder that a model has named for what it pulls: inside the workspace, neither the workspace itself nor anything
 * that tools take their configuration from, and not by way of a link.
 * @throws OciError INVALID_ARGUMENT; UNSUPPORTED where there is no workspace, or none that is trusted
 */
export async function placeInWorkspace(path: string): Promise<Uri> {
  if (!workspace.isTrusted) throw unsupported('pulling into a workspace that is not trusted');
  const folders = workspace.workspaceFolders ?? [];
  const [only] = folders;
  if (only === undefined) throw unsupported('pulling without an open folder');
  const names = path.replace(/\/$/, '').split('/');
  if (!names.every(isPlainName)) throw invalid(path);
  const folder = folders.length === 1 ? only : folders.find(({ name }) => name === names[0]);
  const below = folders.length === 1 ? names : names.slice(1);
  if (folder === undefined || below.length === 0) throw invalid(path);
  await refuseLinks(folder, below, path);
  const place = Uri.joinPath(folder.uri, ...below);
  // Folders of a workspace may be inside one another: what is pulled must not get above one, where its settings are.
  if (folders.some(({ uri }) => isAtOrBelow(uri, place))) throw invalid(path);
  return place;
}

/** Whatever the case: there are disks on which it makes no difference. */
function isAtOrBelow(uri: Uri, place: Uri): boolean {
  return `${uri.path}/`.toLowerCase().startsWith(`${place.path}/`.toLowerCase());
}

/** Not with what separates parts of a path anywhere, streams and devices of Windows, or what is not to be seen. */
function isPlainName(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !/[\\:*?"<>|\p{Cc}\p{Cf}]|[. ]$/u.test(name);
}

async function refuseLinks(folder: WorkspaceFolder, names: readonly string[], path: string): Promise<void> {
  for (const [depth] of names.entries()) {
    const type = await typeOf(Uri.joinPath(folder.uri, ...names.slice(0, depth + 1)));
    if (type === undefined) return;
    if ((type & FileType.SymbolicLink) !== 0 || (type & FileType.Directory) === 0) throw invalid(path);
  }
}

async function typeOf(uri: Uri): Promise<FileType | undefined> {
  try {
    return (await workspace.fs.stat(uri)).type;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}

function invalid(value: string): OciError<'INVALID_ARGUMENT'> {
  return new OciError('INVALID_ARGUMENT', 'not a folder to pull into', { argument: 'path', value, accepted: ACCEPTED });
}

function unsupported(what: string): OciError<'UNSUPPORTED'> {
  return new OciError('UNSUPPORTED', what, { what });
}
