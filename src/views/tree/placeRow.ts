import type { MarkdownString } from 'vscode';
import type { Account } from '../credentials/credentialUses.ts';
import { describeError, explain } from '../describeError.ts';
import { describeState, explainState } from '../hostStates.ts';
import type { Place } from '../places.ts';
import type { PlaceNode } from './node.ts';
import { factList, type Row } from './row.ts';

/** The row of a registry; one that refused our credential says so, and offers to edit it. */
export function drawPlace({ place }: PlaceNode): Row {
  const { id, label, refused, state, namedBy } = place;
  const isTroubled = refused !== undefined || state !== undefined;
  const facts = [
    ...(label === id ? [] : [id]),
    ...(state === undefined ? [] : [describeState(state)]),
    ...(refused === undefined ? [] : ['credentials refused, reading what is public']),
    ...(namedBy === undefined ? [] : [`from ${namedBy}`]),
  ];
  return {
    label,
    ...(facts.length === 0 ? {} : { description: facts.join(' · ') }),
    icon: isTroubled ? (state?.kind === 'paused' ? 'debug-pause' : 'warning') : 'server',
    ...(isTroubled ? { iconColor: 'list.warningForeground' } : {}),
    flags: ['registry', ...(refused === undefined ? [] : ['credentials'])],
    state: 'folded',
    spoken: [`registry ${label}`, ...facts].join(', '),
  };
}

/** Where a registry is, who we are there, and where we have that from. */
export async function placeTooltip(place: Place, signal: AbortSignal): Promise<MarkdownString> {
  const { id, refused, state, namedBy } = place;
  return factList(id, [
    ...(await accountFacts(place, signal)),
    ['Named by', namedBy],
    ['Not available', state && explainState({ host: id, state })],
    ['Refused', refused && `${describeAccount(refused)}; only what is public can be read`],
  ]);
}

type Facts = Parameters<typeof factList>[1];

async function accountFacts(place: Place, signal: AbortSignal): Promise<Facts> {
  try {
    const account = await place.account({ signal });
    if (account === undefined) return [['Signed in as', 'nobody (anonymous)']];
    return [
      ['Signed in as', account.username ?? 'the owner of a token'],
      ['Credential from', account.source],
    ];
  } catch (error) {
    return [['Credential', explain(describeError(error))]];
  }
}

function describeAccount({ source, username }: Account): string {
  return username === undefined ? `the credential from ${source}` : `${username} from ${source}`;
}
