import { env, window } from 'vscode';
import type { Digest } from '../../oci/index.ts';
import type { Address } from '../places.ts';
import { referenceOf } from '../places.ts';
import { askAddress } from './askAddress.ts';
import type { ContentParts } from './openManifest.ts';

/** Puts the reference of content, or of a repository, on the clipboard. */
export async function copyReference({ book }: ContentParts, known?: Address): Promise<void> {
  const address = known ?? (await askAddress('Copy Reference', book));
  if (address !== undefined) await copyText(referenceOf(address));
}

/** Puts the digest of content on the clipboard; that of a tag is asked for. */
export async function copyDigest({ book, presenter }: ContentParts, known?: Address): Promise<void> {
  const address = await askAddress('Copy Digest', book, known);
  if (address === undefined) return;
  const digest = address.digest ?? (await presenter.attempt('copyDigest', () => digestOf(address)));
  if (digest !== undefined) await copyText(digest);
}

async function digestOf({ place, repository, tag }: Address): Promise<Digest | undefined> {
  return tag && (await (await place.reader(repository)).resolve(tag)).digest;
}

/** Puts a text on the clipboard and says so. */
export async function copyText(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(`$(check) Copied ${text}`, 3_000);
}
