import path from 'node:path';
import { l10n, type Uri, window, workspace } from 'vscode';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';
import { packFiles } from '../../floe/packFiles.ts';
import { layersOfFiles, parseTag } from '../../oci/index.ts';
import { diskPathOf } from '../diskPath.ts';
import { nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import { askArtifactType, typeOfFiles } from './askArtifactType.ts';
import { askDestination } from './askDestination.ts';
import { orCreate } from './orCreate.ts';
import { proposeRepository } from './proposeRepository.ts';
import { type PushInput, type PushParts, presentPush, push, pushTitle, send } from './push.ts';
import { showDestination } from './showDestination.ts';

/** What is pushed when nobody says which: a person chooses from the dialog. */
export interface PushFilesInput extends Omit<PushInput, 'file'> {
  readonly files?: readonly Uri[];
}

/** Pushes any files and folders as one artifact, each a layer titled with its name; compiled artifacts as what they are. */
export async function pushFiles(parts: PushParts, { files: known, ...input }: PushFilesInput = {}): Promise<void> {
  const files = known ?? (await askFiles(l10n.t('Push Files or a Folder'), l10n.t('Push')));
  const [first] = files;
  if (first === undefined) return;
  if (files.length === 1 && path.posix.basename(first.path) === COMPILED_ARTIFACTS_TITLE) {
    return await push(parts, { ...input, file: first });
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
  await parts.transfers.start({
    title: l10n.t('Pushing to {0}', nameOf(destination)),
    action: 'pushFiles',
    operation: 'push',
    about: factsOf(destination),
    run: async (call) => {
      await using packed = await layersOfFiles(
        paths.map((file) => ({ path: file })),
        call,
      );
      const artifact = await packFiles({ artifactType, layers: packed.layers }, call);
      return await orCreate(destination, call, () => send(parts, destination, artifact, call));
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
