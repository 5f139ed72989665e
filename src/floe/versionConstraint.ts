import Range from 'semver/classes/range.js';
import semverCompareBuild from 'semver/functions/compare-build.js';
import semverParse from 'semver/functions/parse.js';
import { type CallOptions, OciError, type Tag, type TagLister } from '../oci/index.ts';

/** Picks versions. Made by {@link parseVersionConstraint}. */
export interface VersionConstraint {
  /** The constraint as given. */
  readonly text: string;
  /** Whether the tag is a version that the constraint allows. Pre-releases are allowed only by constraints that name one. */
  allows(tag: string): boolean;
}

/** Node's own grammar takes more; an upper bound keeps a hostile one from costing anything. */
const MAX_LENGTH = 128;
const ACCEPTED = 'v1.2.3, v1.2.*, v1.*, ^1.2.0 or ~1.2.0';

/**
 * Reads `v1.2.3`, `v1.2.*`, `v1.*`, `^1.2.0`, `~1.2.0` and what else npm's ranges have. A `v` makes no difference.
 * https://github.com/npm/node-semver#ranges
 * @throws OciError INVALID_ARGUMENT
 */
export function parseVersionConstraint(text: string): VersionConstraint {
  const range = text.trim() === '' || text.length > MAX_LENGTH ? undefined : rangeOf(text);
  if (!range) {
    throw new OciError('INVALID_ARGUMENT', `not a version constraint: ${JSON.stringify(text)}`, {
      argument: 'version constraint',
      value: text,
      accepted: ACCEPTED,
    });
  }
  return {
    text,
    allows: (tag) => {
      const version = semverParse(tag);
      return version !== null && range.test(version);
    },
  };
}

/** The highest version among the tags that the constraint allows; of two spellings the one without `v` comes first. */
export function highestVersion(tags: Iterable<Tag>, constraint: VersionConstraint): Tag | undefined {
  let highest: Tag | undefined;
  for (const tag of tags) {
    if (constraint.allows(tag) && (highest === undefined || compareVersions(tag, highest) > 0)) highest = tag;
  }
  return highest;
}

/**
 * The highest version that a repository has in a range: all its tags are looked at, page by page, and one is remembered.
 * @throws OciError NOT_FOUND when there is none; what listing the tags throws
 */
export async function highestIn(
  source: TagLister & { readonly name: string },
  range: VersionConstraint,
  options: CallOptions = {},
): Promise<Tag> {
  let highest: Tag | undefined;
  let count = 0;
  for await (const tag of source.tags(options)) {
    count += 1;
    highest = highestVersion(highest === undefined ? [tag] : [highest, tag], range);
  }
  if (highest !== undefined) return highest;
  const what = `a version in the range ${range.text} in ${source.name}, which has ${count} tags`;
  throw new OciError('NOT_FOUND', `no tag in the range ${range.text}`, { kind: 'tag', what });
}

/**
 * Orders tags by version, lowest first; what is no version comes before all versions, by code unit. A `sort` with it does
 * not depend on the order before.
 */
export function compareVersions(a: string, b: string): number {
  const [versionA, versionB] = [semverParse(a), semverParse(b)];
  const byName = a < b ? -1 : a > b ? 1 : 0;
  if (versionA && versionB) return semverCompareBuild(versionA, versionB) || -byName;
  if (versionA || versionB) return versionA ? 1 : -1;
  return byName;
}

function rangeOf(text: string): Range | undefined {
  try {
    return new Range(text);
  } catch {
    return undefined;
  }
}
