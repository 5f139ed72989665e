import { l10n } from 'vscode';
import { compileGlob } from '../../floe/glob.ts';

/** How the tags of one repository are shown. */
export interface TagView {
  readonly order: TagOrder;
  /** As the user wrote it; see {@link compileTagFilter}. */
  readonly filter?: string;
}

/** What tags are sorted by. */
export type TagOrder = 'version' | 'name' | 'created';

/** How tags are shown until somebody arranges them. */
export const DEFAULT_TAG_VIEW: TagView = { order: 'version' };

/** In words: as a choice, and as `shown` beside what is arranged so. */
export const TAG_ORDERS: Readonly<
  Record<TagOrder, { readonly label: string; readonly shown: string; readonly detail: string }>
> = {
  version: {
    label: l10n.t('By Version'),
    shown: l10n.t('by version'),
    detail: l10n.t('The highest version first, then tags that are no version, by name.'),
  },
  name: { label: l10n.t('By Name'), shown: l10n.t('by name'), detail: l10n.t('From A to Z.') },
  created: {
    label: l10n.t('By Date'),
    shown: l10n.t('by date'),
    detail: l10n.t('What was made last first. This takes a request for each tag, unless the registry tells the dates.'),
  },
};

/**
 * What a filter lets pass: a glob where it has a character of one, otherwise every tag that has the text in it, in either case.
 * @throws OciError INVALID_ARGUMENT for a glob that is none
 */
export function compileTagFilter(filter: string): (tag: string) => boolean {
  const text = filter.trim();
  if (/[*?[{\\]/.test(text)) return compileGlob(text, l10n.t('the filter'));
  const lower = text.toLowerCase();
  return (tag) => tag.toLowerCase().includes(lower);
}
