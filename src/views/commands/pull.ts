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
import { formatAge } from '../format.ts';
import type { ManifestRegistries } from '../manifestRegistries.ts';
import { type Address, nameOf, type RepositoryReader } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import { type ReadManifest, readManifest } from '../readManifest.ts';
import { signatureCheckFor } from '../signatureCheck.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { askAddress } from './askAddress.ts';

export interface PullParts {
  readonly manifests: Pick<ManifestRegistries, 'find'>;
  readonly presenter: Presenter;
  readonly book: AddressBook;
  readonly transfers: Transfers;
}

/** One blob of an artifact, as a row of the tree has it. */
export interface PulledBlob {
  readonly address: Address;
  readonly descriptor: Descriptor;
  /** What its document is called. */
  readonly name: string;
  /** A clause that says of what time the artifact is, when it is not of now. */
  readonly asOf?: string;
}

const TITLE = 'Pull';

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
    await signatureCheckFor(parts.manifests, address)?.(nameOf(address), found.descriptor, store);
    return found;
  });
  if (content === undefined) return;
  const document = compiledArtifactsLayer(content.manifest);
  const asOf = address.digest === undefined ? asOfAge(age) : '';
  if (document === undefined) await pullFiles(parts, address, content, asOf);
  else await pullFile(parts, { address, descriptor: document, name: COMPILED_ARTIFACTS_TITLE, asOf });
}

/** Where a tag led a while ago it may not lead now: who pulls it should know. */
function asOfAge(age: number | undefined): string {
  if (age === undefined || age < 60_000) return '';
  return ` as it was ${formatAge(new Date(Date.now() - age).toISOString())}`;
}

/** Pulls one blob into a file: a layer, or a config. */
export async function pullFile({ transfers }: PullParts, blob: PulledBlob): Promise<void> {
  const { address, descriptor, name, asOf = '' } = blob;
  const file = await window.showSaveDialog({
    title: `Pull ${nameOf(address)}`,
    saveLabel: 'Pull',
    defaultUri: Uri.joinPath(startFolder(), name),
  });
  if (file === undefined) return;
  await transfers.start({
    title: `Pulling ${nameOf(address)}`,
    action: 'pull',
    run: async (call) => write(await address.place.reader(address.repository, call), descriptor, file, call),
    done: async () => {
      const open = 'Open';
      const message = `Pulled ${nameOf(address)}${asOf} to ${workspace.asRelativePath(file)}. ${descriptor.digest}`;
      const answer = await window.showInformationMessage(plainText(message), open);
      if (answer === open) await commands.executeCommand('vscode.open', file);
    },
  });
}

/** Straight to the disk where there is one; through memory where the workspace is virtual. */
async function write(store: RepositoryReader, blob: Descriptor, file: Uri, call: TransferCall): Promise<void> {
  if (file.scheme === 'file') return await writeFileFrom(store, blob, file.fsPath, call);
  const { bytes } = await readVerified(store, blob, { signal: call.signal });
  await workspace.fs.writeFile(file, bytes);
}

async function pullFiles(
  { transfers }: PullParts,
  address: Address,
  { descriptor }: ReadManifest,
  asOf: string,
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
  await transfers.start({
    title: `Pulling ${nameOf(address)}`,
    action: 'pull',
    run: async (call) => {
      const store = await address.place.reader(address.repository, call);
      return await orReplacing((force) => unpack(store, descriptor, folder.fsPath, { ...call, force }));
    },
    done: (result) => presentFiles(`${nameOf(address)}${asOf}`, folder, result),
  });
}

async function presentFiles(artifact: string, folder: Uri, result: UnpackResult | undefined): Promise<void> {
  if (result === undefined) return;
  const reveal = 'Reveal in Explorer';
  const openFolder = 'Open Folder';
  const isHere = workspace.getWorkspaceFolder(folder) !== undefined;
  const skipped =
    result.skipped.length === 0 ? '' : ` ${result.skipped.length} layers have no file name and were left out.`;
  const message = `Pulled ${result.files.length} files of ${artifact} to ${workspace.asRelativePath(folder)}.${skipped}`;
  const answer = await window.showInformationMessage(plainText(message), isHere ? reveal : openFolder);
  if (answer === reveal) await commands.executeCommand('revealInExplorer', folder);
  // A window of its own, in which VS Code asks whether to trust what was pulled.
  if (answer === openFolder) await commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
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
