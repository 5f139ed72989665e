import { l10n, window } from 'vscode';
import { type ArtifactKind, artifactKindOf } from '../../floe/artifactKind.ts';
import { isImageIndex, OciError, type RegistryReference } from '../../oci/index.ts';
import type { Address } from '../places.ts';
import { readManifest } from '../readManifest.ts';
import { askAddress } from './askAddress.ts';
import { copyText } from './copyText.ts';
import type { ContentParts } from './openManifest.ts';
import { type Snippet, snippetsFor } from './snippets.ts';

/** Puts what uses the artifact in Kubernetes, Helm or Flux on the clipboard, as YAML. */
export async function copySnippet({ book, presenter }: ContentParts, known?: Partial<Address>): Promise<void> {
  const title = l10n.t('Copy as Snippet');
  const address = await askAddress(title, book, known);
  if (address === undefined) return;
  const snippets = await presenter.attempt('copySnippet', () => snippetsAt(address));
  if (snippets === undefined) return;
  const chosen = await window.showQuickPick(snippets, { title, placeHolder: l10n.t('Choose what it is for') });
  if (chosen !== undefined) await copyText(chosen.text, chosen.label);
}

async function snippetsAt(address: Address): Promise<readonly Snippet[]> {
  const { place, repository, tag, digest } = address;
  const name = digest ?? tag;
  const reference = place.reference(repository);
  if (reference.kind !== 'registry' || name === undefined) {
    const what = l10n.t('a snippet for what is in no registry');
    throw new OciError('UNSUPPORTED', what, { what, instead: l10n.t('Copy it to a registry first') });
  }
  const { manifest } = await readManifest(await place.reader(repository), name);
  const kind: ArtifactKind = artifactKindOf(manifest);
  const layer = isImageIndex(manifest) ? undefined : manifest.layers[0]?.mediaType;
  const version = digest === undefined ? { ...(tag !== undefined && { tag }) } : { digest };
  const named: RegistryReference = { ...reference, ...version };
  return snippetsFor(named, kind, layer);
}
