import { l10n } from 'vscode';
import type { Promotion } from '../../floe/promotionReader.ts';
import type { Tag } from '../../oci/index.ts';
import type { Status, TagsPart } from './overview.ts';
import { visibleText } from './visibleText.ts';

/** More names than anybody reads. */
const MAX_TAGS = 200;

/** The tags of a manifest, as far as they are known. */
export interface KnownTags {
  /** Those that name the manifest. */
  readonly tags: readonly Tag[];
  /** Whether every tag of the repository was looked at. */
  readonly isComplete: boolean;
  /** Absent for what is no artifact of floe's. */
  readonly promotion?: Promotion;
}

/** The tags that are known to name the manifest, and where it was promoted to as far as they and the manifest tell. */
export function tagsPart({ tags, isComplete, promotion }: KnownTags): TagsPart {
  const left = tags.length - MAX_TAGS;
  const status = promotion && promotionStatus(promotion);
  return {
    tags: tags.slice(0, MAX_TAGS),
    ...(left > 0 ? { note: l10n.t('and {0} more', left) } : {}),
    ...(isComplete ? {} : { search: l10n.t('Look for Other Tags') }),
    ...(status && { promotion: status }),
  };
}

/** A promotion is a claim of whoever may push: a tag, or a record in the annotations. */
function promotionStatus({ status, environments }: Promotion): Status {
  const label = l10n.t('Promotion');
  const names = environments.map((environment) => visibleText(environment, 60)).join(', ');
  switch (status) {
    case 'promoted':
      return {
        label,
        look: 'present',
        text: names === '' ? l10n.t('Recorded in the annotations') : l10n.t('Promoted to {0}', names),
        details: [l10n.t('As tags and annotations say; whoever may push can write them.')],
      };
    case 'pending':
      return { label, look: 'unknown', text: l10n.t('Pending'), details: [] };
    case 'not_promoted':
      return { label, look: 'absent', text: l10n.t('Not promoted'), details: [] };
    case 'unknown':
      return { label, look: 'unknown', text: l10n.t('Not known: not every tag was looked at'), details: [] };
  }
}
