import type { RepositoryName } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { type Address, type Destination, nameOf, type PartialAddress, type Place } from '../places.ts';
import { askPlace, askRepository, askTag, type ProposeTag } from './askAddress.ts';
import type { Naming } from './typedReference.ts';

/** What is asked for a repository to write to, and what is proposed. */
interface TargetQuestion {
  /** What the prompts say above: what is done, and where to as far as it is known. */
  readonly titleTo: (where?: string) => string;
  /** Shown first; undefined: nothing is. */
  readonly proposeRepository: (place: Place) => RepositoryName | undefined;
}

/** The same with a tag. */
export interface DestinationQuestion extends TargetQuestion {
  /** Shown first, given the tags that are there. */
  readonly proposeTag: ProposeTag;
}

/** Asks for what is missing of where something goes to: it need not exist. Undefined when the user leaves a prompt. */
export async function askDestination(
  book: AddressBook,
  known: Partial<Address>,
  question: DestinationQuestion,
): Promise<Destination | undefined> {
  const target = await askTarget(book, known, question, 'destination');
  if (target === undefined) return undefined;
  const { place, repository } = target;
  const title = question.titleTo(nameOf({ place, repository }));
  const tag = target.tag ?? (await askTag(title, place, repository, question.proposeTag));
  return tag && { place, repository, tag };
}

/** The same for a repository. */
export async function askTargetRepository(
  book: AddressBook,
  known: Partial<Address>,
  question: TargetQuestion,
): Promise<Pick<Address, 'place' | 'repository'> | undefined> {
  const target = await askTarget(book, known, question, 'repository');
  return target && { place: target.place, repository: target.repository };
}

async function askTarget(
  book: AddressBook,
  known: Partial<Address>,
  { titleTo, proposeRepository }: TargetQuestion,
  naming: Naming,
): Promise<Address | undefined> {
  const start: PartialAddress | undefined =
    known.place === undefined ? await askPlace(titleTo(), book, naming) : { ...known, place: known.place };
  if (start === undefined) return undefined;
  const { place } = start;
  const repository = start.repository ?? (await askRepository(titleTo(place.label), place, proposeRepository(place)));
  return repository && { ...start, repository };
}
