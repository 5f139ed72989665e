import type { Digest } from '../spec/digest.ts';
import { type Survey, type SurveyedBlob, type SurveyedEntry, sizeOf } from './survey.ts';

/** What to remove; no entry that stays needs any of the blobs. */
export interface Eviction {
  readonly entries: readonly SurveyedEntry[];
  readonly blobs: readonly SurveyedBlob[];
  /** Bytes that this gives back. */
  readonly freed: number;
}

/** How far the cache is to shrink, and what must not go. */
export interface EvictionTarget {
  /** Bytes that may be left. */
  readonly maxSize: number;
  /** Bytes that had better be left, as long as that takes nothing large. */
  readonly wantedSize: number;
  /** What must stay, with the last of the entries that lead to it. */
  isHeld(digest: Digest): boolean;
}

/**
 * Chooses what was used least recently, whatever kind of entry it is, until no more is left than may be. A blob goes with
 * the last of the entries that lead to it; one that none leads to is an entry of its own.
 */
export function planEviction(survey: Survey, { maxSize, wantedSize, isHeld }: EvictionTarget): Eviction {
  const needs = countNeeds(survey.entries);
  const candidates = [
    ...survey.entries.map((entry) => ({ usedAt: entry.usedAt, entry, blobs: entry.blobs })),
    ...survey.loose.map((blob) => ({ usedAt: blob.usedAt, entry: undefined, blobs: [blob] })),
  ].sort((a, b) => a.usedAt - b.usedAt);
  const entries: SurveyedEntry[] = [];
  const gone: SurveyedBlob[] = [];
  let left = survey.totalSize;
  for (const { entry, blobs } of candidates) {
    const unneeded = blobs.filter((blob) => (needs.get(blob) ?? 0) <= 1);
    if (unneeded.some(({ digest }) => isHeld(digest))) continue;
    const leftThen = left - sizeOf(unneeded) - (entry?.recordSize ?? 0);
    if (left <= maxSize && leftThen < wantedSize) break;
    for (const blob of blobs) needs.set(blob, (needs.get(blob) ?? 0) - 1);
    if (entry !== undefined) entries.push(entry);
    gone.push(...unneeded);
    left = leftThen;
  }
  return { entries, blobs: gone, freed: survey.totalSize - left };
}

/** Removes these entries, whenever they were used, with what only they lead to. */
export function planRemoval(survey: Survey, entries: readonly SurveyedEntry[]): Eviction {
  const removed = new Set(entries);
  const needs = countNeeds(survey.entries.filter((entry) => !removed.has(entry)));
  const blobs = [...new Set(entries.flatMap((entry) => entry.blobs))].filter((blob) => !needs.has(blob));
  return { entries, blobs, freed: sizeOf(blobs) + entries.reduce((sum, { recordSize }) => sum + recordSize, 0) };
}

/** How many entries lead to each blob. */
function countNeeds(entries: readonly SurveyedEntry[]): Map<SurveyedBlob, number> {
  const needs = new Map<SurveyedBlob, number>();
  for (const blob of entries.flatMap((entry) => entry.blobs)) needs.set(blob, (needs.get(blob) ?? 0) + 1);
  return needs;
}
