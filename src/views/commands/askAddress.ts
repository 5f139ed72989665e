import { l10n } from 'vscode';
import { parseVersionConstraint, type VersionConstraint } from '../../floe/versionConstraint.ts';
import {
  isOciError,
  isTag,
  parseRepositoryName,
  parseTag,
  type Reference,
  type RepositoryName,
  type Tag,
} from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { addressOfReference } from '../operations/addressOfReference.ts';
import type { Address, PartialAddress, Place } from '../places.ts';
import { Pager } from '../tree/pager.ts';
import { repositoriesInProjects } from '../tree/repositoryLevel.ts';
import { ListedTags } from './listedTags.ts';
import { type Choice, pickOrType } from './pickOrType.ts';
import { meaning, type Naming, typedReference } from './typedReference.ts';

/** More are found by typing. */
const LISTED = 200;

/** Asks for a place, or for all at once: a typed reference names the repository too, and what `naming` lets it. */
export async function askPlace(title: string, book: AddressBook, naming: Naming): Promise<PartialAddress | undefined> {
  const answer = await pickOrType<Place | Reference | 'connect'>({
    title,
    placeholder:
      naming === 'repository'
        ? l10n.t('Choose where, or type a repository such as oci://ghcr.io/team/product')
        : l10n.t('Choose where, or type a reference such as oci://ghcr.io/team/product:1.2.0'),
    choices: async () => [
      ...book.places().map((place) => ({
        label: place.label,
        ...(place.kind === 'local' ? { description: l10n.t('on this machine, no server needed') } : {}),
        value: place,
      })),
      { label: `$(plug) ${l10n.t('Connect a Registry…')}`, value: 'connect', alwaysShow: true },
    ],
    typed: (text) => typedReference(text, naming),
  });
  if (answer === undefined) return undefined;
  if (answer === 'connect') return asAddress(await book.connect());
  if ('id' in answer) return asAddress(answer);
  return await addressOfReference(book, answer);
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
    placeholder: l10n.t('Choose a repository, or type its name, such as team/product'),
    choices: async () => {
      const listed = await firstOf(place.repositories(), LISTED)
        .catch(() => firstOf(repositoriesInProjects(place), LISTED))
        .catch(() => []);
      const names = [...new Set([...place.pinned, ...listed])].sort();
      const known = names.map((name) => ({ label: name, value: name }));
      if (proposed === undefined || names.includes(proposed)) return first(known, proposed);
      return [{ label: proposed, description: l10n.t('new'), value: proposed }, ...known];
    },
    typed: meaning((text) => ({ label: text, description: l10n.t('this name'), value: parseRepositoryName(text) })),
  });
}

/** Asks for a tag that exists, or a range of versions; or, with `propose`, for a tag that may be new. */
export async function askTag(
  title: string,
  place: Place,
  repository: RepositoryName,
  propose?: ProposeTag,
): Promise<Tag | undefined> {
  const listed = new ListedTags();
  const exact = meaning((text) => ({ label: text, description: l10n.t('this tag'), value: parseTag(text) }));
  const choicesOf = (tags: readonly Tag[]): readonly Choice<Tag>[] => {
    const known = tags.map((tag) => ({ label: tag, value: tag }));
    const proposed = propose?.(tags);
    if (proposed === undefined || tags.includes(proposed)) return first(known, proposed);
    return [{ label: proposed, description: l10n.t('new'), value: proposed }, ...known];
  };
  return await pickOrType<Tag>({
    title,
    placeholder:
      propose === undefined
        ? l10n.t('Choose a tag, or type it, or a range such as ^1.2.0 or v1.*')
        : l10n.t('Type a tag, or choose one that exists'),
    choices: async (soFar) => {
      // A repository that is not there yet has no tags.
      const reading = place
        .reader(repository)
        .then((reader) =>
          listed.read(reader.tags(), () => soFar(listed.tags.map((tag) => ({ label: tag, value: tag })))),
        );
      await reading.catch(() => {});
      return choicesOf(listed.tags);
    },
    typed: (text) => (propose === undefined && !isTag(text) ? (highestIn(text, listed) ?? exact(text)) : exact(text)),
  });
}

/** What to call something, given the tags that are there. */
export type ProposeTag = (existing: readonly Tag[]) => Tag;

/** What a range of versions stands for; undefined where it is none. */
function highestIn(text: string, listed: ListedTags): Choice<Tag> | string | undefined {
  const range = readRange(text);
  if (range === undefined) return undefined;
  const highest = listed.highestIn(range);
  return 'reason' in highest ? highest.reason : { label: highest.tag, description: text, value: highest.tag };
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
  const start = known?.place === undefined ? await askPlace(title, book, 'content') : { ...known, place: known.place };
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
  const start =
    known?.place === undefined ? await askPlace(title, book, 'repository') : { ...known, place: known.place };
  if (start === undefined) return undefined;
  const repository = start.repository ?? (await askRepository(title, start.place));
  return repository && { place: start.place, repository };
}

function first<T>(choices: readonly Choice<T>[], proposed: T | undefined): readonly Choice<T>[] {
  return [...choices].sort((one, other) => Number(other.value === proposed) - Number(one.value === proposed));
}

async function firstOf<T>(listing: AsyncIterable<T>, count: number): Promise<readonly T[]> {
  const pager = new Pager(listing);
  await pager.take(count);
  return pager.items;
}
