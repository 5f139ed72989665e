import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { referrersTagOf } from '../../../src/oci/spec/referrersTag.ts';

describe('the tag of the referrers of a manifest', () => {
  it('is its digest, with a dash', () => {
    const digest = digestOf('x');
    expect(referrersTagOf(digest)).toBe(digest.replace(':', '-'));
  });

  it('has half of a sha512 digest, which would not fit into a tag', () => {
    const digest = digestOf('x', 'sha512');
    expect(referrersTagOf(digest)).toBe(`sha512-${digest.slice('sha512:'.length, 'sha512:'.length + 64)}`);
  });
});
