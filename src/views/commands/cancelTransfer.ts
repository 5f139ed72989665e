import { l10n, window } from 'vscode';
import { transferProgress } from '../transfers/statusItem.ts';
import type { Transfers } from '../transfers/transfers.ts';

/** What the commands on transfers work with. */
export interface TransferParts {
  readonly transfers: Transfers;
}

/** Asks which transfer to cancel, even where there is one: a click in the status bar must not be enough to lose it. */
export async function cancelTransfer({ transfers }: TransferParts): Promise<void> {
  const choices = transfers.underWay.map((transfer) => ({
    label: `$(circle-slash) ${transfer.title}`,
    description: transferProgress(transfer),
    transfer,
  }));
  if (choices.length === 0) return void window.showInformationMessage(l10n.t('Nothing is being transferred.'));
  const picked = await window.showQuickPick(choices, {
    title: l10n.t('Cancel a Transfer'),
    placeHolder: l10n.t('Choose the transfer to cancel'),
    matchOnDescription: true,
  });
  picked?.transfer.cancel();
}

/** Does a transfer that failed once more; what the destination has by now is not moved again. */
export async function retryTransfer({ transfers }: TransferParts): Promise<void> {
  const choices = transfers.failed.map((transfer) => ({ label: `$(refresh) ${transfer.title}`, transfer }));
  const [only, ...others] = choices;
  if (only === undefined) return void window.showInformationMessage(l10n.t('No transfer has failed.'));
  const picked =
    others.length === 0
      ? only
      : await window.showQuickPick(choices, {
          title: l10n.t('Retry a Transfer'),
          placeHolder: l10n.t('Choose the transfer to try again'),
        });
  if (picked !== undefined) await transfers.retry(picked.transfer);
}
