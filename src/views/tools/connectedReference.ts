import { OciError, type RegistryReference } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { readReference } from '../operations/content.ts';

/**
 * The reference in what a model wrote. Only registries that the user has connected are spoken to: to others a model
 * could send what it has read, in the name of a repository.
 * @throws OciError INVALID_REFERENCE, INVALID_ARGUMENT
 */
export function connectedReference(book: Pick<AddressBook, 'places'>, text: string): RegistryReference {
  const reference = readReference(text);
  const connected = book.places().filter(({ kind }) => kind === 'registry');
  if (reference.kind === 'registry' && connected.some(({ id }) => id === reference.registry)) return reference;
  const hosts = connected.map(({ id }) => id).join(', ') || 'none so far';
  throw new OciError('INVALID_ARGUMENT', 'not in a connected registry', {
    argument: 'the reference',
    value: text,
    accepted: `oci:// and a registry that the user has connected (${hosts}); the command Floe OCI: Connect a Registry connects others`,
  });
}
