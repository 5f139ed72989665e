import path from 'node:path';
import { l10n, type Uri, window, workspace } from 'vscode';
import { parseTag } from '../../oci/index.ts';
import { diskPathOf } from '../diskPath.ts';
import { typeOfFiles } from '../operations/artifactTypes.ts';
import { packPaths } from '../operations/packPaths.ts';
import { isDocument } from '../operations/pushTo.ts';
import { plainText } from '../plainText.ts';
import { askArtifactType } from './askArtifactType.ts';
import { askDestination } from './askDestination.ts';
import { proposeRepository } from './proposeRepository.ts';
import { type PushInput, push, pushTitle } from './push.ts';
import { type BeginPush, type PushParts, startPush } from './startPush.ts';

/** What is pushed when nobody says which: a person chooses from the dialog. */
export interface PushFilesInput extends Omit<PushInput, 'file'> {
  readonly files?: readonly Uri[];
}

/**
 * Pushes any files and folders as one artifact, each a layer titled with its name; compiled artifacts as what they are.
 * @param begin what is done once everything is known; default: they are pushed
 */
export async function pushFiles(
  parts: PushParts,
  { files: known, ...input }: PushFilesInput = {},
  begin: BeginPush = startPush,
): Promise<void> {
  const files = known ?? (await askFiles(l10n.t('Push Files or a Folder'), l10n.t('Push')));
  const [first] = files;
  if (first === undefined) return;
  if (files.length === 1 && isDocument(first)) {
    return await push(parts, { ...input, file: first }, begin);
  }
  const paths = files.map((file) => diskPathOf(file, 'push'));
  const names = paths.map((file) => path.basename(file)).join(', ');
  const artifactType = await askArtifactType(l10n.t('Push {0}', plainText(names, 60)), typeOfFiles(paths));
  if (artifactType === undefined) return;
  const destination = await askDestination(parts.book, input, {
    titleTo: pushTitle,
    proposeRepository: (place) => proposeRepository(place, path.parse(paths[0] ?? '').name),
    proposeTag: () => parseTag('latest'),
  });
  if (destination === undefined) return;
  await begin(parts, {
    destination,
    what: plainText(names, 100),
    action: 'pushFiles',
    about: {},
    packed: async ({ signal }, use) => {
      await using packed = await packPaths(paths, { artifactType, signal });
      return await use(packed);
    },
  });
}

/** Files that are chosen in a dialog; none when the user leaves it. On most systems one dialog is for files or for folders. */
export async function askFiles(title: string, openLabel: string): Promise<readonly Uri[]> {
  const kinds = [
    { label: `$(files) ${l10n.t('Files…')}`, description: l10n.t('each becomes a layer'), isFolder: false },
    { label: `$(folder) ${l10n.t('A Folder…')}`, description: l10n.t('packed as tar and gzip'), isFolder: true },
  ];
  const kind = await window.showQuickPick(kinds, {
    title,
    placeHolder: l10n.t('Choose files, or a folder'),
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
