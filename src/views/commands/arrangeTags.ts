import { l10n, window } from 'vscode';
import type { AddressBook } from '../addressBook.ts';
import type { Address } from '../places.ts';
import { nameOf } from '../places.ts';
import { compileTagFilter, TAG_ORDERS, type TagOrder } from '../tree/tagView.ts';
import type { Trees } from '../trees.ts';
import { askRepositoryAddress } from './askAddress.ts';
import { validateWith } from './validateWith.ts';

/** What sorting and filtering tags works with. */
export interface ArrangeParts {
  readonly book: AddressBook;
  readonly trees: Trees;
}

/** Shows only the tags of a repository that match; all of them again when nothing is written. */
export async function filterTags({ book, trees }: ArrangeParts, known?: Partial<Address>): Promise<void> {
  const address = await askRepositoryAddress(l10n.t('Filter Tags'), book, known);
  if (address === undefined) return;
  const { place, repository } = address;
  const view = trees.tagView(place, repository);
  const text = await window.showInputBox({
    title: l10n.t('Filter the Tags of {0}', nameOf({ place, repository })),
    prompt: l10n.t('Part of the tag, or a glob; empty shows all'),
    placeHolder: l10n.t('rc, or v1.*'),
    value: view.filter ?? '',
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => typed === '' || compileTagFilter(typed)),
  });
  if (text === undefined) return;
  const { filter: _, ...rest } = view;
  const filter = text.trim();
  await trees.arrange(place, repository, filter === '' ? rest : { ...rest, filter });
}

/** Shows the tags of a repository in another order. */
export async function sortTags({ book, trees }: ArrangeParts, known?: Partial<Address>): Promise<void> {
  const address = await askRepositoryAddress(l10n.t('Sort Tags'), book, known);
  if (address === undefined) return;
  const { place, repository } = address;
  const view = trees.tagView(place, repository);
  const choices = (Object.keys(TAG_ORDERS) as TagOrder[]).map((order) => ({
    label: TAG_ORDERS[order].label,
    detail: TAG_ORDERS[order].detail,
    ...(order === view.order ? { description: l10n.t('now') } : {}),
    order,
  }));
  const picked = await window.showQuickPick(choices, {
    title: l10n.t('Sort the Tags of {0}', nameOf({ place, repository })),
    placeHolder: l10n.t('Choose the order'),
    ignoreFocusOut: true,
  });
  if (picked !== undefined) await trees.arrange(place, repository, { ...view, order: picked.order });
}
