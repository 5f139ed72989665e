import { env, l10n, window } from 'vscode';
import { type Digest, inScope } from '../../oci/index.ts';
import type { Address } from '../places.ts';
import { referenceOf } from '../places.ts';
import { askAddress } from './askAddress.ts';
import type { ContentParts } from './openManifest.ts';
import { whileLooking } from './whileLooking.ts';

/** Puts the reference of content, or of a repository, on the clipboard. */
export async function copyReference({ book }: ContentParts, known?: Address): Promise<void> {
  const address = known ?? (await askAddress(l10n.t('Copy Reference'), book));
  if (address !== undefined) await copyText(referenceOf(address));
}

/** Puts the digest of content on the clipboard; that of a tag is asked for. */
export async function copyDigest({ book, presenter }: ContentParts, known?: Address): Promise<void> {
  const address = await askAddress(l10n.t('Copy Digest'), book, known);
  if (address === undefined) return;
  const digest = address.digest ?? (await presenter.attempt('copyDigest', () => digestOf(address)));
  if (digest !== undefined) await copyText(digest);
}

async function digestOf({ place, repository, tag }: Address, signal?: AbortSignal): Promise<Digest | undefined> {
  const call = signal ? { signal } : {};
  return tag && (await (await place.reader(repository, call)).resolve(tag, call)).digest;
}

/** Puts the references of several things on the clipboard, one a line. */
export async function copyReferences(addresses: readonly Address[]): Promise<void> {
  const name = l10n.t('{0} references', addresses.length);
  await copyText(addresses.map(referenceOf).join('\n'), name);
}

/** Puts the digests of several things on the clipboard, one a line and in their order. */
export async function copyDigests({ presenter }: ContentParts, addresses: readonly Address[]): Promise<void> {
  const digests = await presenter.attempt('copyDigest', () =>
    whileLooking(l10n.t('Looking for {0} digests', addresses.length), (signal) =>
      inScope({ signal }, ({ run, all, signal: inner }) =>
        all(addresses.map((address) => run(async () => address.digest ?? (await digestOf(address, inner))))),
      ),
    ),
  );
  const known = digests?.filter((digest) => digest !== undefined) ?? [];
  if (known.length > 0) await copyText(known.join('\n'), l10n.t('{0} digests', known.length));
}

/** Puts a text on the clipboard and says so. @param name what it is called, where it is too long to be shown */
export async function copyText(text: string, name: string = text): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(`$(check) ${l10n.t('Copied {0}', name)}`, 3_000);
}
