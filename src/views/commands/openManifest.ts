import { type Uri, window } from 'vscode';
import type { AddressBook } from '../addressBook.ts';
import { documentUri } from '../documentUri.ts';
import type { Address } from '../places.ts';
import type { Presenter } from '../present.ts';
import { askAddress } from './askAddress.ts';

/** What commands on content that exists are made of. */
export interface ContentParts {
  readonly book: AddressBook;
  readonly presenter: Presenter;
}

/** Opens the manifest of a tag: its exact bytes, read-only. */
export async function openManifest({ book, presenter }: ContentParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress('Open Manifest', book, known);
  const uri = address && (await presenter.attempt('openManifest', () => manifestUri(address)));
  if (uri !== undefined) await window.showTextDocument(uri, { preview: false });
}

/** The document of the manifest that the address names now. */
export async function manifestUri({ place, repository, tag, digest }: Address): Promise<Uri> {
  const store = await place.reader(repository);
  const name = digest ?? tag;
  if (name === undefined) throw new Error('An address of content has a tag or a digest');
  const descriptor = await store.resolve(name);
  return documentUri({ place, repository, role: 'manifest', descriptor, ...(tag === undefined ? {} : { tag }) });
}
