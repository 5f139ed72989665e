import { window } from 'vscode';
import { parseReference } from '../../oci/index.ts';
import { addressOfReference } from './askAddress.ts';
import { type ContentParts, openManifest } from './openManifest.ts';
import { validateWith } from './validateWith.ts';

/** Opens the manifest that a typed reference names, in a registry or an image layout. */
export async function openReference(parts: ContentParts): Promise<void> {
  const text = await window.showInputBox({
    title: 'Open a Reference',
    prompt: 'Reference of an artifact',
    placeHolder: 'oci://ghcr.io/team/product:1.2.0, or layout:/backup/product:1.2.0',
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => typed === '' || parseReference(typed)),
  });
  if (text === undefined || text.trim() === '') return;
  const address = await addressOfReference(parts.book, parseReference(text.trim()));
  if (address !== undefined) await openManifest(parts, address);
}
