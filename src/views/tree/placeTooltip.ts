import { l10n, type MarkdownString } from 'vscode';
import { type Capabilities, PROVIDER_TITLES, removesTags } from '../../oci/index.ts';
import type { Account } from '../credentials/credentialUses.ts';
import { describeError, explain } from '../describeError.ts';
import type { Hosting } from '../hosting.ts';
import { explainState } from '../hostStates.ts';
import type { Place } from '../places.ts';
import { rateLimitText } from '../rateLimitText.ts';
import { factList } from './row.ts';

type Facts = Parameters<typeof factList>[1];

/** What a registry is and can do, who we are there, and where we have that from. Sends no request. */
export async function placeTooltip(place: Place, signal: AbortSignal): Promise<MarkdownString> {
  const { id, hosting, refused, isUnverified, state, namedBy } = place;
  return factList(id, [
    ...(hosting === undefined ? [] : kindFacts(hosting)),
    ...(await accountFacts(place, signal)),
    [l10n.t('Named by'), namedBy],
    [l10n.t('Not available'), state && explainState({ host: id, state })],
    [
      l10n.t('Certificate'),
      isUnverified
        ? l10n.t('Not verified: who is on the way can read and change what is transferred, your password too')
        : undefined,
    ],
    [l10n.t('Refused'), refused && l10n.t('{0}; only what is public can be read', describeAccount(refused))],
    [l10n.t('Rate limit'), rateLimitText(hosting?.capabilities.rateLimit)],
    [l10n.t('Rate limit of its API'), rateLimitText(hosting?.capabilities.apiRateLimit)],
  ]);
}

function kindFacts({ kind, isChosen, capabilities }: Hosting): Facts {
  const title = PROVIDER_TITLES[kind ?? 'distribution'];
  const can = abilities({ ...capabilities, tagDeletion: removesTags(kind, capabilities) });
  const namesOf = (has: boolean): string | undefined => {
    const names = can.filter(([, value]) => value === has).map(([name]) => name);
    return names.length === 0 ? undefined : names.join(', ');
  };
  return [
    [l10n.t('Kind'), isChosen ? l10n.t('{0}, as the settings say', title) : title],
    [l10n.t('Can'), namesOf(true)],
    [l10n.t('Cannot'), namesOf(false)],
  ];
}

/** In words, what a person would look for; undefined where nothing has shown it. */
function abilities(
  known: {
    readonly [Name in keyof Capabilities]: Capabilities[Name] | undefined;
  },
): readonly (readonly [name: string, has: boolean | undefined])[] {
  return [
    [l10n.t('list referrers'), known.referrersApi],
    [l10n.t('delete tags'), known.tagDeletion],
    [l10n.t('delete manifests'), known.manifestDeletion],
    [l10n.t('mount blobs of other repositories'), known.mount],
    [l10n.t('take blobs in parts'), known.chunkedUploads],
    [l10n.t('give parts of blobs'), known.ranges],
    [l10n.t('keep sha512'), known.sha512],
  ];
}

async function accountFacts(place: Place, signal: AbortSignal): Promise<Facts> {
  try {
    const account = await place.account({ signal });
    if (account === undefined) return [[l10n.t('Signed in as'), l10n.t('nobody (anonymous)')]];
    return [
      [l10n.t('Signed in as'), account.username ?? l10n.t('the owner of a token')],
      [l10n.t('Credential from'), account.source],
    ];
  } catch (error) {
    return [[l10n.t('Credential'), explain(describeError(error))]];
  }
}

function describeAccount({ source, username }: Account): string {
  return username === undefined ? l10n.t('the credential from {0}', source) : l10n.t('{0} from {1}', username, source);
}
