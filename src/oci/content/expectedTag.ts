import { OciError } from '../errors.ts';
import type { Digest } from '../spec/digest.ts';
import type { TagState } from './store.ts';

/**
 * Holds what a tag names now against what whoever is about to write it expects.
 * @param reference the store's name and the tag, for messages
 * @throws OciError TAG_RACE
 */
export function checkExpected(reference: string, actual: TagState, pushed: Digest, expected?: TagState): void {
  if (expected === undefined || actual === expected || actual === pushed) return;
  const details = { reference, expected, actual };
  throw new OciError('TAG_RACE', `${reference} is ${actual}, where ${expected} was expected`, details);
}
