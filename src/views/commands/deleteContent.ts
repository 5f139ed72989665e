import { window } from 'vscode';
import { countReferrers } from '../../floe/referrerKind.ts';
import { isOciError, type ManifestRemoval, planRemoval, type Tag } from '../../oci/index.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Trees } from '../trees.ts';
import { askAddress } from './askAddress.ts';
import type { ContentParts } from './openManifest.ts';
import { whileLooking } from './whileLooking.ts';

export interface DeleteParts extends ContentParts {
  readonly trees: Trees;
  readonly settings: { readonly concurrency: number };
}

/** Longer lists would hide the buttons. */
const MAX_NAMED = 12;

/** Removes a tag and nothing else, after the user has confirmed it. */
export async function deleteTag(parts: DeleteParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress('Delete a Tag', parts.book, withoutDigest(known));
  if (address?.tag === undefined) return;
  const { place, repository, tag } = address;
  const removal = await plan(parts, address, tag);
  if (removal === undefined) return;
  const remove = 'Delete Tag';
  const others = removal.tags.filter((each) => each !== tag);
  const stays =
    others.length > 0
      ? `What it names stays: ${namesOf(others)} ${others.length === 1 ? 'names' : 'name'} it too.`
      : 'What it names stays, known by its digest alone. No other tag names it.';
  const detail = `${stays}\n\n${removal.descriptor.digest}`;
  const question = plainText(`Delete the tag ${tag} from ${nameOf({ place, repository })}?`);
  if ((await window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  try {
    await (await place.open(repository)).untag(tag);
  } catch (error) {
    if (!isOciError(error, 'UNSUPPORTED')) throw error;
    return await offerManifest(parts, address, removal);
  }
  await finish(parts, address, `Deleted the tag ${tag} from ${nameOf({ place, repository })}.`);
}

/** Removes a manifest with all its tags, after the user has seen which these are. */
export async function deleteManifest(parts: DeleteParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress('Delete a Manifest', parts.book, known);
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
  const question = plainText(`Delete a manifest from ${where}?`);
  const detail = removalText(removal);
  if ((await window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  const removed = await parts.presenter.attempt('deleteManifest', async () => {
    await (await place.open(repository)).delete(descriptor);
    return true;
  });
  if (removed) await finish(parts, address, `Deleted ${descriptor.digest} from ${where}. ${goneText(tags)}`);
}

/** The button names the act, with all that goes. */
export function removeLabel(tags: readonly Tag[]): string {
  if (tags.length === 0) return 'Delete Manifest';
  return `Delete Manifest and ${tags.length === 1 ? '1 Tag' : `${tags.length} Tags`}`;
}

/** What the removal of a manifest means, one thing a paragraph. */
export function removalText({ descriptor, tags, referrers }: ManifestRemoval): string {
  return [
    descriptor.digest,
    tags.length === 0
      ? 'No tag names it.'
      : `${tags.length === 1 ? 'This tag goes' : 'These tags go'} with it: ${namesOf(tags)}.`,
    ...(referrers.length === 0
      ? []
      : [`What refers to it stays, and then refers to nothing: ${countReferrers(referrers)}.`]),
    'This cannot be undone. Other artifacts keep what they share with it.',
  ].join('\n\n');
}

/** Some registries remove a tag only together with what it names. */
async function offerManifest(parts: DeleteParts, address: Address, removal: ManifestRemoval): Promise<void> {
  const { place, repository, tag } = address;
  const other = 'Delete Manifest…';
  const message = `${nameOf({ place, repository })} is in a registry that cannot delete the tag ${tag} alone, only together with its manifest.`;
  const answer = await window.showWarningMessage(plainText(message), other);
  if (answer === other) await confirmManifest(parts, address, removal);
}

/** What goes takes a request for each tag to know, so there is a way to leave it. */
async function plan(
  parts: DeleteParts,
  address: Address,
  version: Parameters<typeof planRemoval>[1],
): Promise<ManifestRemoval | undefined> {
  const { place, repository } = address;
  const title = `Looking for what belongs to ${nameOf(address)}`;
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
  return tags.length === 0 ? '' : `${tags.length === 1 ? 'The tag' : 'The tags'} ${namesOf(tags)} went with it.`;
}

function namesOf(tags: readonly Tag[]): string {
  const rest = tags.length - MAX_NAMED;
  return [...tags.slice(0, MAX_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** A tag is asked for where only a digest is known: what has no tag has none to delete. */
function withoutDigest(known: Partial<Address> | undefined): Partial<Address> | undefined {
  if (known === undefined) return undefined;
  const { digest: _, ...rest } = known;
  return rest;
}
