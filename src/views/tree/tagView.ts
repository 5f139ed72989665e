import { compileGlob } from '../../floe/glob.ts';

/** How the tags of one repository are shown. */
export interface TagView {
  readonly order: TagOrder;
  /** As the user wrote it; see {@link compileTagFilter}. */
  readonly filter?: string;
}

export type TagOrder = 'version' | 'name' | 'created';

export const DEFAULT_TAG_VIEW: TagView = { order: 'version' };

/** In words. */
export const TAG_ORDERS: Readonly<Record<TagOrder, { readonly label: string; readonly detail: string }>> = {
  version: { label: 'By Version', detail: 'The highest version first, then tags that are no version, by name.' },
  name: { label: 'By Name', detail: 'From A to Z.' },
  created: { label: 'By Date', detail: 'What was made last first. This takes a request for each tag.' },
};

/**
 * What a filter lets pass: a glob where it has a character of one, otherwise every tag that has the text in it, in either case.
 * @throws OciError INVALID_ARGUMENT for a glob that is none
 */
export function compileTagFilter(filter: string): (tag: string) => boolean {
  const text = filter.trim();
  if (/[*?[{\\]/.test(text)) return compileGlob(text, 'the filter');
  const lower = text.toLowerCase();
  return (tag) => tag.toLowerCase().includes(lower);
}
