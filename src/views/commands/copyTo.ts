import { l10n, window } from 'vscode';
import { type CopiedArtifact, copyArtifact } from '../../floe/copyArtifact.ts';
import { blobsOf } from '../../floe/copySummary.ts';
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
import { movedText } from '../movedText.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { readManifest } from '../readManifest.ts';
import { countReferrers } from '../referrerText.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import { askAddress } from './askAddress.ts';
import { askDestination, type Destination } from './askDestination.ts';
import { askWithReferrers } from './askWithReferrers.ts';
import { copyReference } from './copyText.ts';
import { inspect } from './inspect.ts';
import { orCreate } from './orCreate.ts';
import type { PushParts } from './push.ts';
import { showDestination } from './showDestination.ts';
import { whileLooking } from './whileLooking.ts';

/** What copying works with. */
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
  await startCopy(parts, { address, descriptor, index: source.descriptor, destination, referrers });
}

/** A copy of which everything is known. */
export interface PlannedCopy {
  readonly address: Address;
  readonly descriptor: ManifestDescriptor;
  /** What was signed, where only one platform of it is copied. */
  readonly index?: ManifestDescriptor;
  readonly destination: Destination;
  readonly referrers: boolean;
  /** Told when it went well, instead of the user. */
  readonly onCopied?: (copied: CopiedArtifact) => void;
}

/** Copies, shows the result in its tree, and says what moved. */
export async function startCopy(
  parts: CopyParts,
  { address, descriptor, index, destination, onCopied, ...how }: PlannedCopy,
): Promise<void> {
  const { concurrency, tagPatterns } = parts.settings;
  await parts.transfers.start({
    title: l10n.t('Copying {0} to {1}', nameOf(address), nameOf(destination)),
    action: 'copyTo',
    operation: 'copy',
    about: { ...factsOf(destination), digest: descriptor.digest },
    run: async (call) => {
      const source = await address.place.open(address.repository, call);
      const target = await destination.place.open(destination.repository, { ...call, create: true });
      const { signal } = call;
      await parts.clients.for(address).check?.(nameOf(address), index ?? descriptor, source, { signal });
      const options = { ...call, ...how, concurrency, tag: destination.tag, tagPolicy: new TagPolicy(tagPatterns) };
      return await orCreate(destination, call, () => copyArtifact(source, descriptor, target, options));
    },
    done: async (copied) => {
      if (onCopied !== undefined) return onCopied(copied);
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

async function present(
  parts: CopyParts,
  address: Address,
  destination: Destination,
  copied: CopiedArtifact,
): Promise<void> {
  const { descriptor, outcome, referrers } = copied;
  const did =
    outcome === 'unchanged'
      ? l10n.t('{0} is this artifact already.', nameOf(destination))
      : l10n.t('Copied {0} to {1}: {2}.', nameOf(address), nameOf(destination), movedText(blobsOf([copied])));
  const rest = referrers.length === 0 ? [] : [l10n.t('With {0} that refer to it.', referrers.length)];
  const message = [did, ...rest, descriptor.digest].join(' ');
  const look = l10n.t('Inspect');
  const copy = l10n.t('Copy Reference');
  const answer = await window.showInformationMessage(plainText(message), look, copy);
  if (answer === look) await inspect(parts, destination);
  if (answer === copy) await copyReference(parts, destination);
}
