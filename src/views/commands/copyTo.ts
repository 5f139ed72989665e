import { window } from 'vscode';
import { type CopiedArtifact, copyArtifact } from '../../floe/copyArtifact.ts';
import { blobsOf, movedText } from '../../floe/copySummary.ts';
import { countReferrers } from '../../floe/referrerKind.ts';
import { TagPolicy } from '../../floe/tagPolicy.ts';
import {
  type Digest,
  formatPlatform,
  isImageIndex,
  isManifestDescriptor,
  type ManifestDescriptor,
  parseTag,
  type Tag,
} from '../../oci/index.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { readManifest } from '../readManifest.ts';
import { askAddress } from './askAddress.ts';
import { askDestination, type Destination } from './askDestination.ts';
import { askWithReferrers } from './askWithReferrers.ts';
import { copyReference } from './copyText.ts';
import { openManifest } from './openManifest.ts';
import type { PushParts } from './push.ts';
import { showDestination } from './showDestination.ts';
import { whileLooking } from './whileLooking.ts';

export type CopyParts = PushParts;

/** What an address names now. */
interface Source {
  readonly descriptor: ManifestDescriptor;
  /** Of an index: its manifests. */
  readonly manifests: readonly ManifestDescriptor[];
}

/**
 * Copies an artifact to another tag, repository, registry or the Local store: one platform of an index where that is
 * wanted, and what refers to it.
 */
export async function copyTo(parts: CopyParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress('Copy', parts.book, known);
  const version = address?.digest ?? address?.tag;
  if (address === undefined || version === undefined) return;
  const source = await parts.presenter.attempt('copyTo', () =>
    whileLooking(`Looking at ${nameOf(address)}`, (signal) => lookAt(address, version, signal)),
  );
  if (source === undefined) return;
  const descriptor = await askPlatform(address, source);
  if (descriptor === undefined) return;
  const destination = await askDestination(
    parts.book,
    {},
    {
      verb: `Copy ${nameOf(address)}`,
      proposeRepository: () => address.repository,
      proposeTag: () => address.tag ?? parseTag('latest'),
    },
  );
  if (destination === undefined) return;
  const about = await parts.presenter.attempt('copyTo', () =>
    whileLooking(`Looking for what refers to ${nameOf(address)}`, (signal) =>
      listReferrers(address, descriptor, signal),
    ),
  );
  if (about === undefined) return;
  const referrers = await askWithReferrers(`Copy ${nameOf(address)}`, countReferrers(about));
  if (referrers === undefined) return;
  await startCopy(parts, { address, descriptor, destination, referrers });
}

/** A copy of which everything is known. */
export interface PlannedCopy {
  readonly address: Address;
  readonly descriptor: ManifestDescriptor;
  readonly destination: Destination;
  readonly referrers: boolean;
}

/** Copies, shows the result in its tree, and says what moved. */
export async function startCopy(
  parts: CopyParts,
  { address, descriptor, destination, ...how }: PlannedCopy,
): Promise<void> {
  const { concurrency, tagPatterns } = parts.settings;
  await parts.transfers.start({
    title: `Copying ${nameOf(address)} to ${nameOf(destination)}`,
    action: 'copyTo',
    run: async (call) => {
      const source = await address.place.open(address.repository, call);
      const target = await destination.place.open(destination.repository, { ...call, create: true });
      const options = { ...call, ...how, concurrency, tag: destination.tag, tagPolicy: new TagPolicy(tagPatterns) };
      return await copyArtifact(source, descriptor, target, options);
    },
    done: async (copied) => {
      await showDestination(parts, destination);
      await present(parts, address, destination, copied);
    },
  });
}

async function lookAt(address: Address, version: Tag | Digest, signal: AbortSignal): Promise<Source> {
  const store = await address.place.open(address.repository, { signal });
  const { descriptor, manifest } = await readManifest(store, version, { signal });
  return { descriptor, manifests: isImageIndex(manifest) ? manifest.manifests.filter(isManifestDescriptor) : [] };
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
  const all = { label: 'All platforms', description: `${manifests.length} manifests`, manifest: descriptor };
  const picked = await window.showQuickPick([all, ...platforms], {
    title: `Copy ${nameOf(address)}`,
    placeHolder: 'Choose what to copy',
    ignoreFocusOut: true,
  });
  return picked && { mediaType: picked.manifest.mediaType, digest: picked.manifest.digest, size: picked.manifest.size };
}

async function present(
  parts: CopyParts,
  address: Address,
  destination: Destination,
  copied: CopiedArtifact,
): Promise<void> {
  const { descriptor, outcome, referrers } = copied;
  const rest = referrers.length === 0 ? '' : ` With ${referrers.length} that refer to it.`;
  const message =
    outcome === 'unchanged'
      ? `${nameOf(destination)} is this artifact already.${rest} ${descriptor.digest}`
      : `Copied ${nameOf(address)} to ${nameOf(destination)}: ${movedText(blobsOf([copied]))}.${rest} ${descriptor.digest}`;
  const inspect = 'Inspect';
  const copy = 'Copy Reference';
  const answer = await window.showInformationMessage(plainText(message), inspect, copy);
  if (answer === inspect) await openManifest(parts, destination);
  if (answer === copy) await copyReference(parts, destination);
}
