import type { RepositoryName, Tag } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { type Address, nameOf, type Place } from '../places.ts';
import { askPlace, askRepository, askTag, type PartialAddress, type ProposeTag } from './askAddress.ts';

/** Where something goes to, and what it is to be called there. */
export type Destination = Address & { readonly tag: Tag };

export interface DestinationQuestion {
  /** `Push`, `Copy`: what is done with it, for the titles of the prompts. */
  readonly verb: string;
  /** Shown first; undefined: nothing is. */
  readonly proposeRepository: (place: Place) => RepositoryName | undefined;
  /** Shown first, given the tags that are there. */
  readonly proposeTag: ProposeTag;
}

/** Asks for what is missing of where something goes to: it need not exist. Undefined when the user leaves a prompt. */
export async function askDestination(
  book: AddressBook,
  known: Partial<Address>,
  question: DestinationQuestion,
): Promise<Destination | undefined> {
  const target = await askTargetRepository(book, known, question);
  if (target === undefined) return undefined;
  const { place, repository } = target;
  const title = `${question.verb} to ${nameOf({ place, repository })}`;
  const tag = target.tag ?? (await askTag(title, place, repository, question.proposeTag));
  return tag && { place, repository, tag };
}

/** The same without a tag, unless one was typed with the rest. */
export async function askTargetRepository(
  book: AddressBook,
  known: Partial<Address>,
  { verb, proposeRepository }: Omit<DestinationQuestion, 'proposeTag'>,
): Promise<(Address & PartialAddress) | undefined> {
  const start: PartialAddress | undefined =
    known.place === undefined ? await askPlace(`${verb} to`, book) : { ...known, place: known.place };
  if (start === undefined) return undefined;
  const { place } = start;
  const repository =
    start.repository ?? (await askRepository(`${verb} to ${place.label}`, place, proposeRepository(place)));
  return repository && { ...start, repository };
}
