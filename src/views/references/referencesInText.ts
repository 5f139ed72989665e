import { type FoundReference, referenceIn } from './foundReference.ts';

const WRITTEN_OUT = /oci:\/\/[^\s"'`<>()[\]{},;]*[^\s"'`<>()[\]{},;.:]/g;

/**
 * References that begin with `oci://`, anywhere in a text; IPv6 addresses are left out, whose brackets end one in
 * prose.
 */
export function referencesInText(text: string): readonly FoundReference[] {
  return [...text.matchAll(WRITTEN_OUT)].flatMap(({ 0: written, index }) => {
    const end = index + written.length;
    // What goes on in a template is not known here.
    const reference = text[end] === '{' || text[end] === '$' ? undefined : referenceIn(written);
    return reference === undefined ? [] : [{ start: index, end, reference }];
  });
}
