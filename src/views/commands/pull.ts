import { l10n, Uri, window, workspace } from 'vscode';
import type { AddressBook } from '../addressBook.ts';
import type { FloeClients } from '../floeClients.ts';
import { carryOutPull } from '../operations/carryOutPull.ts';
import { type FoundFile, type FoundFiles, findBlob, findPull, type PulledBlob } from '../operations/findPull.ts';
import { type Address, nameOf } from '../places.ts';
import type { Presenter } from '../present.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { askAddress } from './askAddress.ts';
import { askFolder } from './askFolder.ts';
import { orReplacing } from './orReplacing.ts';
import { presentPulledFile, presentPulledFiles } from './presentPull.ts';

/** What pulling works with. */
export interface PullParts {
  readonly clients: FloeClients;
  readonly presenter: Presenter;
  readonly book: AddressBook;
  readonly transfers: Transfers;
}

/** Pulls an artifact: compiled artifacts into a file, anything else into a folder. */
export async function pull(parts: PullParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(l10n.t('Pull'), parts.book, known);
  const name = address?.digest ?? address?.tag;
  if (address === undefined || name === undefined) return;
  const found = await parts.presenter.attempt('pull', () => findPull(parts.clients, { address, name }));
  if (found === undefined) return;
  await (found.kind === 'files' ? intoFolder(parts, found) : intoFile(parts, found));
}

/** Pulls one blob into a file: a layer, or a config. */
export async function pullFile(parts: PullParts, row: PulledBlob): Promise<void> {
  await intoFile(parts, await findBlob(parts.clients, row));
}

async function intoFile({ transfers }: PullParts, found: FoundFile): Promise<void> {
  const { address, blob, name } = found;
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
    about: { ...factsOf(address), layers: 1, size: blob.size },
    // The dialog has asked whether to replace what is there.
    run: (call) => carryOutPull(found, file, { ...call, force: true }),
    done: (pulled) => presentPulledFile(found, file, pulled),
  });
}

async function intoFolder({ transfers }: PullParts, found: FoundFiles): Promise<void> {
  const { address, digest } = found;
  const folder = await askFolder({
    title: l10n.t('Pull the files of {0} into a folder', nameOf(address)),
    openLabel: l10n.t('Pull Here'),
    defaultUri: startFolder(),
  });
  if (folder === undefined) return;
  await transfers.start({
    title: l10n.t('Pulling {0}', nameOf(address)),
    action: 'pull',
    operation: 'pull',
    about: { ...factsOf(address), digest },
    run: (call) => orReplacing((force) => carryOutPull(found, folder, { ...call, force })),
    done: async (pulled) => {
      if (pulled !== undefined) await presentPulledFiles(found, folder, pulled);
    },
  });
}

function startFolder(): Uri {
  return workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/');
}
