import { l10n, window } from 'vscode';
import { isOciError, type ManifestRemoval, planRemoval, removesTags, type Tag } from '../../oci/index.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { countReferrers } from '../referrerText.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import type { Trees } from '../trees.ts';
import { askAddress } from './askAddress.ts';
import type { ContentParts } from './openManifest.ts';
import { keptText, readRules, rulesText } from './tagRules.ts';
import { whileLooking } from './whileLooking.ts';

/** What deleting works with. */
export interface DeleteParts extends ContentParts {
  readonly trees: Trees;
  readonly settings: { readonly concurrency: number };
}

/** Longer lists would hide the buttons. */
const MAX_NAMED = 12;

/** Removes a tag and nothing else, after the user has confirmed it. */
export async function deleteTag(parts: DeleteParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(l10n.t('Delete a Tag'), parts.book, withoutDigest(known));
  if (address?.tag === undefined) return;
  const { place, repository, tag } = address;
  const removal = await plan(parts, address, tag);
  if (removal === undefined) return;
  const { hosting } = place;
  if (hosting !== undefined && removesTags(hosting.kind, hosting.capabilities) === false) {
    return await offerManifest(parts, address, removal);
  }
  const rules = await readRules(address);
  const remove = l10n.t('Delete Tag');
  const others = removal.tags.filter((each) => each !== tag);
  const stays =
    others.length > 0
      ? others.length === 1
        ? l10n.t('What it names stays: {0} names it too.', namesOf(others))
        : l10n.t('What it names stays: {0} name it too.', namesOf(others))
      : l10n.t('What it names stays, known by its digest alone. No other tag names it.');
  const detail = [stays, ...rulesText(rules), removal.descriptor.digest].join('\n\n');
  const question = plainText(l10n.t('Delete the tag {0} from {1}?', tag, nameOf({ place, repository })));
  if ((await window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  try {
    const about = { place, repository, tag };
    await observeAt(parts.observability, 'delete', about, async () => (await place.open(repository)).untag(tag));
  } catch (error) {
    if (isOciError(error, 'UNSUPPORTED')) return await offerManifest(parts, address, removal, error.details.instead);
    const kept = keptText(address, error);
    if (kept === undefined) throw error;
    parts.presenter.logError('deleteTag', error);
    void window.showWarningMessage(kept);
    return;
  }
  await finish(parts, address, l10n.t('Deleted the tag {0} from {1}.', tag, nameOf({ place, repository })));
}

/** Removes a manifest with all its tags, after the user has seen which these are. */
export async function deleteManifest(parts: DeleteParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(l10n.t('Delete a Manifest'), parts.book, known);
  const version = address?.digest ?? address?.tag;
  if (address === undefined || version === undefined) return;
  const removal = await plan(parts, address, version);
  if (removal !== undefined) await confirmManifest(parts, address, removal);
}

async function confirmManifest(parts: DeleteParts, address: Address, removal: ManifestRemoval): Promise<void> {
  const { place, repository } = address;
  const { descriptor, tags } = removal;
  const remove = removeLabel(tags);
  const where = nameOf({ place, repository });
  const question = plainText(l10n.t('Delete a manifest from {0}?', where));
  const detail = removalText(removal);
  if ((await window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  const removed = await parts.presenter.attempt('deleteManifest', async () => {
    const about = { place, repository, digest: descriptor.digest };
    await observeAt(parts.observability, 'delete', about, async () =>
      (await place.open(repository)).delete(descriptor),
    );
    return true;
  });
  if (removed)
    await finish(parts, address, l10n.t('Deleted {0} from {1}. {2}', descriptor.digest, where, goneText(tags)));
}

/** The button names the act, with all that goes. */
export function removeLabel(tags: readonly Tag[]): string {
  if (tags.length === 0) return l10n.t('Delete Manifest');
  return tags.length === 1 ? l10n.t('Delete Manifest and 1 Tag') : l10n.t('Delete Manifest and {0} Tags', tags.length);
}

/** What the removal of a manifest means, one thing a paragraph. */
export function removalText({ descriptor, tags, referrers }: ManifestRemoval): string {
  return [
    descriptor.digest,
    tags.length === 0
      ? l10n.t('No tag names it.')
      : tags.length === 1
        ? l10n.t('This tag goes with it: {0}.', namesOf(tags))
        : l10n.t('These tags go with it: {0}.', namesOf(tags)),
    ...(referrers.length === 0
      ? []
      : [l10n.t('What refers to it stays, and then refers to nothing: {0}.', countReferrers(referrers))]),
    l10n.t('This cannot be undone. Other artifacts keep what they share with it.'),
  ].join('\n\n');
}

/** Some registries remove a tag only together with what it names. */
async function offerManifest(
  parts: DeleteParts,
  address: Address,
  removal: ManifestRemoval,
  instead?: string,
): Promise<void> {
  const { place, repository, tag } = address;
  const other = l10n.t('Delete Manifest…');
  const message = [
    l10n.t(
      '{0} cannot delete the tag {1} of {2} alone, only together with its manifest.',
      place.label,
      tag ?? '',
      repository,
    ),
    ...(instead === undefined ? [] : [`${instead}.`]),
  ].join(' ');
  const answer = await window.showWarningMessage(plainText(message), other);
  // The message may have stood there for long: what goes with the manifest is looked up anew.
  if (answer === other) await deleteManifest(parts, { place, repository, digest: removal.descriptor.digest });
}

/** What goes takes a request for each tag to know, so there is a way to leave it. */
async function plan(
  parts: DeleteParts,
  address: Address,
  version: Parameters<typeof planRemoval>[1],
): Promise<ManifestRemoval | undefined> {
  const { place, repository } = address;
  const title = l10n.t('Looking for what belongs to {0}', nameOf(address));
  const { concurrency } = parts.settings;
  return await parts.presenter.attempt('delete', async () => {
    const store = await place.open(repository);
    return await whileLooking(title, (signal) => planRemoval(store, version, { concurrency, signal }));
  });
}

async function finish({ trees }: DeleteParts, { place, repository }: Address, message: string): Promise<void> {
  await trees.rereadRepository(place, repository);
  window.setStatusBarMessage(`$(trash) ${plainText(message)}`, 5_000);
}

function goneText(tags: readonly Tag[]): string {
  if (tags.length === 0) return '';
  return tags.length === 1
    ? l10n.t('The tag {0} went with it.', namesOf(tags))
    : l10n.t('The tags {0} went with it.', namesOf(tags));
}

function namesOf(tags: readonly Tag[]): string {
  const rest = tags.length - MAX_NAMED;
  return [...tags.slice(0, MAX_NAMED), ...(rest > 0 ? [l10n.t('{0} more', rest)] : [])].join(', ');
}

/** A tag is asked for where only a digest is known: what has no tag has none to delete. */
function withoutDigest(known: Partial<Address> | undefined): Partial<Address> | undefined {
  if (known === undefined) return undefined;
  const { digest: _, ...rest } = known;
  return rest;
}
