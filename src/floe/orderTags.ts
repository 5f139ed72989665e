import semverCompareBuild from 'semver/functions/compare-build.js';
import semverParse from 'semver/functions/parse.js';
import type { Tag } from '../oci/index.ts';

/** By code unit. */
export function compareTagNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Tags in an order that does not depend on the one they came in. `name`: by code unit. `version`: the highest first, then
 * what is no version by name. Each is parsed once, so that ten thousand take some milliseconds.
 */
export function orderTags(tags: Iterable<Tag>, order: 'name' | 'version'): Tag[] {
  if (order === 'name') return [...tags].sort(compareTagNames);
  const parsed = [...tags].map((tag) => ({ tag, version: semverParse(tag) }));
  parsed.sort((a, b) => {
    const byName = compareTagNames(a.tag, b.tag);
    if (a.version && b.version) return semverCompareBuild(b.version, a.version) || byName;
    return a.version || b.version ? (a.version ? -1 : 1) : byName;
  });
  return parsed.map(({ tag }) => tag);
}
