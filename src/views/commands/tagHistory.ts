import { l10n } from 'vscode';
import type { Digest, TagPeriod } from '../../oci/index.ts';
import { type Address, nameOf } from '../places.ts';
import type { SeenTags } from '../seenTags.ts';
import { askAddress } from './askAddress.ts';
import { type CompareParts, compareSides, shortName } from './compare.ts';
import { copyDigest } from './copyText.ts';
import { inspect } from './inspect.ts';
import { pickPeriod } from './pickPeriod.ts';
import { tagPeriods } from './tagPeriods.ts';
import { whileLooking } from './whileLooking.ts';

/** What the history of a tag works with. */
export interface HistoryParts extends CompareParts {
  readonly seen: SeenTags;
}

/**
 * Where a tag led, as its registry has kept it or whenever it was seen here; the choice of one compares it with where the
 * tag leads now.
 */
export async function showTagHistory(parts: HistoryParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(l10n.t('Show Tag History'), parts.book, known);
  const tag = address?.tag;
  if (address === undefined || tag === undefined) return;
  const { place, repository } = address;
  const name = nameOf({ place, repository, tag });
  const led = await parts.presenter.attempt('showTagHistory', () =>
    whileLooking(l10n.t('Looking at {0}', name), async (signal) => {
      const store = await place.reader(repository, { signal, refresh: true });
      const { digest } = await store.resolve(tag, { signal });
      return { digest, kept: await keptBy({ place, repository, tag }, signal) };
    }),
  );
  if (led === undefined) return;
  const { digest, kept } = led;
  parts.seen.note(idOf({ ...address, tag }), digest);
  const periods = tagPeriods(kept, parts.seen.history(idOf({ ...address, tag })), digest);
  const picked = await pickPeriod(l10n.t('Where {0} Led', name), periods);
  if (picked === undefined) return;
  const { period, act } = picked;
  if (act === 'copyDigest') return await copyDigest(parts, { place, repository, digest: period.digest });
  if (period.digest === digest) return await inspect(parts, { place, repository, tag });
  await compareWithNow(parts, { place, repository, tag }, period.digest);
}

/** No more than anybody looks through; a tag that is moved with every commit has thousands. */
const MAX_KEPT = 200;

async function keptBy(
  { place: { hosting }, repository, tag }: Address & { readonly tag: NonNullable<Address['tag']> },
  signal: AbortSignal,
): Promise<readonly TagPeriod[]> {
  const kept: TagPeriod[] = [];
  for await (const period of hosting?.tagHistory(repository, tag, { signal }) ?? []) {
    kept.push(period);
    if (kept.length === MAX_KEPT) break;
  }
  return kept;
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
