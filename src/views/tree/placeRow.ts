import { l10n } from 'vscode';
import { PROVIDER_TITLES } from '../../oci/index.ts';
import { describeState } from '../hostStates.ts';
import type { Place } from '../places.ts';
import { isScarce } from '../rateLimitText.ts';
import { KIND_ICONS } from './kindLooks.ts';
import type { PlaceNode } from './node.ts';
import { pageFlag } from './pageFlag.ts';
import type { Row } from './row.ts';

/**
 * The row of a registry: what kind it is; one that refused our credential, is paused, or may be somebody else, says so.
 */
export function drawPlace({ place }: PlaceNode): Row {
  const { id, label, refused, isUnverified = false, state, namedBy } = place;
  const isTroubled = refused !== undefined || isUnverified || state !== undefined;
  const kind = kindText(place);
  const facts = [
    ...(kind === undefined ? [] : [kind]),
    ...(label === id ? [] : [id]),
    ...(state === undefined ? [] : [describeState(state)]),
    ...(place.hosting !== undefined && isScarce(place.hosting.capabilities) ? [l10n.t('few requests left')] : []),
    ...(isUnverified ? [l10n.t('certificate not verified')] : []),
    ...(refused === undefined ? [] : [l10n.t('credentials refused, reading what is public')]),
    ...(namedBy === undefined ? [] : [l10n.t('from {0}', namedBy)]),
  ];
  return {
    label,
    ...(facts.length === 0 ? {} : { description: facts.join(' · ') }),
    icon: isTroubled
      ? state?.kind === 'paused'
        ? 'debug-pause'
        : 'warning'
      : KIND_ICONS[place.hosting?.kind ?? 'distribution'],
    ...(isTroubled ? { iconColor: 'list.warningForeground' } : {}),
    flags: ['registry', ...(refused === undefined ? [] : ['credentials']), ...pageFlag(place)],
    state: 'folded',
    spoken: [l10n.t('registry {0}', label), ...facts].join(', '),
  };
}

/** What people call it; undefined for a registry that is nothing particular. */
function kindText({ hosting }: Place): string | undefined {
  const kind = hosting?.kind;
  return kind === undefined || kind === 'distribution' ? undefined : PROVIDER_TITLES[kind];
}
