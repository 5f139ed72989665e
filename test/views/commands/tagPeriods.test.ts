import { describe, expect, it } from 'vitest';
import { periodText, tagPeriods } from '../../../src/views/commands/tagPeriods.ts';
import { artifact } from '../../support/artifacts.ts';

const [one, two, three] = [1, 2, 3].map((seed) => artifact(seed).root.descriptor.digest) as [never, never, never];
const day = 86_400_000;

describe('the history of a tag', () => {
  it('is what the registry has kept, the last first, with what was seen here besides', () => {
    const kept = [
      { digest: three, from: '2026-03-01T00:00:00Z' },
      { digest: two, from: '2026-02-01T00:00:00Z', until: '2026-03-01T00:00:00Z' },
    ];
    const seen = [
      { digest: three, from: Date.parse('2026-03-02T00:00:00Z'), until: Date.parse('2026-03-03T00:00:00Z') },
      { digest: one, from: Date.parse('2026-01-02T00:00:00Z'), until: Date.parse('2026-01-03T00:00:00Z') },
    ];
    expect(tagPeriods(kept, seen, three)).toEqual([
      { digest: three, from: Date.parse('2026-03-01T00:00:00Z'), until: undefined, by: 'registry' },
      {
        digest: two,
        from: Date.parse('2026-02-01T00:00:00Z'),
        until: Date.parse('2026-03-01T00:00:00Z'),
        by: 'registry',
      },
      { digest: one, from: Date.parse('2026-01-02T00:00:00Z'), until: Date.parse('2026-01-03T00:00:00Z'), by: 'here' },
    ]);
  });

  it('is what was seen here where the registry keeps none', () => {
    const seen = [
      { digest: two, from: 2 * day, until: 3 * day },
      { digest: one, from: day, until: 2 * day },
    ];
    expect(tagPeriods([], seen, two).map(({ digest, until }) => [digest, until])).toEqual([
      [two, undefined],
      [one, 2 * day],
    ]);
  });

  it('counts a tag that expires later as leading there', () => {
    const until = new Date(Date.now() + day).toISOString();
    expect(tagPeriods([{ digest: one, from: '2026-01-01T00:00:00Z', until }], [], one)[0]?.until).toBeUndefined();
  });

  it('comes back to a digest as often as the tag did', () => {
    const kept = [
      { digest: one, from: '2026-03-01T00:00:00Z' },
      { digest: two, from: '2026-02-01T00:00:00Z', until: '2026-03-01T00:00:00Z' },
      { digest: one, from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' },
    ];
    expect(tagPeriods(kept, [], one).map(({ digest }) => digest)).toEqual([one, two, one]);
  });
});

describe('a period of a tag', () => {
  it('says when, and who knows it', () => {
    const from = Date.parse('2026-06-15T12:00:00Z');
    expect(periodText({ digest: one, from, until: undefined, by: 'registry' })).toMatchObject({
      description: 'now',
      detail: expect.stringMatching(/^sha256:\w+, since Jun 1[456], 2026, .*, says the registry$/),
    });
    expect(periodText({ digest: one, from, until: from + day, by: 'registry' }).description).toMatch(/^until /);
    expect(periodText({ digest: one, from, until: from + day, by: 'here' }).description).toMatch(/^last seen /);
  });
});
