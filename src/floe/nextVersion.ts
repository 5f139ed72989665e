import semverInc from 'semver/functions/inc.js';
import semverParse from 'semver/functions/parse.js';
import { isTag, type Tag } from '../oci/index.ts';
import { compareVersions } from './versionConstraint.ts';

/**
 * The tag for a product's next push: its own version while that is free, else one patch above the highest that is there,
 * spelled with or without `v` as the highest is. Undefined when the version makes no tag.
 */
export function nextVersionTag(existing: Iterable<Tag>, productVersion: string): Tag | undefined {
  const versions = [...existing].filter((tag) => semverParse(tag) !== null).sort(compareVersions);
  const highest = versions.at(-1);
  const spelled = (version: string): string => {
    const bare = version.replace(/^v/, '');
    return highest === undefined ? version : highest.startsWith('v') ? `v${bare}` : bare;
  };
  const own = semverParse(productVersion);
  if (own === null) return isTag(productVersion) ? productVersion : undefined;
  const isTaken = versions.some((tag) => semverParse(tag)?.compare(own) === 0);
  const bumped = isTaken && highest !== undefined ? semverInc(highest, 'patch') : null;
  const proposed = spelled(bumped ?? productVersion);
  return isTag(proposed) ? proposed : undefined;
}
