import { isDigest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import type { ReferenceRecord } from './referenceRecord.ts';

/** How long to believe that a reference still leads where it did. */
export interface Freshness {
  /** Of tags that may move; default 24. */
  readonly ttlHours: number;
  /** Whether a tag is never moved, as versions are not; default: none. */
  isImmutable(tag: Tag): boolean;
}

/** When a registry was last asked about what. */
type Checked = Pick<ReferenceRecord, 'reference' | 'checkedAt'>;

/** When the registry has to be asked again, in milliseconds since 1970; undefined for never. */
export function expiryOf({ reference, checkedAt }: Checked, freshness: Freshness): number | undefined {
  if (isDigest(reference) || freshness.isImmutable(reference)) return undefined;
  return checkedAt + freshness.ttlHours * 3_600_000;
}

/** A record from the future has expired: a clock was wrong, and nobody knows for how long to believe it. */
export function isExpired(record: Checked, freshness: Freshness, now: number): boolean {
  const expiry = expiryOf(record, freshness);
  return expiry !== undefined && (now >= expiry || record.checkedAt > now);
}
