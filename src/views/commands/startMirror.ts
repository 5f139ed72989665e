import { env, l10n, window } from 'vscode';
import { blobsOf } from '../../floe/copySummary.ts';
import { type ValidationReport, validate } from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';
import { type MirroredRepository, mirrorRepository } from '../operations/mirrorRepository.ts';
import { plainText } from '../plainText.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import {
  askedText,
  checkedText,
  countTags,
  doneText,
  failedText,
  mirrorReport,
  type NamedMirror,
  underWayText,
} from './mirrorTexts.ts';
import { orCreate } from './orCreate.ts';
import { rehearse } from './rehearse.ts';
import { showDestination } from './showDestination.ts';
import type { CopyParts } from './startCopy.ts';

/** What mirroring works with. */
export type MirrorParts = CopyParts;

/** What is done with a mirror of which everything is known. */
export type BeginMirror = (parts: MirrorParts, planned: NamedMirror) => Promise<void>;

/**
 * Copies the tags, shows them in their tree, and says what moved. What was backed up is read once more, and every digest
 * recomputed.
 */
export async function startMirror(parts: MirrorParts, planned: NamedMirror): Promise<void> {
  const { kind, destination } = planned;
  await parts.transfers.start({
    title: underWayText(planned),
    action: kind,
    operation: kind,
    about: factsOf(subjectOf(planned)),
    run: (call) =>
      orCreate(destination, call, async () => {
        const mirrored = await mirrorRepository(parts, planned, call);
        return { mirrored, checked: kind === 'backup' ? await check(parts, mirrored, call) : undefined };
      }),
    done: async ({ mirrored, checked }) => {
      await showDestination(parts, destination);
      await present(parts, planned, mirrored, checked);
    },
  });
}

/** Says what a mirror would move, and offers to do it. */
export async function rehearseMirror(parts: MirrorParts, planned: NamedMirror): Promise<void> {
  const { kind } = planned;
  const buttons = { mirror: l10n.t('Mirror'), backup: l10n.t('Back Up'), restore: l10n.t('Restore') };
  await rehearse(parts, {
    what: askedText(planned),
    about: factsOf(subjectOf(planned)),
    look: async (call) => {
      const mirrored = await mirrorRepository(parts, planned, { ...call, isRehearsal: true });
      const { changed, all } = countTags(mirrored);
      return {
        blobs: blobsOf(mirrored.copied.map(({ result }) => result)),
        notes: [l10n.t('{0} of {1} tags would be copied.', changed, all)],
        problems: mirrored.failed.map(({ tag, error }) => `${tag}: ${explain(describeError(error))}`),
      };
    },
    button: buttons[kind],
    start: () => startMirror(parts, planned),
  });
}

/** Which repository it is about, for those who look at what was done: a backup is one of its source. */
function subjectOf({ kind, source, destination }: NamedMirror): NamedMirror['source'] {
  return kind === 'backup' ? source : destination;
}

async function check(
  { settings: { concurrency } }: MirrorParts,
  { copied, store }: MirroredRepository,
  { signal }: TransferCall,
): Promise<ValidationReport> {
  const roots = copied.flatMap(({ result }) => [result, ...result.referrers]).map(({ descriptor }) => descriptor);
  return await validate(store, roots, { signal, concurrency });
}

async function present(
  { reports }: MirrorParts,
  planned: NamedMirror,
  mirrored: MirroredRepository,
  checked: ValidationReport | undefined,
): Promise<void> {
  const said = [
    doneText(planned, mirrored),
    ...failedText(mirrored),
    ...(checked === undefined ? [] : [checkedText(checked)]),
  ];
  const message = plainText(said.join(' '));
  if (mirrored.failed.length > 0 || (checked?.problems.length ?? 0) > 0) {
    const report = l10n.t('Show Report');
    if ((await window.showWarningMessage(message, report)) !== report) return;
    return await reports.open(`${planned.kind}.md`, mirrorReport(underWayText(planned), mirrored, checked));
  }
  const { folder } = planned.destination.place;
  const copyPath = l10n.t('Copy Path');
  const buttons = planned.kind === 'backup' && folder !== undefined ? [copyPath] : [];
  const answer = await window.showInformationMessage(message, ...buttons);
  if (answer === copyPath && folder !== undefined) await env.clipboard.writeText(folder);
}
