import { l10n } from 'vscode';
import { type ArtifactKind, artifactKindOf } from '../../floe/artifactKind.ts';
import { formatReference } from '../../oci/index.ts';
import { type Address, referenceOf } from '../places.ts';
import { readManifest } from '../readManifest.ts';
import { askAddress } from './askAddress.ts';
import { copyText } from './copyText.ts';
import type { ContentParts } from './openManifest.ts';

/** Puts the line on the clipboard with which the artifact is pulled by the tool for its kind. */
export async function copyPullCommand({ book, presenter }: ContentParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(l10n.t('Copy Pull Command'), book, known);
  const version = address?.digest ?? address?.tag;
  if (address === undefined || version === undefined) return;
  const kind = await presenter.attempt('copyPullCommand', async () => {
    const store = await address.place.reader(address.repository);
    return artifactKindOf((await readManifest(store, version)).manifest);
  });
  if (kind !== undefined) await copyText(pullCommand(address, kind));
}

/** The line for a shell: `helm pull`, `docker pull`, `floe-oci pull` or `oras pull`. */
export function pullCommand(address: Address, kind: ArtifactKind): string {
  const reference = address.place.reference(address.repository);
  const { tag, digest } = address;
  const written = referenceOf(address);
  if (reference.kind === 'layout') {
    const version = digest === undefined ? `:${tag}` : `@${digest}`;
    return kind === 'floe'
      ? `floe-oci pull ${quoted(written)}`
      : `oras pull --oci-layout ${quoted(`${reference.path}${version}`)}`;
  }
  const plain = quoted(written.replace(/^oci:\/\//, ''));
  switch (kind) {
    case 'floe':
      return `floe-oci pull ${quoted(written)}`;
    case 'image':
      return `docker pull ${plain}`;
    case 'helm':
      return digest === undefined && tag !== undefined
        ? `helm pull ${quoted(formatReference(reference))} --version ${quoted(tag)}`
        : `helm pull ${quoted(written)}`;
    default:
      return `oras pull ${plain}`;
  }
}

/** What a shell takes as it is stays so; references of registries always do. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
