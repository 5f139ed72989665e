import { l10n } from 'vscode';
import { plainText } from '../plainText.ts';
import type { TagListing } from './node.ts';
import { DEFAULT_TAG_VIEW, TAG_ORDERS } from './tagView.ts';

/** What is not the same as ever about the tags of a repository: that there are none, a filter with its count, the order. */
export function arrangedText({ view, total, matching, isPartial }: TagListing): string | undefined {
  if (total === 0) return l10n.t('no tags');
  const { filter, order } = view;
  const facts = [
    ...(filter === undefined
      ? []
      : [l10n.t('{0}: {1} of {2}', plainText(filter, 40), matching, `${total}${isPartial ? '+' : ''}`)]),
    ...(order === DEFAULT_TAG_VIEW.order ? [] : [TAG_ORDERS[order].shown]),
  ];
  return facts.length === 0 ? undefined : facts.join(' · ');
}
