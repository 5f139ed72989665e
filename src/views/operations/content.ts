import { l10n } from 'vscode';
import {
  cancelled,
  type Digest,
  OciError,
  parseReference,
  REFERENCE_FORMS,
  type Reference,
  type Tag,
} from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import type { Address, Destination } from '../places.ts';
import { addressOfReference } from './addressOfReference.ts';

/** Content that exists: its address, and the tag or digest that names it. */
export interface Content {
  readonly address: Address;
  readonly name: Tag | Digest;
}

/**
 * The reference in a text that a program wrote.
 * @throws OciError INVALID_REFERENCE, also for what is no text
 */
export function readReference(text: unknown): Reference {
  if (typeof text === 'string') return parseReference(text);
  throw invalid(String(text), 'path', REFERENCE_FORMS);
}

/**
 * Where the content is that a reference names; nobody is asked for what is missing of it.
 * @throws OciError INVALID_REFERENCE, CANCELLED when the user does not want to connect its registry
 */
export async function contentAt(book: AddressBook, text: unknown): Promise<Content> {
  const reference = readReference(text);
  const name = reference.digest ?? reference.tag;
  if (name === undefined) throw invalid(String(text), 'tag', l10n.t('a reference with a tag or a digest'));
  return { address: await addressAt(book, reference), name };
}

/** The same of a whole repository. @throws as {@link contentAt} */
export async function repositoryAt(book: AddressBook, text: unknown): Promise<Address> {
  const reference = readReference(text);
  const part = reference.tag !== undefined ? 'tag' : 'digest';
  if ((reference.digest ?? reference.tag) !== undefined)
    throw invalid(String(text), part, l10n.t('a reference without it'));
  return await addressAt(book, reference);
}

/** The same of where something goes to. @throws as {@link contentAt} */
export async function destinationAt(book: AddressBook, text: unknown): Promise<Destination> {
  const reference = readReference(text);
  const { tag, digest } = reference;
  if (digest !== undefined)
    throw invalid(String(text), 'digest', l10n.t('a reference with a tag and without a digest'));
  if (tag === undefined) throw invalid(String(text), 'tag', l10n.t('a reference with a tag'));
  return { ...(await addressAt(book, reference)), tag };
}

async function addressAt(book: AddressBook, reference: Reference): Promise<Address> {
  const address = await addressOfReference(book, reference);
  if (address === undefined) throw cancelled();
  const { repository } = address;
  // A registry's reference has one, and so has the place of a layout.
  if (repository === undefined) throw new Error('A reference names a repository');
  return { ...address, repository };
}

function invalid(input: string, part: 'path' | 'tag' | 'digest', accepted: string): OciError<'INVALID_REFERENCE'> {
  return new OciError('INVALID_REFERENCE', `not such a reference: ${JSON.stringify(input)} (${part})`, {
    input,
    part,
    accepted,
  });
}
