import type { Reference } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import type { PartialAddress } from '../places.ts';

/** What a typed reference names; undefined when the user does not want to connect its registry. */
export async function addressOfReference(book: AddressBook, reference: Reference): Promise<PartialAddress | undefined> {
  const place = await book.placeOfReference(reference);
  if (place === undefined) return undefined;
  const repository = reference.kind === 'layout' ? place.pinned[0] : reference.repository;
  const { tag, digest } = reference;
  return {
    place,
    ...(repository === undefined ? {} : { repository }),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
