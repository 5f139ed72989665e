import { l10n, type QuickPickItem, window } from 'vscode';
import { createdOf } from '../../floe/artifact.ts';
import { type CleanUpRule, type DatedTag, type OldTag, oldTags } from '../../floe/cleanUp.ts';
import { isMachineTag } from '../../floe/versionTag.ts';
import { inScope, shortDigest, type TagEntry } from '../../oci/index.ts';
import { formatAge } from '../format.ts';
import { type Address, nameOf } from '../places.ts';
import { readManifest } from '../readManifest.ts';
import type { SeenTags } from '../seenTags.ts';
import type { Settings } from '../settings.ts';
import { tagPolicyOf } from '../tagPolicyOf.ts';
import { tagEntries } from '../tree/tagEntries.ts';
import { compileTagFilter } from '../tree/tagView.ts';
import { askRepositoryAddress } from './askAddress.ts';
import type { DeleteParts } from './deleteContent.ts';
import { removeTags } from './removeTags.ts';
import { validateWith } from './validateWith.ts';
import { whileLooking } from './whileLooking.ts';

/** What cleaning up works with. */
export interface CleanUpParts extends Omit<DeleteParts, 'settings'> {
  readonly settings: Pick<Settings, 'concurrency' | 'tagPatterns'>;
  readonly seen: SeenTags;
}

const DAY = 24 * 60 * 60 * 1000;
/** Tags that are looked into where the registry tells no dates, a request each. */
const MAX_LOOKED_INTO = 1_000;
/** A week of pushes a day and some more; nobody looks for an older snapshot. */
const KEEP = 10;
const DAYS = 30;

type Repository = Pick<Address, 'place' | 'repository'>;

/** Deletes old tags of a repository, by a rule that is asked for, after the user has seen and chosen from all that would go. */
export async function cleanUpTags(parts: CleanUpParts, known?: Partial<Address>): Promise<void> {
  const address = await askRepositoryAddress(l10n.t('Clean Up Tags'), parts.book, known);
  if (address === undefined) return;
  const title = l10n.t('Clean Up the Tags of {0}', nameOf(address));
  const rule = await askRule(title);
  if (rule === undefined) return;
  const tags = await parts.presenter.attempt('cleanUpTags', () =>
    whileLooking(l10n.t('Looking for old tags of {0}', nameOf(address)), (signal) =>
      datedTags(parts, address, rule, signal),
    ),
  );
  if (tags === undefined) return;
  const policy = tagPolicyOf(parts.settings);
  const old = oldTags(tags, rule, (tag) => policy.isProtected(tag), Date.now());
  if (old.length === 0)
    return void window.showInformationMessage(l10n.t('No tag of {0} is that old.', nameOf(address)));
  const chosen = await choose(title, old, (tag) => policy.isProtected(tag));
  if (chosen === undefined || chosen.length === 0) return;
  await removeTags(parts, [{ ...address, tags: chosen.map(({ tag }) => tag) }]);
}

async function askRule(title: string): Promise<CleanUpRule | undefined> {
  const filter = await window.showInputBox({
    title,
    prompt: l10n.t('Which tags: a part of them, or a glob'),
    placeHolder: l10n.t('dev*, or snapshot'),
    value: '*',
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => compileTagFilter(typed)),
  });
  if (filter === undefined) return undefined;
  const keep = await askNumber(title, l10n.t('How many of the newest stay'), KEEP);
  if (keep === undefined) return undefined;
  const days = await askNumber(title, l10n.t('How many days old the others have to be'), DAYS);
  return days === undefined ? undefined : { keep, minAge: days * DAY, matches: compileTagFilter(filter) };
}

async function askNumber(title: string, prompt: string, value: number): Promise<number | undefined> {
  const isNumber = (text: string): boolean => /^\d{1,6}$/.test(text.trim());
  const text = await window.showInputBox({
    title,
    prompt,
    value: String(value),
    ignoreFocusOut: true,
    validateInput: (typed) => (isNumber(typed) ? undefined : l10n.t('A whole number, 0 or more')),
  });
  return text !== undefined && isNumber(text) ? Number(text) : undefined;
}

/** What the registry tells, else the artifact, else we by having seen it. */
async function datedTags(
  { settings: { concurrency }, seen }: CleanUpParts,
  { place, repository }: Repository,
  { matches }: CleanUpRule,
  signal: AbortSignal,
): Promise<readonly DatedTag[]> {
  const entries = (await Array.fromAsync(tagEntries(place, repository, { signal }))).filter(
    ({ name }) => !isMachineTag(name) && matches(name),
  );
  const store = await place.reader(repository, { signal });
  const look = async (entry: TagEntry, at: number, inner: AbortSignal): Promise<DatedTag> => {
    let { digest } = entry;
    let time = timeOf(entry.pushedAt ?? entry.createdAt);
    if ((time === undefined || digest === undefined) && at < MAX_LOOKED_INTO) {
      try {
        const { manifest, descriptor } = await readManifest(store, entry.name, { signal: inner });
        digest = descriptor.digest;
        time ??= timeOf(createdOf(manifest) ?? undefined);
      } catch (error) {
        if (inner.aborted) throw error;
      }
    }
    time ??= seen
      .history(`${place.id}|${repository}|${entry.name}`)
      .find((sighting) => sighting.digest === digest)?.from;
    return { tag: entry.name, ...(digest !== undefined && { digest }), ...(time !== undefined && { time }) };
  };
  return await inScope({ signal, concurrency }, ({ run, all, signal: inner }) =>
    all(entries.map((entry, at) => run(() => look(entry, at, inner)))),
  );
}

function timeOf(text: string | undefined): number | undefined {
  return Date.parse(text ?? '') || undefined;
}

/** All that is old; what nobody needs to think about is chosen already. */
async function choose(
  title: string,
  old: readonly OldTag[],
  isProtected: (tag: OldTag['tag']) => boolean,
): Promise<readonly OldTag[] | undefined> {
  const items = old.map((entry): QuickPickItem & { readonly entry: OldTag } => {
    const { tag, digest, time, isSpare } = entry;
    const facts = [
      ...(digest === undefined ? [] : [shortDigest(digest)]),
      time === undefined ? l10n.t('age not known') : (formatAge(new Date(time).toISOString()) ?? ''),
      ...(isProtected(tag) ? [l10n.t('protected')] : []),
    ];
    return { label: tag, description: facts.join(' · '), picked: isSpare, entry };
  });
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder: l10n.t('Choose what goes; protected tags are not chosen'),
    canPickMany: true,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return picked?.map(({ entry }) => entry);
}
