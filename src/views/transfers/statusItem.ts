import { type Disposable, l10n, MarkdownString, StatusBarAlignment, window } from 'vscode';
import { setContextKey } from '../contextKeys.ts';
import { formatSize } from '../format.ts';
import { plainText } from '../plainText.ts';
import type { Transfer } from './transfer.ts';
import type { Transfers } from './transfers.ts';

/** Among what belongs to the whole window, not to a file. */
const PRIORITY = 50;

/** Shows in the status bar how far transfers are, while there are any; a click offers to cancel one. */
export function showTransferStatus(transfers: Transfers): Disposable {
  const item = window.createStatusBarItem('floeOci.transfers', StatusBarAlignment.Left, PRIORITY);
  item.name = l10n.t('Floe OCI Transfers');
  item.command = 'floeOci.cancelTransfer';
  const show = (): void => {
    const { underWay, failed } = transfers;
    setContextKey('floeOci.transferring', underWay.length > 0);
    setContextKey('floeOci.transferFailed', failed.length > 0);
    if (underWay.length === 0) {
      item.hide();
      return;
    }
    const summary = transferSummary(underWay);
    item.text = `$(sync~spin) ${summary}`;
    item.accessibilityInformation = { label: summary, role: 'button' };
    item.tooltip = tooltipOf(underWay);
    item.show();
  };
  const subscription = transfers.onDidChange(show);
  return {
    dispose: () => {
      subscription.dispose();
      item.dispose();
    },
  };
}

/** `2 transfers · 45% · 12 MB/s` */
export function transferSummary(transfers: readonly Transfer[]): string {
  const sum = (numberOf: (transfer: Transfer) => number): number =>
    transfers.reduce((total, transfer) => total + numberOf(transfer), 0);
  const total = sum(({ meter }) => meter.totalBytes);
  const speed = sum(({ meter }) => meter.bytesPerSecond ?? 0);
  return [
    transfers.length === 1 ? l10n.t('1 transfer') : l10n.t('{0} transfers', transfers.length),
    ...(total === 0 ? [] : [`${Math.floor((sum(({ meter }) => meter.doneBytes) / total) * 100)}%`]),
    ...(speed === 0 ? [] : [`${formatSize(Math.round(speed))}/s`]),
  ].join(' · ');
}

/** What a transfer is doing, in a few words. */
export function transferProgress({ state, meter }: Transfer): string {
  return state === 'waiting' ? l10n.t('waiting') : meter.message;
}

function tooltipOf(transfers: readonly Transfer[]): MarkdownString {
  const text = new MarkdownString();
  for (const transfer of transfers) {
    text.appendMarkdown('- ').appendText(plainText(transfer.title)).appendMarkdown('  \n  ');
    text.appendText(transferProgress(transfer)).appendMarkdown('\n');
  }
  return text.appendMarkdown(`\n${l10n.t('Click to cancel one.')}`);
}
