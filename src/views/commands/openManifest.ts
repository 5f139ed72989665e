import { l10n, type Uri, window } from 'vscode';
import type { Observer } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { documentUri } from '../documentUri.ts';
import type { Address } from '../places.ts';
import type { Presenter } from '../present.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import { askAddress } from './askAddress.ts';

/** What commands on content that exists are made of. */
export interface ContentParts {
  readonly book: AddressBook;
  readonly presenter: Presenter;
  /** Told of what is done. */
  readonly observability: Observer;
}

/** Opens the manifest of a tag: its exact bytes, read-only. */
export async function openManifest(parts: ContentParts, known?: Partial<Address>): Promise<void> {
  const { book, presenter, observability } = parts;
  const address = await askAddress(l10n.t('Open Manifest'), book, known);
  const uri =
    address &&
    (await presenter.attempt('openManifest', () =>
      observeAt(observability, 'resolve', address, () => manifestUri(address)),
    ));
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
