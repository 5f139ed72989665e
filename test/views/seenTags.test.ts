import { beforeEach, describe, expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { digestOf } from '../../src/oci/index.ts';
import { SeenTags } from '../../src/views/seenTags.ts';

const digest = (text: string) => digestOf(new TextEncoder().encode(text));

let kept: Map<string, unknown>;
let now: number;
const state: Pick<Memento, 'get' | 'update'> = {
  get: (key: string) => kept.get(key) as never,
  update: async (key, value) => void kept.set(key, value),
};
const warnings: string[] = [];
const open = (kept = state): SeenTags => new SeenTags(kept, { warn: (event) => void warnings.push(event) }, () => now);
beforeEach(() => {
  kept = new Map();
  now = 1_000;
});

/** As in one window after the other. */
function reopened(seen: SeenTags): SeenTags {
  seen.dispose();
  return open();
}

describe('a tag that was seen', () => {
  it('has not moved when it leads where it led', () => {
    const seen = open();
    seen.note('a', digest('1'));
    const later = reopened(seen);
    later.note('a', digest('1'));
    expect(later.movedFrom('a')).toBeUndefined();
    expect(later.history('a')).toMatchObject([{ digest: digest('1') }]);
  });

  it('has moved when it leads elsewhere, in that window', () => {
    const seen = open();
    seen.note('a', digest('1'));
    now = 5_000;
    const later = reopened(seen);
    later.note('a', digest('2'));
    expect(later.movedFrom('a')).toEqual({ digest: digest('1'), from: 1_000, until: 1_000 });
    expect(later.history('a').map((each) => each.digest)).toEqual([digest('2'), digest('1')]);
    const last = reopened(later);
    last.note('a', digest('2'));
    expect(last.movedFrom('a')).toBeUndefined();
  });

  it('is remembered with its last five digests', () => {
    const seen = open();
    for (const text of ['1', '2', '3', '4', '5', '6', '7']) seen.note('a', digest(text));
    expect(seen.history('a').map((each) => each.digest)).toEqual(['7', '6', '5', '4', '3'].map(digest));
  });

  it('is forgotten after a thousand others', () => {
    const seen = open();
    for (let at = 0; at <= 1_000; at += 1) seen.note(String(at), digest('1'));
    expect([seen.history('0'), seen.history('1').length]).toEqual([[], 1]);
    seen.dispose();
  });
});

it('a tag seen again in another window outlives those seen before it', async () => {
  const first = open();
  for (let at = 0; at < 1_000; at += 1) first.note(String(at), digest('1'));
  await first.settled();
  const later = open();
  later.note('0', digest('1'));
  later.note('new', digest('1'));
  await later.settled();
  const last = open();
  expect([last.history('0').length, last.history('1').length, last.history('new').length]).toEqual([1, 0, 1]);
});

it('what cannot be kept is in the log, and fails nothing', async () => {
  const seen = open({ ...state, update: () => Promise.reject(new Error('the disk is full')) });
  seen.note('a', digest('1'));
  await seen.settled();
  expect(warnings).toEqual(['state_not_kept']);
  expect(seen.history('a')).toHaveLength(1);
});

it('what somebody else has written into the state is no memory', () => {
  kept.set('floeOci.seenTags.v1', { a: [{ digest: 'no digest', from: 1, until: 1 }] });
  expect(open().history('a')).toEqual([]);
});
