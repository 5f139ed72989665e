import { l10n } from 'vscode';
import { diskPathOf } from '../diskPath.ts';
import { type Address, nameOf } from '../places.ts';
import { askTargetRepository } from './askDestination.ts';
import { askFolder } from './askFolder.ts';
import { askTagFilter } from './askTagFilter.ts';
import { chooseBackup } from './backupPlaces.ts';
import { type BeginMirror, type MirrorParts, startMirror } from './startMirror.ts';

/**
 * Copies the tags of a backup, an image layout in a folder, to a repository. Nothing is removed there, and protected tags
 * are not moved.
 * @param known where it goes to, as far as that is known
 * @param begin what is done once everything is known; default: they are copied
 */
export async function restore(
  parts: MirrorParts,
  known: Partial<Address> = {},
  begin: BeginMirror = startMirror,
): Promise<void> {
  const folder = await askFolder({
    title: l10n.t('Restore from Backup'),
    openLabel: l10n.t('Restore from Here'),
  });
  if (folder === undefined) return;
  const backup = await chooseBackup(parts.book, diskPathOf(folder, 'restore'));
  if (backup === undefined) return;
  const { source, name } = backup;
  const from = nameOf(source);
  const filter = await askTagFilter(l10n.t('Restore {0}', from));
  if (filter === undefined) return;
  const destination = await askTargetRepository(parts.book, known, {
    titleTo: (where) =>
      where === undefined ? l10n.t('Restore {0} to', from) : l10n.t('Restore {0} to {1}', from, where),
    proposeRepository: () => name,
  });
  if (destination === undefined) return;
  await begin(parts, { kind: 'restore', source, destination, filter, referrers: true });
}
