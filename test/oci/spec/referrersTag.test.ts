import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { isReferrersTag, referrersTagOf } from '../../../src/oci/spec/referrersTag.ts';

describe('the tag of the referrers of a manifest', () => {
  it('is its digest, with a dash', () => {
    const digest = digestOf('x');
    expect(referrersTagOf(digest)).toBe(digest.replace(':', '-'));
  });

  it('has half of a sha512 digest, which would not fit into a tag', () => {
    const digest = digestOf('x', 'sha512');
    expect(referrersTagOf(digest)).toBe(`sha512-${digest.slice('sha512:'.length, 'sha512:'.length + 64)}`);
  });

  it.each(['sha256', 'sha512'] as const)('is known for one, of %s', (algorithm) => {
    expect(isReferrersTag(referrersTagOf(digestOf('x', algorithm)))).toBe(true);
  });

  const tag = `sha256-${'a'.repeat(64)}`;
  it.each([`x${tag}`, `${tag}x`, `${tag}.sig`, tag.slice(1), tag.slice(0, -1), tag.toUpperCase(), 'latest'])(
    'is not %s',
    (other) => {
      expect(isReferrersTag(other)).toBe(false);
    },
  );
});
