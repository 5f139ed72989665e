import { env, l10n } from 'vscode';
import { type Digest, shortDigest, type TagPeriod } from '../../oci/index.ts';
import { formatAge } from '../format.ts';
import type { Sighting } from '../seenTags.ts';

/** What a tag led to for a time, as its registry has kept it or as it was seen from here. Times are milliseconds since 1970. */
export interface KnownPeriod {
  readonly digest: Digest;
  readonly from: number;
  /** Undefined while the tag leads there. */
  readonly until: number | undefined;
  readonly by: 'registry' | 'here';
}

/** Where a tag led, the last first. What a registry has kept is exact; what was seen here only adds what it does not know. */
export function tagPeriods(kept: readonly TagPeriod[], seen: readonly Sighting[], now: Digest): readonly KnownPeriod[] {
  const known = new Set(kept.map(({ digest }) => digest));
  const periods = [
    ...kept.map(({ digest, from, until }): KnownPeriod => {
      const end = until === undefined || Date.parse(until) > Date.now() ? undefined : Date.parse(until);
      return { digest, from: Date.parse(from), until: end, by: 'registry' };
    }),
    ...seen
      .filter(({ digest }) => !known.has(digest))
      .map(({ digest, from, until }): KnownPeriod => {
        return { digest, from, until: digest === now ? undefined : until, by: 'here' };
      }),
  ];
  const isNow = ({ digest, until }: KnownPeriod): number => Number(until === undefined && digest === now);
  return periods.sort((one, other) => isNow(other) - isNow(one) || other.from - one.from);
}

/** A period for people: the digest, when that was, and who says so. */
export function periodText({
  digest,
  from,
  until,
  by,
}: KnownPeriod): Readonly<Record<'label' | 'description' | 'detail', string>> {
  const label = shortDigest(digest);
  const description = until === undefined ? l10n.t('now') : untilText(until, by);
  return { label, description, detail: detailText({ digest, from, until, by }) };
}

function untilText(until: number, by: KnownPeriod['by']): string {
  const age = formatAge(new Date(until).toISOString()) ?? '';
  return by === 'registry' ? l10n.t('until {0}', age) : l10n.t('last seen {0}', age);
}

function detailText({ digest, from, until, by }: KnownPeriod): string {
  if (by === 'here') return l10n.t('{0}, first seen {1}', digest, formatAge(new Date(from).toISOString()) ?? '');
  return until === undefined
    ? l10n.t('{0}, since {1}, says the registry', digest, timeText(from))
    : l10n.t('{0}, from {1} to {2}, says the registry', digest, timeText(from), timeText(until));
}

function timeText(time: number): string {
  return new Date(time).toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
}
