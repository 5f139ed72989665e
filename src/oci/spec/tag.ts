import { OciError } from '../errors.ts';

declare const tagBrand: unique symbol;

/** A tag by the distribution spec's grammar. Only {@link parseTag} makes one. */
export type Tag = string & { readonly [tagBrand]: true };

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const ACCEPTED = '1 to 128 letters, digits, "_", "." or "-", not starting with "." or "-"';

/** Whether it is a tag by the distribution spec. */
export function isTag(text: string): text is Tag {
  return TAG.test(text);
}

/** @throws OciError INVALID_REFERENCE with part "tag" */
export function parseTag(text: string): Tag {
  if (isTag(text)) return text;
  throw new OciError('INVALID_REFERENCE', `not a tag: ${JSON.stringify(text)}`, {
    input: text,
    part: 'tag',
    accepted: ACCEPTED,
  });
}
