import { describe, expect, it } from 'vitest';
import { type CleanUpRule, type DatedTag, oldTags } from '../../src/floe/cleanUp.ts';
import { isProtected } from '../../src/floe/tagPolicy.ts';
import { parseTag } from '../../src/oci/index.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 1_000 * DAY;
const all: CleanUpRule = { keep: 0, minAge: 0, matches: () => true };

function aged(tag: string, days?: number): DatedTag {
  return { tag: parseTag(tag), ...(days !== undefined && { time: NOW - days * DAY }) };
}

const old = (tags: readonly DatedTag[], rule: Partial<CleanUpRule>) =>
  oldTags(tags, { ...all, ...rule }, isProtected, NOW).map(({ tag }) => tag);

describe('old tags', () => {
  const tags = [aged('dev-1', 3), aged('dev-2', 2), aged('dev-3', 1)];

  it('are all but the newest, the oldest first', () => {
    expect(old(tags, { keep: 1 })).toEqual(['dev-1', 'dev-2']);
  });

  it('have the age that was asked for', () => {
    expect(old(tags, { minAge: 2 * DAY })).toEqual(['dev-1', 'dev-2']);
  });

  it('are those that match, and others do not count among the newest', () => {
    const matches = (tag: string): boolean => tag !== 'dev-3';
    expect(old(tags, { keep: 1, matches })).toEqual(['dev-1']);
  });

  it('are never those of machines', () => {
    expect(old([aged(`sha256-${'0'.repeat(64)}.sig`, 9)], {})).toEqual([]);
  });

  it('are those of no known age, too', () => {
    expect(old([aged('dev-0'), ...tags], { minAge: 3 * DAY })).toEqual(['dev-0', 'dev-1']);
  });
});

it('only old tags that are neither protected, nor latest, nor of unknown age are spare', () => {
  const tags = [aged('dev-1', 9), aged('latest', 8), aged('1.0.0', 7), aged('prod', 6), aged('dev-2')];
  const spare = oldTags(tags, all, isProtected, NOW).filter(({ isSpare }) => isSpare);
  expect(spare.map(({ tag }) => tag)).toEqual(['dev-1']);
});
