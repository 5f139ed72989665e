import { commands, l10n, type Uri } from 'vscode';
import { OVERVIEW_EDITOR } from '../overview/overviewEditors.ts';
import type { Address } from '../places.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import { askAddress } from './askAddress.ts';
import { type ContentParts, manifestUri } from './openManifest.ts';

/** Opens the overview of a manifest. @param known its document, or as much of its address as is known */
export async function inspect(
  { book, presenter, observability }: ContentParts,
  known?: Uri | Partial<Address>,
): Promise<void> {
  if (known !== undefined && 'scheme' in known) return await open(known);
  const address = await askAddress(l10n.t('Inspect'), book, known);
  const uri =
    address &&
    (await presenter.attempt('inspect', () =>
      observeAt(observability, 'resolve', address, () => manifestUri(address)),
    ));
  if (uri !== undefined) await open(uri);
}

async function open(uri: Uri): Promise<void> {
  await commands.executeCommand('vscode.openWith', uri, OVERVIEW_EDITOR, { preview: false });
}
