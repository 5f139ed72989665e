import { l10n, window } from 'vscode';
import { parseReference } from '../../oci/index.ts';
import { addressOfReference } from '../operations/addressOfReference.ts';
import { inspect } from './inspect.ts';
import { type ContentParts, openManifest } from './openManifest.ts';
import { validateWith } from './validateWith.ts';

/**
 * Opens what a reference names, in a registry or an image layout: the manifest of what is typed, the overview of what
 * is clicked on.
 * @param known the reference that was clicked on; the user is asked for one otherwise
 * @throws OciError INVALID_REFERENCE when what is known is none
 */
export async function openReference(parts: ContentParts, known?: string): Promise<void> {
  const text = known ?? (await askReference());
  if (text === undefined || text.trim() === '') return;
  const address = await addressOfReference(parts.book, parseReference(text.trim()));
  if (address !== undefined) await (known === undefined ? openManifest : inspect)(parts, address);
}

async function askReference(): Promise<string | undefined> {
  return await window.showInputBox({
    title: l10n.t('Open a Reference'),
    prompt: l10n.t('Reference of an artifact'),
    placeHolder: l10n.t('oci://ghcr.io/team/product:1.2.0, or layout:/backup/product:1.2.0'),
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => typed === '' || parseReference(typed)),
  });
}
