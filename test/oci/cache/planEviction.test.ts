import { describe, expect, it } from 'vitest';
import { planEviction, planRemoval } from '../../../src/oci/cache/eviction.ts';
import type { Survey, SurveyedBlob, SurveyedEntry } from '../../../src/oci/cache/survey.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { artifact, tagOf } from '../../support/artifacts.ts';

const RECORD = 10;

const blobOf = (name: string, size: number, usedAt = 0): SurveyedBlob => ({ digest: digestOf(name), size, usedAt });

function entryOf(name: string, usedAt: number, ...blobs: readonly SurveyedBlob[]): SurveyedEntry {
  const { descriptor } = artifact(1).root;
  const place = { registry: 'r.example', repository: parseRepositoryName('team/product'), reference: tagOf(name) };
  const record = { ...place, descriptor, fetchedAt: 0, checkedAt: 0 };
  return { record, usedAt, recordSize: RECORD, blobs, size: RECORD + blobs.reduce((sum, { size }) => sum + size, 0) };
}

function surveyOf(entries: readonly SurveyedEntry[], loose: readonly SurveyedBlob[] = []): Survey {
  const all = new Set([...entries.flatMap(({ blobs }) => blobs), ...loose]);
  const blobs = new Map([...all].map((blob) => [blob.digest, blob]));
  const totalSize = RECORD * entries.length + [...all].reduce((sum, { size }) => sum + size, 0);
  return { entries, blobs, loose, invalidRecords: [], totalSize };
}

const nothingHeld = { isHeld: () => false };
const namesOf = (entries: readonly SurveyedEntry[]) => entries.map(({ record }) => record.reference);

describe('what goes to make room', () => {
  const [one, two, three] = [blobOf('1', 100), blobOf('2', 100), blobOf('3', 100)];
  const survey = surveyOf([entryOf('c', 3, three), entryOf('a', 1, one), entryOf('b', 2, two)]);

  it('is what was used least recently, with its record, until no more is left than may be', () => {
    const plan = planEviction(survey, { maxSize: 220, wantedSize: 220, ...nothingHeld });
    expect(namesOf(plan.entries)).toEqual(['a']);
    expect(plan).toMatchObject({ blobs: [one], freed: 110 });
    const more = planEviction(survey, { maxSize: 219, wantedSize: 219, ...nothingHeld });
    expect(namesOf(more.entries)).toEqual(['a', 'b']);
    expect(more.freed).toBe(220);
  });

  it('is nothing where all fits', () => {
    const plan = planEviction(survey, { maxSize: 330, wantedSize: 330, ...nothingHeld });
    expect(plan).toEqual({ entries: [], blobs: [], freed: 0 });
  });

  it('is a little more where it costs nothing large', () => {
    const plan = planEviction(survey, { maxSize: 220, wantedSize: 110, ...nothingHeld });
    expect(namesOf(plan.entries)).toEqual(['a', 'b']);
    const dear = planEviction(survey, { maxSize: 220, wantedSize: 111, ...nothingHeld });
    expect(namesOf(dear.entries)).toEqual(['a']);
  });

  it('is enough, however large what has to go', () => {
    const large = surveyOf([entryOf('old', 1, blobOf('large', 900)), entryOf('new', 2, one)]);
    const plan = planEviction(large, { maxSize: 500, wantedSize: 475, ...nothingHeld });
    expect(plan).toMatchObject({ freed: 910 });
    expect(namesOf(plan.entries)).toEqual(['old']);
  });

  it('takes what entries share with the last of them', () => {
    const shared = blobOf('shared', 50);
    const both = surveyOf([entryOf('a', 1, one, shared), entryOf('b', 2, two, shared), entryOf('c', 3, shared)]);
    expect(planEviction(both, { maxSize: 170, wantedSize: 170, ...nothingHeld })).toMatchObject({ blobs: [one] });
    const plan = planEviction(both, { maxSize: 60, wantedSize: 60, ...nothingHeld });
    expect(plan).toMatchObject({ blobs: [one, two], freed: 220 });
    expect(planEviction(both, { maxSize: 0, wantedSize: 0, ...nothingHeld })).toMatchObject({
      blobs: [one, two, shared],
      freed: 280,
    });
  });

  it('is not what is being read, nor an entry without which nothing would lead there', () => {
    const isHeld = (digest: string): boolean => digest === one.digest;
    const plan = planEviction(survey, { maxSize: 110, wantedSize: 110, isHeld });
    expect(namesOf(plan.entries)).toEqual(['b', 'c']);
  });

  it('is what nothing leads to as well, in its turn', () => {
    const [old, young] = [blobOf('old', 70, 0), blobOf('young', 70, 9)];
    const withLoose = surveyOf([entryOf('a', 1, one)], [young, old]);
    const plan = planEviction(withLoose, { maxSize: 180, wantedSize: 180, ...nothingHeld });
    expect(plan).toEqual({ entries: [], blobs: [old], freed: 70 });
    const more = planEviction(withLoose, { maxSize: 179, wantedSize: 179, ...nothingHeld });
    expect(more).toMatchObject({ blobs: [old, one], freed: 180 });
  });
});

describe('what goes with entries that are removed', () => {
  it('is what only they lead to, each once', () => {
    const [own, shared, twice] = [blobOf('own', 1), blobOf('shared', 2), blobOf('twice', 4)];
    const [a, b, c] = [entryOf('a', 1, own, shared, twice), entryOf('b', 2, twice), entryOf('c', 3, shared)];
    const survey = surveyOf([a, b, c]);
    expect(planRemoval(survey, [a, b])).toEqual({ entries: [a, b], blobs: [own, twice], freed: 5 + 2 * RECORD });
    expect(planRemoval(survey, [])).toEqual({ entries: [], blobs: [], freed: 0 });
  });
});
