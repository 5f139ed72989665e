import type { Digest } from '../spec/digest.ts';
import { isDigest } from '../spec/digest.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import { nameOf } from './cacheKey.ts';
import { expiryOf, type Freshness, isExpired } from './freshness.ts';
import type { Survey } from './survey.ts';

/** What a cache holds, in numbers. */
export interface CacheStatus {
  readonly path: string;
  /** Bytes of content and records, each file once. */
  readonly totalSizeBytes: number;
  /** References. */
  readonly entries: number;
  /** Those of them for which the registry will be asked again. */
  readonly expired: number;
  readonly maxSizeBytes: number;
}

/** A reference that is cached. Times are milliseconds since 1970. */
export interface CachedReference {
  readonly registry: string;
  readonly repository: RepositoryName;
  /** Null when it is cached by its digest. */
  readonly tag: Tag | null;
  readonly digest: Digest;
  /** Bytes of what is there of it, including what it shares with others. */
  readonly size: number;
  /** When it was first seen to lead there, and last. */
  readonly fetchedAt: number;
  readonly checkedAt: number;
  readonly usedAt: number;
  /** When the registry will be asked again; null for never. */
  readonly expiresAt: number | null;
  readonly expired: boolean;
}

/** Sums up what a look at the cache has found. `freshness` decides what counts as expired. */
export function statusOf(
  { entries, totalSize }: Survey,
  freshness: Freshness,
  now: number,
): Pick<CacheStatus, 'totalSizeBytes' | 'entries' | 'expired'> {
  const expired = entries.filter(({ record }) => isExpired(record, freshness, now)).length;
  return { totalSizeBytes: totalSize, entries: entries.length, expired };
}

/** In the order of their names. */
export function listCache({ entries }: Survey, freshness: Freshness, now: number): readonly CachedReference[] {
  return entries
    .map(({ record, size, usedAt }) => ({ name: nameOf(record), record, size, usedAt }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ record, size, usedAt }) => {
      const { registry, repository, reference, descriptor, fetchedAt, checkedAt } = record;
      return {
        registry,
        repository,
        tag: isDigest(reference) ? null : reference,
        digest: descriptor.digest,
        size,
        fetchedAt,
        checkedAt,
        usedAt,
        expiresAt: expiryOf(record, freshness) ?? null,
        expired: isExpired(record, freshness, now),
      };
    });
}
