import { describe, expect, it } from 'vitest';
import type { CopiedArtifact } from '../../src/floe/copyArtifact.ts';
import { blobsOf, countMoved, movedText } from '../../src/floe/copySummary.ts';
import type { CopiedBlob, WriteOutcome } from '../../src/oci/index.ts';
import { artifact, blob } from '../support/artifacts.ts';

const { descriptor } = artifact(1).root;
const copied = (...blobs: readonly CopiedBlob[]): CopiedArtifact => ({
  descriptor,
  outcome: 'copied',
  blobs,
  referrers: [],
});
const [one, other] = [blob('one').descriptor, blob('other').descriptor];
const came = (of: CopiedBlob['descriptor'], outcome: WriteOutcome): CopiedBlob => ({ descriptor: of, outcome });

describe('the summary of copies', () => {
  it('has a blob that two artifacts share once, as the one that moved it', () => {
    const copies = [copied(came(one, 'existed')), copied(came(one, 'written')), copied(came(one, 'existed'))];
    expect(blobsOf(copies)).toEqual([came(one, 'written')]);
  });

  it('has the blobs of referrers too', () => {
    const referrer = {
      ...copied(came(other, 'written')),
      changed: true,
      outcome: 'written',
      subject: one.digest,
    } as const;
    expect(blobsOf([{ ...copied(came(one, 'written')), referrers: [referrer] }])).toEqual([
      came(one, 'written'),
      came(other, 'written'),
    ]);
  });

  it('counts what was moved, and what the destination took from elsewhere', () => {
    const blobs = [came(one, 'written'), came(other, 'mounted'), came(other, 'linked'), came(other, 'existed')];
    expect(countMoved(blobs)).toEqual({ moved: 1, bytes: one.size, linked: 2 });
    expect(movedText(blobs)).toBe('1 of 4 blobs, 3 B; 2 mounted');
    expect(movedText([came(one, 'existed')])).toBe('0 of 1 blobs, 0 B');
  });
});
