import { commands, Uri, window, workspace } from 'vscode';
import { compiledArtifactsLayer } from '../../floe/artifact.ts';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';
import {
  type Descriptor,
  isOciError,
  readVerified,
  type UnpackResult,
  unpack,
  writeFileFrom,
} from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { type Address, nameOf, type RepositoryStore } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import { type ReadManifest, readManifest } from '../readManifest.ts';
import { askAddress } from './askAddress.ts';
import { type Transfer, withTransferProgress } from './transferProgress.ts';

export interface PullParts {
  readonly presenter: Presenter;
  readonly book: AddressBook;
}

const TITLE = 'Pull';

/** Pulls an artifact: compiled artifacts into a file, anything else into a folder. */
export async function pull({ book, presenter }: PullParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(TITLE, book, known);
  const name = address?.digest ?? address?.tag;
  if (address === undefined || name === undefined) return;
  const found = await presenter.attempt('pull', async () => {
    const store = await address.place.open(address.repository);
    return { store, content: await readManifest(store, name) };
  });
  if (found === undefined) return;
  const { store, content } = found;
  const document = compiledArtifactsLayer(content.manifest);
  if (document === undefined) await pullFiles(presenter, address, store, content);
  else await pullDocument(presenter, address, store, document);
}

async function pullDocument(
  presenter: Presenter,
  address: Address,
  store: RepositoryStore,
  document: Descriptor,
): Promise<void> {
  const file = await window.showSaveDialog({
    title: `Pull ${nameOf(address)}`,
    saveLabel: 'Pull',
    defaultUri: Uri.joinPath(startFolder(), COMPILED_ARTIFACTS_TITLE),
  });
  if (file === undefined) return;
  const pulled = await presenter.attempt('pull', () =>
    withTransferProgress(`Pulling ${nameOf(address)}`, async (transfer) => {
      await write(store, document, file, transfer);
      return file;
    }),
  );
  if (pulled === undefined) return;
  const open = 'Open';
  const message = `Pulled ${nameOf(address)} to ${workspace.asRelativePath(file)}. ${document.digest}`;
  if ((await window.showInformationMessage(plainText(message), open)) === open) await window.showTextDocument(file);
}

/** Straight to the disk where there is one; through memory where the workspace is virtual. */
async function write(store: RepositoryStore, document: Descriptor, file: Uri, transfer: Transfer): Promise<void> {
  if (file.scheme === 'file') return await writeFileFrom(store, document, file.fsPath, transfer);
  const { bytes } = await readVerified(store, document, { signal: transfer.signal });
  await workspace.fs.writeFile(file, bytes);
}

async function pullFiles(
  presenter: Presenter,
  address: Address,
  store: RepositoryStore,
  { descriptor }: ReadManifest,
): Promise<void> {
  const [folder] =
    (await window.showOpenDialog({
      title: `Pull the files of ${nameOf(address)} into a folder`,
      openLabel: 'Pull Here',
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: startFolder(),
    })) ?? [];
  if (folder === undefined) return;
  const run = (force: boolean): Promise<UnpackResult> =>
    withTransferProgress(`Pulling ${nameOf(address)}`, (transfer) =>
      unpack(store, descriptor, folder.fsPath, { ...transfer, force }),
    );
  const result = await presenter.attempt('pull', () => orReplacing(run));
  if (result === undefined) return;
  const reveal = 'Reveal in Explorer';
  const skipped =
    result.skipped.length === 0 ? '' : ` ${result.skipped.length} layers have no file name and were left out.`;
  const message = `Pulled ${result.files.length} files of ${nameOf(address)} to ${workspace.asRelativePath(folder)}.${skipped}`;
  if ((await window.showInformationMessage(plainText(message), reveal)) === reveal) {
    await commands.executeCommand('revealInExplorer', folder);
  }
}

/** Files with other content are replaced only when the user says so. */
async function orReplacing(run: (force: boolean) => Promise<UnpackResult>): Promise<UnpackResult | undefined> {
  try {
    return await run(false);
  } catch (error) {
    if (!isOciError(error, 'FILE_EXISTS')) throw error;
    const replace = 'Replace';
    const answer = await window.showWarningMessage(
      plainText(`${error.details.path} exists with other content.`),
      { modal: true, detail: 'Nothing was written yet. Replace it and other files that are in the way?' },
      replace,
    );
    return answer === replace ? await run(true) : undefined;
  }
}

function startFolder(): Uri {
  return workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/');
}
