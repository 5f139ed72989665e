import { l10n, window } from 'vscode';
import {
  type Digest,
  formatPlatform,
  isImageIndex,
  isManifestDescriptor,
  type ManifestDescriptor,
  parseTag,
  type Tag,
} from '../../oci/index.ts';
import type { PlannedCopy } from '../operations/copyContent.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { readManifest } from '../readManifest.ts';
import { countReferrers } from '../referrerText.ts';
import { askAddress } from './askAddress.ts';
import { askDestination } from './askDestination.ts';
import { askWithReferrers } from './askWithReferrers.ts';
import { type CopyParts, startCopy } from './startCopy.ts';
import { whileLooking } from './whileLooking.ts';

/** What an address names now. */
interface Source {
  readonly descriptor: ManifestDescriptor;
  /** Of an index: its manifests. */
  readonly manifests: readonly ManifestDescriptor[];
}

/**
 * Copies an artifact to another tag, repository, registry or the Local store: one platform of an index where that is
 * wanted, and what refers to it.
 * @param begin what is done once everything is known; default: it is copied
 */
export async function copyTo(
  parts: CopyParts,
  known?: Partial<Address>,
  begin: (parts: CopyParts, planned: PlannedCopy) => Promise<void> = startCopy,
): Promise<void> {
  const address = await askAddress(l10n.t('Copy'), parts.book, known);
  const version = address?.digest ?? address?.tag;
  if (address === undefined || version === undefined) return;
  const source = await parts.presenter.attempt('copyTo', () =>
    whileLooking(l10n.t('Looking at {0}', nameOf(address)), (signal) => lookAt(address, version, signal)),
  );
  if (source === undefined) return;
  const descriptor = await askPlatform(address, source);
  if (descriptor === undefined) return;
  const destination = await askDestination(
    parts.book,
    {},
    {
      titleTo: (where) =>
        where === undefined
          ? l10n.t('Copy {0} to', nameOf(address))
          : l10n.t('Copy {0} to {1}', nameOf(address), where),
      proposeRepository: () => address.repository,
      proposeTag: () => address.tag ?? parseTag('latest'),
    },
  );
  if (destination === undefined) return;
  const referrers = await parts.presenter.attempt('copyTo', () => askReferrers(address, descriptor));
  if (referrers === undefined) return;
  await begin(parts, { address, descriptor, index: source.descriptor, destination, referrers });
}

async function lookAt(address: Address, version: Tag | Digest, signal: AbortSignal): Promise<Source> {
  const store = await address.place.open(address.repository, { signal });
  const { descriptor, manifest } = await readManifest(store, version, { signal });
  return { descriptor, manifests: isImageIndex(manifest) ? manifest.manifests.filter(isManifestDescriptor) : [] };
}

/** Whether what refers to an artifact comes along, asked where there is any. Undefined when the user leaves the prompt. */
export async function askReferrers(address: Address, descriptor: ManifestDescriptor): Promise<boolean | undefined> {
  const about = await whileLooking(l10n.t('Looking for what refers to {0}', nameOf(address)), (signal) =>
    listReferrers(address, descriptor, signal),
  );
  return await askWithReferrers(l10n.t('Copy {0}', nameOf(address)), countReferrers(about));
}

async function listReferrers(
  { place, repository }: Address,
  { digest }: ManifestDescriptor,
  signal: AbortSignal,
): Promise<readonly ManifestDescriptor[]> {
  return await Array.fromAsync((await place.open(repository, { signal })).referrers(digest, { signal }));
}

/** Of an index with platforms: all of it, or one. Undefined when the user leaves the prompt. */
async function askPlatform(
  address: Address,
  { descriptor, manifests }: Source,
): Promise<ManifestDescriptor | undefined> {
  const platforms = manifests.flatMap((manifest) =>
    manifest.platform === undefined
      ? []
      : [{ label: plainText(formatPlatform(manifest.platform)), description: manifest.digest, manifest }],
  );
  if (platforms.length === 0) return descriptor;
  const all = {
    label: l10n.t('All platforms'),
    description: l10n.t('{0} manifests', manifests.length),
    manifest: descriptor,
  };
  const picked = await window.showQuickPick([all, ...platforms], {
    title: l10n.t('Copy {0}', nameOf(address)),
    placeHolder: l10n.t('Choose what to copy'),
    ignoreFocusOut: true,
  });
  return picked && { mediaType: picked.manifest.mediaType, digest: picked.manifest.digest, size: picked.manifest.size };
}
