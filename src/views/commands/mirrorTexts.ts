import { l10n } from 'vscode';
import type { CopiedArtifact } from '../../floe/copyArtifact.ts';
import { blobsOf } from '../../floe/copySummary.ts';
import type { MirrorResult, ValidationReport } from '../../oci/index.ts';
import { codeSpan } from '../codeSpan.ts';
import { describeError, explain } from '../describeError.ts';
import { movedText } from '../movedText.ts';
import type { PlannedMirror } from '../operations/mirrorRepository.ts';
import { nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';

/** A mirror of which everything is known. A backup is one into a folder, a restore one out of it. */
export interface NamedMirror extends PlannedMirror {
  readonly kind: 'mirror' | 'backup' | 'restore';
}

/** What is asked for: `Mirror a to b`. */
export function askedText({ kind, source, destination }: NamedMirror): string {
  const [from, to] = [nameOf(source), nameOf(destination)];
  switch (kind) {
    case 'mirror':
      return l10n.t('Mirror {0} to {1}', from, to);
    case 'backup':
      return l10n.t('Back up {0} to {1}', from, to);
    case 'restore':
      return l10n.t('Restore {0} to {1}', from, to);
  }
}

/** What is being done. */
export function underWayText({ kind, source, destination }: NamedMirror): string {
  const [from, to] = [nameOf(source), nameOf(destination)];
  switch (kind) {
    case 'mirror':
      return l10n.t('Mirroring {0} to {1}', from, to);
    case 'backup':
      return l10n.t('Backing up {0} to {1}', from, to);
    case 'restore':
      return l10n.t('Restoring {0} to {1}', from, to);
  }
}

/** What has been done, how many tags it was about, and what had to move. */
export function doneText({ kind, source, destination }: NamedMirror, mirrored: MirrorResult<CopiedArtifact>): string {
  const [from, to] = [nameOf(source), nameOf(destination)];
  const { changed, same, all } = countTags(mirrored);
  const tags = [l10n.t('{0} of {1} tags', changed, all), ...sameText(same)].join(', ');
  const moved = movedText(blobsOf(mirrored.copied.map(({ result }) => result)));
  switch (kind) {
    case 'mirror':
      return l10n.t('Mirrored {0} to {1}: {2}; {3}.', from, to, tags, moved);
    case 'backup':
      return l10n.t('Backed up {0} to {1}: {2}; {3}.', from, to, tags, moved);
    case 'restore':
      return l10n.t('Restored {0} to {1}: {2}; {3}.', from, to, tags, moved);
  }
}

/** Tags by what became of them; `all` are also those that failed. */
export function countTags({
  copied,
  failed,
}: MirrorResult<CopiedArtifact>): Readonly<Record<'changed' | 'same' | 'all', number>> {
  const changed = copied.filter(({ result }) => result.outcome === 'copied').length;
  return { changed, same: copied.length - changed, all: copied.length + failed.length };
}

function sameText(count: number): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? l10n.t('1 was there already') : l10n.t('{0} were there already', count)];
}

/** How many tags failed; nothing where none did. */
export function failedText({ failed: { length: count } }: Pick<MirrorResult<unknown>, 'failed'>): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? l10n.t('1 tag failed.') : l10n.t('{0} tags failed.', count)];
}

/** What reading a backup once more has shown. */
export function checkedText({ checked, problems }: ValidationReport): string {
  return problems.length === 0
    ? l10n.t('All {0} blobs and manifests in it are as they should be.', checked.length)
    : l10n.t(
        '{0} of {1} blobs and manifests in it are missing or damaged: back up to another folder.',
        problems.length,
        checked.length,
      );
}

/** Which tags were not copied and what is damaged, as Markdown. */
export function mirrorReport(
  title: string,
  { failed }: Pick<MirrorResult<unknown>, 'failed'>,
  checked: ValidationReport | undefined,
): string {
  const tags = failed.map(({ tag, error }) => `- ${tag}: ${codeSpan(explain(describeError(error)))}`);
  const damaged = (checked?.problems ?? []).map(
    ({ descriptor, error }) => `- ${descriptor.digest}: ${codeSpan(explain(describeError(error)))}`,
  );
  return [
    `# ${plainText(title, 1_000)}`,
    '',
    ...(tags.length === 0 ? [] : [l10n.t('These tags were not copied:'), '', ...tags, '']),
    ...(damaged.length === 0
      ? []
      : [l10n.t('These are missing, or not what their descriptors say:'), '', ...damaged, '']),
  ].join('\n');
}
