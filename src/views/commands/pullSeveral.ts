import { commands, l10n, Uri, window, workspace } from 'vscode';
import { shortDigest } from '../../oci/index.ts';
import { carryOutPull } from '../operations/carryOutPull.ts';
import { findPull } from '../operations/findPull.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import { askFolder } from './askFolder.ts';
import type { PullParts } from './pull.ts';

/** Pulls several artifacts into one folder, each into a folder of its own below it. What is there with other content stays. */
export async function pullSeveral(parts: PullParts, addresses: readonly Address[]): Promise<void> {
  const folder = await askFolder({
    title: l10n.t('Pull {0} artifacts into a folder', addresses.length),
    openLabel: l10n.t('Pull Here'),
    ...(workspace.workspaceFolders?.[0] && { defaultUri: workspace.workspaceFolders[0].uri }),
  });
  if (folder === undefined) return;
  let pulled = 0;
  await Promise.all(
    addresses.map(async (address) => {
      const name = address.digest ?? address.tag;
      if (name === undefined) return;
      const target = Uri.joinPath(folder, folderNameOf(address));
      await parts.transfers.start({
        title: l10n.t('Pulling {0}', nameOf(address)),
        action: 'pull',
        operation: 'pull',
        about: factsOf(address),
        run: async (call) => {
          await workspace.fs.createDirectory(target);
          const found = await findPull(parts.clients, { address, name }, call);
          return await carryOutPull(found, target, { ...call, force: false });
        },
        done: async () => {
          pulled += 1;
        },
      });
    }),
  );
  if (pulled === 0) return;
  const reveal = l10n.t('Reveal in Explorer');
  const isHere = workspace.getWorkspaceFolder(folder) !== undefined;
  const message = l10n.t(
    'Pulled {0} of {1} artifacts to {2}.',
    pulled,
    addresses.length,
    workspace.asRelativePath(folder),
  );
  const answer = await window.showInformationMessage(plainText(message), ...(isHere ? [reveal] : []));
  if (answer === reveal) await commands.executeCommand('revealInExplorer', folder);
}

/** `team-product-1.2.0`: the repository whole, for two may end alike. */
function folderNameOf({ repository, tag, digest }: Address): string {
  return `${repository.replaceAll('/', '-')}-${tag ?? (digest === undefined ? '' : shortDigest(digest))}`;
}
