import { commands, l10n, Uri, window, workspace } from 'vscode';
import { compiledArtifactsLayer } from '../../floe/artifact.ts';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';
import { type Descriptor, type Digest, isOciError, type UnpackResult, unpack } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { diskPathOf } from '../diskPath.ts';
import type { FloeClients } from '../floeClients.ts';
import { formatAge } from '../format.ts';
import { problemsText, pulledProblems } from '../operations/pulledProblems.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import { type ReadManifest, readManifest } from '../readManifest.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { writeBlob } from '../writeBlob.ts';
import { askAddress } from './askAddress.ts';

/** What pulling works with. */
export interface PullParts {
  readonly clients: FloeClients;
  readonly presenter: Presenter;
  readonly book: AddressBook;
  readonly transfers: Transfers;
}

/** One blob of an artifact, as a row of the tree has it. */
export interface PulledBlob {
  readonly address: Address;
  /** The manifest that it is part of. */
  readonly manifest: Digest;
  readonly descriptor: Descriptor;
  /** What its document is called. */
  readonly name: string;
  /** It is a compiled document, which is held against floe's contract. Default: false. */
  readonly isDocument?: boolean;
  /** How old is what we know of the artifact, when it is not of now: `2 minutes ago`. */
  readonly asOf?: string;
}

const TITLE = l10n.t('Pull');

/** Pulls an artifact: compiled artifacts into a file, anything else into a folder. */
export async function pull(parts: PullParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(TITLE, parts.book, known);
  const name = address?.digest ?? address?.tag;
  if (address === undefined || name === undefined) return;
  let age: number | undefined;
  const onCached = (milliseconds: number): void => {
    age = milliseconds;
  };
  const content = await parts.presenter.attempt('pull', async () => {
    const store = await address.place.reader(address.repository, { onCached });
    const found = await readManifest(store, name);
    await parts.clients.for(address).check?.(nameOf(address), found.descriptor, store);
    return found;
  });
  if (content === undefined) return;
  const document = compiledArtifactsLayer(content.manifest);
  const asOf = address.digest === undefined ? asOfAge(age) : undefined;
  if (document === undefined) await pullFiles(parts, address, content, asOf);
  else {
    const { digest: manifest } = content.descriptor;
    await saveFile(parts, {
      address,
      manifest,
      descriptor: document,
      name: COMPILED_ARTIFACTS_TITLE,
      isDocument: true,
      ...(asOf && { asOf }),
    });
  }
}

/** Where a tag led a while ago it may not lead now: who pulls it should know. */
function asOfAge(age: number | undefined): string | undefined {
  return age === undefined || age < 60_000 ? undefined : formatAge(new Date(Date.now() - age).toISOString());
}

function nameAsOf(address: Address, asOf: string | undefined): string {
  return asOf === undefined ? nameOf(address) : l10n.t('{0} as it was {1}', nameOf(address), asOf);
}

/** Pulls one blob into a file: a layer, or a config. What the policy on signatures says of its manifest goes for it, too. */
export async function pullFile(parts: PullParts, blob: PulledBlob): Promise<void> {
  const { address, manifest } = blob;
  const { check } = parts.clients.for(address);
  if (check !== undefined) {
    const store = await address.place.reader(address.repository);
    await check(nameOf({ ...address, digest: manifest }), await store.resolve(manifest), store);
  }
  await saveFile(parts, blob);
}

async function saveFile({ transfers }: PullParts, blob: PulledBlob): Promise<void> {
  const { address, descriptor, name, isDocument = false, asOf } = blob;
  const file = await window.showSaveDialog({
    title: l10n.t('Pull {0}', nameOf(address)),
    saveLabel: l10n.t('Pull'),
    defaultUri: Uri.joinPath(startFolder(), name),
  });
  if (file === undefined) return;
  await transfers.start({
    title: l10n.t('Pulling {0}', nameOf(address)),
    action: 'pull',
    operation: 'pull',
    about: { ...factsOf(address), layers: 1, size: descriptor.size },
    run: async (call) => writeBlob(await address.place.reader(address.repository, call), descriptor, file, call),
    done: async () => {
      const problems = isDocument ? problemsText(await pulledProblems(file)) : undefined;
      const open = l10n.t('Open');
      const [what, where] = [nameAsOf(address, asOf), workspace.asRelativePath(file)];
      const message = l10n.t('Pulled {0} to {1}. {2}', what, where, descriptor.digest);
      const answer =
        problems === undefined
          ? await window.showInformationMessage(plainText(message), open)
          : await window.showWarningMessage(plainText(`${message} ${problems}`), open);
      if (answer === open) await commands.executeCommand('vscode.open', file);
    },
  });
}

async function pullFiles(
  { transfers }: PullParts,
  address: Address,
  { descriptor }: ReadManifest,
  asOf: string | undefined,
): Promise<void> {
  const [folder] =
    (await window.showOpenDialog({
      title: l10n.t('Pull the files of {0} into a folder', nameOf(address)),
      openLabel: l10n.t('Pull Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: startFolder(),
    })) ?? [];
  if (folder === undefined) return;
  const path = diskPathOf(folder, 'pull');
  await transfers.start({
    title: l10n.t('Pulling {0}', nameOf(address)),
    action: 'pull',
    operation: 'pull',
    about: { ...factsOf(address), digest: descriptor.digest },
    run: async (call) => {
      const store = await address.place.reader(address.repository, call);
      return await orReplacing((force) => unpack(store, descriptor, path, { ...call, force }));
    },
    done: (result) => presentFiles(nameAsOf(address, asOf), folder, result),
  });
}

async function presentFiles(artifact: string, folder: Uri, result: UnpackResult | undefined): Promise<void> {
  if (result === undefined) return;
  const reveal = l10n.t('Reveal in Explorer');
  const openFolder = l10n.t('Open Folder');
  const isHere = workspace.getWorkspaceFolder(folder) !== undefined;
  const where = workspace.asRelativePath(folder);
  const { length: count } = result.files;
  const message = [
    count === 1
      ? l10n.t('Pulled 1 file of {0} to {1}.', artifact, where)
      : l10n.t('Pulled {0} files of {1} to {2}.', count, artifact, where),
    ...skippedText(result.skipped.length),
  ];
  const answer = await window.showInformationMessage(plainText(message.join(' ')), isHere ? reveal : openFolder);
  if (answer === reveal) await commands.executeCommand('revealInExplorer', folder);
  // A window of its own, in which VS Code asks whether to trust what was pulled.
  if (answer === openFolder) await commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}

function skippedText(count: number): readonly string[] {
  if (count === 0) return [];
  return [
    count === 1
      ? l10n.t('1 layer has no file name and was left out.')
      : l10n.t('{0} layers have no file name and were left out.', count),
  ];
}

/** Files with other content are replaced only when the user says so. */
async function orReplacing(run: (force: boolean) => Promise<UnpackResult>): Promise<UnpackResult | undefined> {
  try {
    return await run(false);
  } catch (error) {
    if (!isOciError(error, 'FILE_EXISTS')) throw error;
    const replace = l10n.t('Replace');
    const answer = await window.showWarningMessage(
      plainText(l10n.t('{0} exists with other content.', error.details.path)),
      { modal: true, detail: l10n.t('Nothing was written yet. Replace it and other files that are in the way?') },
      replace,
    );
    return answer === replace ? await run(true) : undefined;
  }
}

function startFolder(): Uri {
  return workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/');
}
