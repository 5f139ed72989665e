import { l10n, window } from 'vscode';
import type { CopiedBlob, OperationFacts, Tag } from '../../oci/index.ts';
import { codeSpan } from '../codeSpan.ts';
import { formatSize } from '../format.ts';
import { movedText } from '../movedText.ts';
import { plainText } from '../plainText.ts';
import type { Reports } from '../reports.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import type { Transfers } from '../transfers/transfers.ts';

/** What a rehearsal works with. */
export interface RehearseParts {
  readonly transfers: Transfers;
  readonly reports: Reports;
}

/** What would be done. */
interface Rehearsed {
  /** What becomes of configs and layers. */
  readonly blobs: readonly CopiedBlob[];
  /** What else is to be said of it, in sentences. */
  readonly notes: readonly string[];
  /** What would fail, and why; default: nothing. */
  readonly problems?: readonly string[];
}

/** Something that can be looked at before it is done. */
export interface Rehearsable {
  /** What is asked about, such as `Copy a to b`. */
  readonly what: string;
  readonly about: OperationFacts;
  /** Finds out what would be done, and does nothing. */
  readonly look: (call: TransferCall) => Promise<Rehearsed>;
  /** What the button that does it says, and does. */
  readonly button: string;
  readonly start: () => Promise<void>;
}

/** Says what would move, what of it is there already, and offers to do it. */
export async function rehearse({ transfers, reports }: RehearseParts, rehearsable: Rehearsable): Promise<void> {
  const { what, about, look, button, start } = rehearsable;
  await transfers.start({
    title: l10n.t('Looking at what would move: {0}', what),
    action: 'dryRun',
    // It only reads, and is not to be counted with what has moved anything.
    operation: 'diff',
    about,
    run: look,
    done: async ({ blobs, notes, problems = [] }) => {
      const list = l10n.t('Show List');
      const message = plainText([`${what}: ${wouldMoveText(blobs)}.`, ...notes, ...problemsText(problems)].join(' '));
      const answer =
        problems.length === 0
          ? await window.showInformationMessage(message, button, list)
          : await window.showWarningMessage(message, button, list);
      if (answer === button) await start();
      if (answer === list) await reports.open('dry run.md', rehearsalText(what, { blobs, notes, problems }));
    },
  });
}

function problemsText({ length: count }: readonly string[]): readonly string[] {
  if (count === 0) return [];
  return [
    count === 1 ? l10n.t('1 tag would fail: see the list.') : l10n.t('{0} tags would fail: see the list.', count),
  ];
}

function wouldMoveText(blobs: readonly CopiedBlob[]): string {
  const there = blobs.filter(({ outcome }) => outcome === 'existed').length;
  if (there === blobs.length) return l10n.t('nothing would move, all of it is there already');
  return there === 0
    ? l10n.t('would move {0}', movedText(blobs))
    : l10n.t('would move {0}; {1} are there already', movedText(blobs), there);
}

/** What becomes of the tag itself, which is no blob. */
export function tagNote(tag: Tag, outcome: 'copied' | 'pushed' | 'unchanged'): string {
  return outcome === 'unchanged'
    ? l10n.t('The tag {0} names this artifact already.', tag)
    : l10n.t('The tag {0} would be set.', tag);
}

/** What would become of each blob, as Markdown. */
function rehearsalText(what: string, { blobs, notes, problems = [] }: Rehearsed): string {
  const lines = blobs.map(({ descriptor: { digest, mediaType, size }, outcome }) =>
    [`- **${actionOf(outcome)}**`, digest, `${codeSpan(mediaType)},`, formatSize(size)].join(' '),
  );
  const said = [`${wouldMoveText(blobs)}.`, ...notes].map((note) => plainText(note, 1_000));
  const failing = problems.map((problem) => `- ${codeSpan(problem)}`);
  return [
    `# ${plainText(what, 300)}`,
    '',
    ...said.flatMap((note) => [note, '']),
    ...(failing.length === 0 ? [] : [l10n.t('These would fail:'), '', ...failing, '']),
    ...lines,
    '',
  ].join('\n');
}

function actionOf(outcome: CopiedBlob['outcome']): string {
  switch (outcome) {
    case 'written':
      return l10n.t('move');
    case 'mounted':
      return l10n.t('mount');
    case 'linked':
      return l10n.t('link');
    case 'existed':
      return l10n.t('there already');
  }
}
