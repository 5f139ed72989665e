import { window } from 'vscode';
import type { AddressBook } from '../addressBook.ts';
import type { Address } from '../places.ts';
import { nameOf } from '../places.ts';
import { compileTagFilter, TAG_ORDERS, type TagOrder } from '../tree/tagView.ts';
import type { Trees } from '../trees.ts';
import { askRepositoryAddress } from './askAddress.ts';
import { validateWith } from './validateWith.ts';

export interface ArrangeParts {
  readonly book: AddressBook;
  readonly trees: Trees;
}

/** Shows only the tags of a repository that match; all of them again when nothing is written. */
export async function filterTags({ book, trees }: ArrangeParts, known?: Partial<Address>): Promise<void> {
  const address = await askRepositoryAddress('Filter Tags', book, known);
  if (address === undefined) return;
  const { place, repository } = address;
  const view = trees.tagView(place, repository);
  const text = await window.showInputBox({
    title: `Filter the Tags of ${nameOf({ place, repository })}`,
    prompt: 'Part of the tag, or a glob; empty shows all',
    placeHolder: 'rc, or v1.*',
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
  const address = await askRepositoryAddress('Sort Tags', book, known);
  if (address === undefined) return;
  const { place, repository } = address;
  const view = trees.tagView(place, repository);
  const choices = (Object.keys(TAG_ORDERS) as TagOrder[]).map((order) => ({
    label: TAG_ORDERS[order].label,
    detail: TAG_ORDERS[order].detail,
    ...(order === view.order ? { description: 'now' } : {}),
    order,
  }));
  const picked = await window.showQuickPick(choices, {
    title: `Sort the Tags of ${nameOf({ place, repository })}`,
    placeHolder: 'Choose the order',
    ignoreFocusOut: true,
  });
  if (picked !== undefined) await trees.arrange(place, repository, { ...view, order: picked.order });
}
