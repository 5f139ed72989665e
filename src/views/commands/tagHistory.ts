import { l10n, type QuickPickItem, window } from 'vscode';
import { type Digest, shortDigest } from '../../oci/index.ts';
import { formatAge } from '../format.ts';
import { type Address, nameOf } from '../places.ts';
import type { SeenTags, Sighting } from '../seenTags.ts';
import { askAddress } from './askAddress.ts';
import { type CompareParts, compareSides, shortName } from './compare.ts';
import { inspect } from './inspect.ts';
import { whileLooking } from './whileLooking.ts';

/** What the history of a tag works with. */
export interface HistoryParts extends CompareParts {
  readonly seen: SeenTags;
}

/** Where a tag led whenever it was seen here; the choice of one compares it with where the tag leads now. */
export async function showTagHistory(parts: HistoryParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(l10n.t('Show Tag History'), parts.book, known);
  const tag = address?.tag;
  if (address === undefined || tag === undefined) return;
  const { place, repository } = address;
  const name = nameOf({ place, repository, tag });
  const digest = await parts.presenter.attempt('showTagHistory', () =>
    whileLooking(l10n.t('Looking at {0}', name), async (signal) => {
      const store = await place.reader(repository, { signal, refresh: true });
      return (await store.resolve(tag, { signal })).digest;
    }),
  );
  if (digest === undefined) return;
  parts.seen.note(idOf({ ...address, tag }), digest);
  const items = parts.seen.history(idOf({ ...address, tag })).map(itemOf);
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Where {0} Led', name),
    placeHolder: l10n.t('As seen from here. Choose one to compare it with now'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined) return;
  if (picked.digest === digest) return await inspect(parts, { place, repository, tag });
  await compareWithNow(parts, { place, repository, tag }, picked.digest);
}

/** Compares where a tag led before it moved with where it leads now. */
export async function compareWithEarlier(parts: HistoryParts, known?: Address): Promise<void> {
  if (known?.tag === undefined) return await showTagHistory(parts, known);
  const { place, repository, tag } = known;
  const before = parts.seen.movedFrom(idOf({ place, repository, tag }));
  if (before === undefined) return await showTagHistory(parts, known);
  await compareWithNow(parts, { place, repository, tag }, before.digest);
}

async function compareWithNow(
  parts: HistoryParts,
  { place, repository, tag }: Address & { readonly tag: NonNullable<Address['tag']> },
  digest: Digest,
): Promise<void> {
  const now: Address = { place, repository, tag };
  const before: Address = { place, repository, digest };
  await compareSides(parts, { address: before, name: shortName(before) }, { address: now, name: shortName(now) });
}

/** As the row of the tag is called. */
function idOf({ place, repository, tag }: Address): string {
  return `${place.id}|${repository}|${tag}`;
}

function itemOf({ digest, from, until }: Sighting, at: number): QuickPickItem & { readonly digest: Digest } {
  const age = (time: number): string => formatAge(new Date(time).toISOString()) ?? '';
  const when = at === 0 ? l10n.t('now') : l10n.t('last seen {0}', age(until));
  return {
    label: shortDigest(digest),
    description: when,
    detail: l10n.t('{0}, first seen {1}', digest, age(from)),
    digest,
  };
}
