import { l10n, window } from 'vscode';
import { isOciError, LayoutFolder, OciError, type RepositoryName } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import type { Address, Place } from '../places.ts';

/** A repository in a place; of an image layout it is the only one. */
export type RepositoryAddress = Pick<Address, 'place' | 'repository'>;

/**
 * Where a repository is backed up to in a folder: into the backup that the folder is already, else below it by its own
 * name, so that a folder has backups of any number of repositories.
 * @throws OciError INVALID_LAYOUT when the folder is a layout that is none
 */
export async function placeForBackup(
  book: AddressBook,
  path: string,
  repository: RepositoryName,
): Promise<RepositoryAddress> {
  const place = book.placeOfLayout(path);
  return onlyOne((await isThere(place)) ? place : book.placeOfLayout(new LayoutFolder(path).pathOf(repository)));
}

/** A backup, and what it is one of where its place below a folder tells. */
export interface FoundBackup {
  readonly source: RepositoryAddress;
  readonly name?: RepositoryName;
}

/**
 * The backup that a folder is, or one of those below it. Undefined when the user leaves the prompt.
 * @throws OciError NOT_FOUND when there is none, INVALID_LAYOUT
 */
export async function chooseBackup(book: AddressBook, path: string): Promise<FoundBackup | undefined> {
  const place = book.placeOfLayout(path);
  if (await isThere(place)) return { source: onlyOne(place) };
  const below = new LayoutFolder(path);
  const names = await Array.fromAsync(below.repositories());
  const [first, ...others] = names.map((name) => ({ label: name, name }));
  if (first === undefined) {
    const what = l10n.t('backup in {0}, where it would have a file named oci-layout', path);
    throw new OciError('NOT_FOUND', `there is no image layout in ${path}`, { kind: 'layout', what });
  }
  const picked =
    others.length === 0
      ? first
      : await window.showQuickPick([first, ...others], {
          title: l10n.t('Restore from Backup'),
          placeHolder: l10n.t('Choose the repository to restore'),
          ignoreFocusOut: true,
        });
  if (picked === undefined) return undefined;
  return { source: onlyOne(book.placeOfLayout(below.pathOf(picked.name))), name: picked.name };
}

async function isThere(place: Place): Promise<boolean> {
  try {
    await place.open(onlyOne(place).repository);
    return true;
  } catch (error) {
    if (isOciError(error, 'NOT_FOUND')) return false;
    throw error;
  }
}

function onlyOne(place: Place): RepositoryAddress {
  const [repository] = place.pinned;
  if (repository === undefined) throw new Error('An image layout is one repository');
  return { place, repository };
}
