import { describe, expect, it } from 'vitest';
import { classifyTag, isProtected, type TagClass, TagPolicy } from '../../src/floe/tagPolicy.ts';
import { isMachineTag } from '../../src/floe/versionTag.ts';

const GOLDEN: Readonly<Record<TagClass, readonly string[]>> = {
  semver: [
    'v1.0.0',
    'v0.1.0',
    '1.0.0',
    'v1.0.0-alpha',
    'v1.0.0-beta.1',
    'v1.0.0+build123',
    '1.0.0-rc.2',
    '1.0.0+20260119',
    '10.20.30',
    'v1.2.3-prod',
    'v1.2.3-prod-rollback-1',
    '2026.04.01',
  ],
  mutable: ['latest', 'latest-dev', 'latest-staging', 'dev', 'dev-feature', 'snapshot', 'snapshot-20260115'],
  other: [
    'main',
    'feature-branch',
    'release-candidate',
    'production',
    'prod',
    '1.0',
    'v1',
    'v1.2',
    '1.0.0.0',
    'v1.0.0.0',
    'release-1.0',
    '',
    'v1.2.3foo',
    'v1.0.0\n',
    '1.0.0-',
    '1.0.0-a..b',
    'V1.0.0',
    'latest2',
    'development',
    'devel',
    'snapshots',
    'my-latest',
    'Latest',
  ],
};

describe('the classifier of tags', () => {
  for (const [expected, tags] of Object.entries(GOLDEN)) {
    it.each(tags)(`takes %j for ${expected}`, (tag) => {
      expect(classifyTag(tag)).toBe(expected);
    });
  }

  it('protects versions and whatever it does not know, and lets mutable tags be moved', () => {
    expect([...GOLDEN.semver, ...GOLDEN.other].filter((tag) => !isProtected(tag))).toEqual([]);
    expect(GOLDEN.mutable.filter(isProtected)).toEqual([]);
  });

  const hex = '0123456789abcdef'.repeat(4);
  it.each([`sha256-${hex}`, `sha512-${hex}`, `sha256-${hex}.sig`, `sha256-${hex}.att`, `sha256-${hex}.sbom`])(
    'exempts %s, which machines rewrite',
    (tag) => {
      expect(isMachineTag(tag)).toBe(true);
      expect(new TagPolicy({ immutable: ['*'], mutable: [] }).isProtected(tag)).toBe(false);
    },
  );

  it.each([`sha256-${hex.slice(1)}`, `sha256-${hex}.tar`, `sha1-${hex}`, 'sha256-notes'])(
    'does not exempt %s',
    (tag) => {
      expect(isMachineTag(tag)).toBe(false);
      expect(isProtected(tag)).toBe(true);
    },
  );
});

describe('configured patterns', () => {
  const policy = new TagPolicy({ immutable: ['release-*'], mutable: ['main', '*-SNAPSHOT', 'release-next'] });

  it('replace the default lists', () => {
    expect(policy.classify('release-1')).toBe('semver');
    expect(policy.classify('main')).toBe('mutable');
    expect(policy.classify('latest')).toBe('other');
  });

  it('never make a version mutable, and immutable wins where both match', () => {
    expect(policy.classify('1.0.0-SNAPSHOT')).toBe('semver');
    expect(policy.classify('release-next')).toBe('semver');
  });

  it.each(['', 'x'.repeat(257)])('that are no globs are refused by the name of the setting: %j', (pattern) => {
    expect(() => new TagPolicy({ immutable: [], mutable: [pattern] })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: expect.objectContaining({ argument: 'floeOci.tags.mutablePatterns' }),
      }),
    );
  });
});
