import type { Digest, Tag } from '../oci/index.ts';
import { isMachineTag } from './versionTag.ts';

/** A tag as far as it matters whether it is old. */
export interface DatedTag {
  readonly tag: Tag;
  readonly digest?: Digest;
  /** When what it names was made or pushed, milliseconds since 1970; absent when nobody tells. */
  readonly time?: number;
}

/** Which tags are old. All of it must be so. */
export interface CleanUpRule {
  /** So many that match stay, the newest. */
  readonly keep: number;
  /** Milliseconds. */
  readonly minAge: number;
  readonly matches: (tag: Tag) => boolean;
}

/** A tag that the rule says is old. */
export interface OldTag extends DatedTag {
  /** It may go without a second thought: no push is kept from moving it, its age is known, and it is not `latest`. */
  readonly isSpare: boolean;
}

/**
 * The tags that a rule says are old, the oldest first. Tags of machines are never among them: they go with their subject. A
 * tag whose age is not known counts as old, and as one that somebody has to decide about.
 */
export function oldTags(
  tags: readonly DatedTag[],
  { keep, minAge, matches }: CleanUpRule,
  isProtected: (tag: Tag) => boolean,
  now: number,
): readonly OldTag[] {
  const matching = tags.filter(({ tag }) => !isMachineTag(tag) && matches(tag));
  const newestFirst = matching.toSorted((one, other) => (other.time ?? 0) - (one.time ?? 0));
  return newestFirst
    .slice(keep)
    .filter(({ time }) => time === undefined || now - time >= minAge)
    .map((entry) => ({
      ...entry,
      isSpare: entry.time !== undefined && entry.tag !== 'latest' && !isProtected(entry.tag),
    }))
    .toReversed();
}
