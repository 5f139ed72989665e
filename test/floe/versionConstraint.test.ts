import { describe, expect, it } from 'vitest';
import { compareVersions, highestVersion, parseVersionConstraint } from '../../src/floe/versionConstraint.ts';
import { parseTag } from '../../src/oci/index.ts';

const TAGS = [
  'latest',
  'v1.2.0',
  'v1.2.10',
  'v1.2.9',
  'v1.3.0',
  'v1.3.1-rc.1',
  '2.0.0',
  'v2.0.0',
  'v2.1.0-beta',
  'v1',
].map(parseTag);

describe('a version constraint', () => {
  it.each([
    ['v1.2.9', 'v1.2.9'],
    ['1.2.9', 'v1.2.9'],
    ['v1.2.*', 'v1.2.10'],
    ['1.2.x', 'v1.2.10'],
    ['v1.*', 'v1.3.0'],
    ['*', '2.0.0'],
    ['^1.2.0', 'v1.3.0'],
    ['^v1.2.0', 'v1.3.0'],
    ['~1.2.0', 'v1.2.10'],
    ['~v1.2.0', 'v1.2.10'],
    ['>=1.2.0 <1.3.0', 'v1.2.10'],
    ['^1.3.1-rc.0', 'v1.3.1-rc.1'],
    ['v3.*', undefined],
  ])('%s picks %s', (text, tag) => {
    expect(highestVersion(TAGS, parseVersionConstraint(text))).toBe(tag);
    expect(highestVersion(TAGS.toReversed(), parseVersionConstraint(text))).toBe(tag);
  });

  it.each(['', ' ', 'latest', 'v1.2.3.4', '^', 'not a version', '>'.repeat(500)])(
    'is refused when it is %j',
    (text) => {
      expect(() => parseVersionConstraint(text)).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          details: { argument: 'version constraint', value: text, accepted: expect.stringContaining('v1.2.*') },
        }),
      );
    },
  );
});

describe('the order of versions', () => {
  it('puts what is no version first, and a version without v above its twin', () => {
    expect(TAGS.toSorted(compareVersions)).toEqual([
      'latest',
      'v1',
      'v1.2.0',
      'v1.2.9',
      'v1.2.10',
      'v1.3.0',
      'v1.3.1-rc.1',
      'v2.0.0',
      '2.0.0',
      'v2.1.0-beta',
    ]);
  });
});
