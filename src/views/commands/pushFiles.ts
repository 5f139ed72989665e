import path from 'node:path';
import { type Uri, window, workspace } from 'vscode';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';
import { packFiles } from '../../floe/packFiles.ts';
import { layersOfFiles, OciError, parseTag } from '../../oci/index.ts';
import { nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { askArtifactType, typeOfFiles } from './askArtifactType.ts';
import { askDestination } from './askDestination.ts';
import { proposeRepository } from './proposeRepository.ts';
import { type PushInput, type PushParts, presentPush, push, send } from './push.ts';
import { showDestination } from './showDestination.ts';

/** What is pushed when nobody says which: a person chooses from the dialog. */
export interface PushFilesInput extends Omit<PushInput, 'file'> {
  readonly files?: readonly Uri[];
}

/** Pushes any files and folders as one artifact, each a layer titled with its name; compiled artifacts as what they are. */
export async function pushFiles(parts: PushParts, { files: known, ...input }: PushFilesInput = {}): Promise<void> {
  const files = known ?? (await askFiles('Push Files or a Folder', 'Push'));
  const [first] = files;
  if (first === undefined) return;
  if (files.length === 1 && path.posix.basename(first.path) === COMPILED_ARTIFACTS_TITLE) {
    return await push(parts, { ...input, file: first });
  }
  const paths = files.map(diskPathOf);
  const names = paths.map((file) => path.basename(file)).join(', ');
  const artifactType = await askArtifactType(`Push ${plainText(names, 60)}`, typeOfFiles(paths));
  if (artifactType === undefined) return;
  const destination = await askDestination(parts.book, input, {
    verb: 'Push',
    proposeRepository: (place) => proposeRepository(place, path.parse(paths[0] ?? '').name),
    proposeTag: () => parseTag('latest'),
  });
  if (destination === undefined) return;
  await parts.transfers.start({
    title: `Pushing to ${nameOf(destination)}`,
    action: 'pushFiles',
    run: async (call) => {
      await using packed = await layersOfFiles(
        paths.map((file) => ({ path: file })),
        call,
      );
      return await send(parts, destination, await packFiles({ artifactType, layers: packed.layers }, call), call);
    },
    done: async (result) => {
      await showDestination(parts, destination);
      await presentPush(parts, destination, result, plainText(names, 100));
    },
  });
}

/** Files that are chosen in a dialog; none when the user leaves it. On most systems one dialog is for files or for folders. */
export async function askFiles(title: string, openLabel: string): Promise<readonly Uri[]> {
  const kinds = [
    { label: '$(files) Files…', description: 'each becomes a layer', isFolder: false },
    { label: '$(folder) A Folder…', description: 'packed as tar and gzip', isFolder: true },
  ];
  const kind = await window.showQuickPick(kinds, {
    title,
    placeHolder: 'Choose files, or a folder',
    ignoreFocusOut: true,
  });
  if (kind === undefined) return [];
  const { isFolder } = kind;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const chosen = await window.showOpenDialog({
    title,
    openLabel,
    canSelectFiles: !isFolder,
    canSelectFolders: isFolder,
    canSelectMany: !isFolder,
    ...(folder === undefined ? {} : { defaultUri: folder }),
  });
  return chosen ?? [];
}

/** @throws OciError UNSUPPORTED for what is not on a disk: it would have to be held in memory */
export function diskPathOf(file: Uri): string {
  if (file.scheme === 'file') return file.fsPath;
  const what = `pushing ${file.toString(true)}, which is not on this machine`;
  throw new OciError('UNSUPPORTED', what, { what });
}
