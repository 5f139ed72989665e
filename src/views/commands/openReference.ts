import { window } from 'vscode';
import { parseRegistryReference } from '../../oci/index.ts';
import { type ContentParts, openManifest } from './openManifest.ts';
import { validateWith } from './validateWith.ts';

/** Opens the manifest that a typed reference names. */
export async function openReference(parts: ContentParts): Promise<void> {
  const text = await window.showInputBox({
    title: 'Open a Reference',
    prompt: 'Reference of an artifact',
    placeHolder: 'oci://ghcr.io/team/product:1.2.0',
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => typed === '' || parseRegistryReference(typed)),
  });
  if (text === undefined || text.trim() === '') return;
  const { registry, repository, tag, digest } = parseRegistryReference(text.trim());
  const place = await parts.book.placeOfRegistry(registry);
  if (place === undefined) return;
  await openManifest(parts, {
    place,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  });
}
