import { l10n, type QuickPickItem, window } from 'vscode';
import type { Address } from '../places.ts';
import { backUp } from './backup.ts';
import { copyTo } from './copyTo.ts';
import { mirror } from './mirror.ts';
import { push } from './push.ts';
import { pushFiles } from './pushFiles.ts';
import { restore } from './restore.ts';
import { rehearseCopy } from './startCopy.ts';
import { type MirrorParts, rehearseMirror } from './startMirror.ts';
import { type BeginPush, rehearsePush } from './startPush.ts';

/** What the dry run is about, as far as that is known. */
export interface DryRunInput {
  /** What is copied. */
  readonly content?: Partial<Address>;
  /** What is mirrored, backed up, pushed or restored to. */
  readonly repository?: Pick<Address, 'place' | 'repository'>;
}

/** Goes through a copy, a push, a mirror, a backup or a restore up to where it would begin, and says what would move. */
export async function dryRun(parts: MirrorParts, { content, repository }: DryRunInput): Promise<void> {
  if (content !== undefined) return await copyTo(parts, content, rehearseCopy);
  const begin: BeginPush = (_, planned) => rehearsePush(parts, planned);
  const acts: readonly (QuickPickItem & { readonly run: () => Promise<void> })[] = [
    ...(repository === undefined
      ? [{ label: `$(files) ${l10n.t('Copy an Artifact')}`, run: () => copyTo(parts, undefined, rehearseCopy) }]
      : []),
    { label: `$(mirror) ${l10n.t('Mirror a Repository')}`, run: () => mirror(parts, repository, rehearseMirror) },
    {
      label: `$(cloud-upload) ${l10n.t('Push Compiled Artifacts')}`,
      run: () => push(parts, repository, begin),
    },
    { label: `$(cloud-upload) ${l10n.t('Push Files or a Folder')}`, run: () => pushFiles(parts, repository, begin) },
    { label: `$(archive) ${l10n.t('Back Up a Repository')}`, run: () => backUp(parts, repository, rehearseMirror) },
    { label: `$(history) ${l10n.t('Restore from a Backup')}`, run: () => restore(parts, repository, rehearseMirror) },
  ];
  const picked = await window.showQuickPick(acts, {
    title: l10n.t('Show What Would Move'),
    placeHolder: l10n.t('Choose what to look at before it is done; nothing is changed'),
    ignoreFocusOut: true,
  });
  await picked?.run();
}
