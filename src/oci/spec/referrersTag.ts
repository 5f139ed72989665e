import type { Digest } from './digest.ts';
import { parseTag, type Tag } from './tag.ts';

/** The longest algorithm and encoded part that the schema keeps: a tag has at most 128 characters. */
const MAX_ALGORITHM = 32;
const MAX_ENCODED = 64;

/** Of the digests that are registered, as {@link referrersTagOf} writes them. */
const REFERRERS_TAG = /^sha(?:256|512)-[0-9a-f]{64}$/;

/** Whether a tag is one under which clients keep the index of what refers to a manifest. */
export function isReferrersTag(tag: string): boolean {
  return REFERRERS_TAG.test(tag);
}

/**
 * The tag under which a registry without the referrers API keeps the index of what refers to a manifest. Of a sha512
 * digest only the first half is in it.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
export function referrersTagOf(subject: Digest): Tag {
  const [algorithm = '', encoded = ''] = subject.split(':');
  const cut = `${algorithm.slice(0, MAX_ALGORITHM)}-${encoded.slice(0, MAX_ENCODED)}`;
  return parseTag(cut.replace(/[^a-zA-Z0-9._-]/g, '-'));
}
