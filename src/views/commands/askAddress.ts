import { highestVersion, parseVersionConstraint, type VersionConstraint } from '../../floe/versionConstraint.ts';
import {
  isOciError,
  isTag,
  parseReference,
  parseRepositoryName,
  parseTag,
  type Reference,
  type RepositoryName,
  type Tag,
} from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { describeError, explain } from '../describeError.ts';
import type { Address, Place } from '../places.ts';
import { Pager } from '../tree/pager.ts';
import { type Choice, pickOrType } from './pickOrType.ts';

/** More are found by typing. */
const LISTED = 200;
/** One page of most registries, and more versions than a product has. */
const LISTED_TAGS = 1000;

/** An address of which more than the place may be known. */
export type PartialAddress = Partial<Address> & { readonly place: Place };

/** Asks for a place, or for all at once: a typed reference names repository and tag too. */
export async function askPlace(title: string, book: AddressBook): Promise<PartialAddress | undefined> {
  const answer = await pickOrType<Place | Reference | 'connect'>({
    title,
    placeholder: 'Choose where, or type a reference such as oci://ghcr.io/team/product:1.2.0',
    choices: async () => [
      ...book.places().map((place) => ({
        label: place.label,
        ...(place.kind === 'local' ? { description: 'on this machine, no server needed' } : {}),
        value: place,
      })),
      { label: '$(plug) Connect a Registry…', value: 'connect', alwaysShow: true },
    ],
    typed: meaning((text) => ({ label: text, description: 'this reference', value: parseReference(text) })),
  });
  if (answer === undefined) return undefined;
  if (answer === 'connect') return asAddress(await book.connect());
  if ('id' in answer) return asAddress(answer);
  return await addressOfReference(book, answer);
}

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

function asAddress(place: Place | undefined): PartialAddress | undefined {
  return place && { place };
}

/** Asks for a repository; `proposed` comes first. */
export async function askRepository(
  title: string,
  place: Place,
  proposed?: RepositoryName,
): Promise<RepositoryName | undefined> {
  return await pickOrType<RepositoryName>({
    title,
    placeholder: 'Choose a repository, or type its name, such as team/product',
    choices: async () => {
      const listed = await firstOf(place.repositories(), LISTED).catch(() => []);
      const names = [...new Set([...place.pinned, ...listed])].sort();
      const known = names.map((name) => ({ label: name, value: name }));
      if (proposed === undefined || names.includes(proposed)) return first(known, proposed);
      return [{ label: proposed, description: 'new', value: proposed }, ...known];
    },
    typed: meaning((text) => ({ label: text, description: 'this name', value: parseRepositoryName(text) })),
  });
}

/** Asks for a tag that exists, or a range of versions; or, with `propose`, for a tag that may be new. */
export async function askTag(
  title: string,
  place: Place,
  repository: RepositoryName,
  propose?: ProposeTag,
): Promise<Tag | undefined> {
  let tags: readonly Tag[] = [];
  const exact = meaning((text) => ({ label: text, description: 'this tag', value: parseTag(text) }));
  return await pickOrType<Tag>({
    title,
    placeholder:
      propose === undefined
        ? 'Choose a tag, or type it, or a range such as ^1.2.0 or v1.*'
        : 'Type a tag, or choose one that exists',
    choices: async () => {
      // A repository that is not there yet has no tags.
      tags = await tagsOf(place, repository).catch(() => []);
      const proposed = propose?.(tags);
      const listed = tags.map((tag) => ({ label: tag, value: tag }));
      if (proposed === undefined || listed.some(({ value }) => value === proposed)) return first(listed, proposed);
      return [{ label: proposed, description: 'new', value: proposed }, ...listed];
    },
    typed: (text) => (propose === undefined && !isTag(text) ? (highestIn(text, tags) ?? exact(text)) : exact(text)),
  });
}

/** What to call something, given the tags that are there. */
export type ProposeTag = (existing: readonly Tag[]) => Tag;

/** What a range of versions stands for; undefined where it is none. */
function highestIn(text: string, tags: readonly Tag[]): Choice<Tag> | string | undefined {
  const range = readRange(text);
  if (range === undefined) return undefined;
  if (tags.length >= LISTED_TAGS) return 'There are too many tags to know the highest; type the tag.';
  const tag = highestVersion(tags, range);
  return tag === undefined ? `No tag is in the range ${text}.` : { label: tag, description: text, value: tag };
}

function readRange(text: string): VersionConstraint | undefined {
  try {
    return parseVersionConstraint(text);
  } catch (error) {
    if (!isOciError(error, 'INVALID_ARGUMENT')) throw error;
    return undefined;
  }
}

/** Asks for what is missing of an address of content that exists. */
export async function askAddress(
  title: string,
  book: AddressBook,
  known?: Partial<Address>,
): Promise<Address | undefined> {
  const start = known?.place === undefined ? await askPlace(title, book) : { ...known, place: known.place };
  if (start === undefined) return undefined;
  const repository = start.repository ?? (await askRepository(title, start.place));
  if (repository === undefined) return undefined;
  if (start.tag !== undefined || start.digest !== undefined) return { ...start, repository };
  const tag = await askTag(title, start.place, repository);
  return tag && { place: start.place, repository, tag };
}

/** Asks for what is missing of a repository that exists. */
export async function askRepositoryAddress(
  title: string,
  book: AddressBook,
  known?: Partial<Address>,
): Promise<Pick<Address, 'place' | 'repository'> | undefined> {
  const start = known?.place === undefined ? await askPlace(title, book) : { ...known, place: known.place };
  if (start === undefined) return undefined;
  const repository = start.repository ?? (await askRepository(title, start.place));
  return repository && { place: start.place, repository };
}

function first<T>(choices: readonly Choice<T>[], proposed: T | undefined): readonly Choice<T>[] {
  return [...choices].sort((one, other) => Number(other.value === proposed) - Number(one.value === proposed));
}

async function tagsOf(place: Place, repository: RepositoryName): Promise<readonly Tag[]> {
  return await firstOf((await place.reader(repository)).tags(), LISTED_TAGS);
}

async function firstOf<T>(listing: AsyncIterable<T>, count: number): Promise<readonly T[]> {
  const pager = new Pager(listing);
  await pager.take(count);
  return pager.items;
}

/** A parser's error becomes the reason why typed text stands for nothing. */
function meaning<T>(parse: (text: string) => Choice<T> | string): (text: string) => Choice<T> | string {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (isOciError(error)) return explain(describeError(error));
      throw error;
    }
  };
}
