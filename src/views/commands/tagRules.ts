import { l10n } from 'vscode';
import { isOciError, type RepositoryRules } from '../../oci/index.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { whileLooking } from './whileLooking.ts';

/** What keeps tags of a repository from being moved or removed, as far as its registry tells it. Never fails. */
export async function readRules({ place: { hosting }, repository }: Address): Promise<RepositoryRules> {
  if (hosting === undefined) return { remarks: [] };
  try {
    const title = l10n.t('Looking at the rules of {0}', repository);
    return await whileLooking(title, (signal) => hosting.rules(repository, { signal }));
  } catch {
    // What is asked for can be done without: the registry says no by itself.
    return { remarks: [] };
  }
}

/** What the rules mean for a removal, a paragraph each; none where there are no rules. */
export function rulesText({ immutability, remarks }: RepositoryRules): readonly string[] {
  if (immutability === undefined || immutability === 'none') return [];
  const gist =
    immutability === 'all'
      ? l10n.t('Its tags are immutable: the registry may refuse to delete them.')
      : l10n.t('Some of its tags are immutable: the registry refuses to delete those.');
  return [gist, ...remarks.map((remark) => plainText(`${remark}.`))];
}

/** What registries say where a rule keeps a tag, and not a right that is missing: Harbor, Azure, Google. */
const RULE = /immutable|locked|disallowed/i;

/** Why a tag stays, where the registry's rules are the reason; undefined for any other failure. */
export function keptText(address: Address, error: unknown): string | undefined {
  if (!isOciError(error, 'DENIED') || !RULE.test(`${error.message} ${error.details.reason}`)) return undefined;
  const name = nameOf(address);
  const { reason } = error.details;
  return plainText(
    reason === ''
      ? l10n.t('{0} stays: a rule of the registry keeps this tag.', name)
      : l10n.t('{0} stays: a rule of the registry keeps this tag ({1}).', name, reason),
  );
}
