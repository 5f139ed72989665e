import { l10n } from 'vscode';
import { diskPathOf } from '../diskPath.ts';
import { type Address, nameOf } from '../places.ts';
import { askRepositoryAddress } from './askAddress.ts';
import { askFolder } from './askFolder.ts';
import { askTagFilter } from './askTagFilter.ts';
import { placeForBackup } from './backupPlaces.ts';
import { type BeginMirror, type MirrorParts, startMirror } from './startMirror.ts';

/**
 * Copies the tags of a repository, with all that refers to them, to an image layout in a folder of the user's: any tool
 * that reads image layouts reads it.
 * @param begin what is done once everything is known; default: they are copied
 */
export async function backUp(
  parts: MirrorParts,
  known?: Partial<Address>,
  begin: BeginMirror = startMirror,
): Promise<void> {
  const source = await askRepositoryAddress(l10n.t('Back Up'), parts.book, known);
  if (source === undefined) return;
  const title = l10n.t('Back Up {0}', nameOf(source));
  const filter = await askTagFilter(title);
  if (filter === undefined) return;
  const folder = await askFolder({
    title,
    openLabel: l10n.t('Back Up Here'),
  });
  if (folder === undefined) return;
  const destination = await placeForBackup(parts.book, diskPathOf(folder, 'backUp'), source.repository);
  await begin(parts, { kind: 'backup', source, destination, filter, referrers: true });
}
