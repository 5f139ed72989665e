import { l10n, window } from 'vscode';
import type { CopiedArtifact } from '../../floe/copyArtifact.ts';
import { blobsOf } from '../../floe/copySummary.ts';
import { movedText } from '../movedText.ts';
import { copyContent, type PlannedCopy } from '../operations/copyContent.ts';
import { nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Reports } from '../reports.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import { copyReference } from './copyText.ts';
import { inspect } from './inspect.ts';
import { orCreate } from './orCreate.ts';
import { rehearse, tagNote } from './rehearse.ts';
import { showDestination } from './showDestination.ts';
import type { PushParts } from './startPush.ts';

/** What copying works with. */
export interface CopyParts extends PushParts {
  readonly reports: Reports;
}

/**
 * Copies, shows the result in its tree, and says what moved.
 * @param onCopied told when it went well, instead of the user
 */
export async function startCopy(
  parts: CopyParts,
  planned: PlannedCopy,
  onCopied?: (copied: CopiedArtifact) => void,
): Promise<void> {
  const { address, descriptor, destination } = planned;
  await parts.transfers.start({
    title: l10n.t('Copying {0} to {1}', nameOf(address), nameOf(destination)),
    action: 'copyTo',
    operation: 'copy',
    about: { ...factsOf(destination), digest: descriptor.digest },
    run: (call) => orCreate(destination, call, () => copyContent(parts, planned, call)),
    done: async (copied) => {
      if (onCopied !== undefined) return onCopied(copied);
      await showDestination(parts, destination);
      await present(parts, planned, copied);
    },
  });
}

/** Says what a copy would move, and offers to copy. */
export async function rehearseCopy(parts: CopyParts, planned: PlannedCopy): Promise<void> {
  const { address, descriptor, destination } = planned;
  await rehearse(parts, {
    what: l10n.t('Copy {0} to {1}', nameOf(address), nameOf(destination)),
    about: { ...factsOf(destination), digest: descriptor.digest },
    look: async (call) => {
      const copied = await copyContent(parts, planned, { ...call, isRehearsal: true });
      const notes = [tagNote(destination.tag, copied.outcome), ...referrersNote(copied)];
      return { blobs: blobsOf([copied]), notes };
    },
    button: l10n.t('Copy'),
    start: () => startCopy(parts, planned),
  });
}

async function present(parts: CopyParts, { address, destination }: PlannedCopy, copied: CopiedArtifact): Promise<void> {
  const { descriptor, outcome } = copied;
  const did =
    outcome === 'unchanged'
      ? l10n.t('{0} is this artifact already; nothing was copied.', nameOf(destination))
      : l10n.t('Copied {0} to {1}: {2}.', nameOf(address), nameOf(destination), movedText(blobsOf([copied])));
  const message = [did, ...referrersNote(copied), descriptor.digest].join(' ');
  const look = l10n.t('Inspect');
  const copy = l10n.t('Copy Reference');
  const answer = await window.showInformationMessage(plainText(message), look, copy);
  if (answer === look) await inspect(parts, destination);
  if (answer === copy) await copyReference(parts, destination);
}

function referrersNote({ referrers }: CopiedArtifact): readonly string[] {
  const { length: count } = referrers;
  if (count === 0) return [];
  return [
    count === 1 ? l10n.t('With 1 artifact that refers to it.') : l10n.t('With {0} artifacts that refer to it.', count),
  ];
}
