import { describe, expect, it } from 'vitest';
import { nextVersionTag } from '../../src/floe/nextVersion.ts';
import { parseTag } from '../../src/oci/index.ts';

describe('the tag that is proposed for a push', () => {
  it.each([
    ['1.2.0', [], '1.2.0'],
    ['v1.2.0', [], 'v1.2.0'],
    ['1.2.0', ['v1.1.0', 'latest'], 'v1.2.0'],
    ['v1.2.0', ['1.1.0'], '1.2.0'],
    ['1.2.0', ['1.2.0', 'main'], '1.2.1'],
    ['1.2.0', ['v1.2.0', 'v1.10.3'], 'v1.10.4'],
    ['1.2.0', ['1.2.0', '1.3.0-rc.1'], '1.3.0'],
    ['2026.04', ['1.0.0'], '2026.04'],
  ])('of %s with %j is %s', (version, tags, expected) => {
    expect(nextVersionTag(tags.map(parseTag), version)).toBe(expected);
  });

  it.each(['1.2.0+build', 'a b', ''])('is none for %j, which no tag can be', (version) => {
    expect(nextVersionTag([], version)).toBeUndefined();
  });
});
