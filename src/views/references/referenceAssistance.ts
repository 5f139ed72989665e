import {
  type CancellationToken,
  DocumentLink,
  Hover,
  l10n,
  MarkdownString,
  type Position,
  Range,
  type TextDocument,
  Uri,
} from 'vscode';
import { signalOf } from '../cancellation.ts';
import { codeSpan } from '../codeSpan.ts';
import { plainText } from '../plainText.ts';
import { findReferences } from './findReferences.ts';
import { type FoundReference, writtenReference } from './foundReference.ts';
import type { Look } from './referenceFacts.ts';

const OPEN = 'floeOci.openReference';

/** A link on every reference; a click opens what it names, and asks first where its registry is not connected. */
export async function linksIn(document: TextDocument, kind: 'yaml' | 'dockerfile'): Promise<DocumentLink[]> {
  return (await findReferences(document.getText(), kind)).map((found) => {
    const link = new DocumentLink(rangeOf(document, found), openUri(found));
    link.tooltip = l10n.t('Inspect {0}', writtenReference(found));
    return link;
  });
}

/** What is known of the reference under the pointer. Once nobody waits for it, nothing more is asked. */
export async function hoverAt(
  document: TextDocument,
  position: Position,
  token: CancellationToken,
  { kind, look }: { readonly kind: 'yaml' | 'dockerfile'; readonly look: Look },
): Promise<Hover | undefined> {
  const offset = document.offsetAt(position);
  const references = await findReferences(document.getText(), kind);
  const found = references.find(({ start, end }) => start <= offset && offset <= end);
  if (found === undefined || token.isCancellationRequested) return undefined;
  const written = writtenReference(found);
  const text = new MarkdownString();
  // Nothing else can be run from here, whatever a registry has put into its answer.
  text.isTrusted = { enabledCommands: [OPEN] };
  text.appendMarkdown(`${codeSpan(written)}\n\n`);
  const known = await look(written, { signal: signalOf(token) });
  if (token.isCancellationRequested) return undefined;
  for (const [name, value] of known?.facts ?? []) {
    text
      .appendMarkdown('- ')
      .appendText(`${name}: `)
      .appendMarkdown(`${codeSpan(plainText(value, 200))}\n`);
  }
  text.appendMarkdown(`\n\n[${l10n.t('Inspect')}](${openUri(found).toString()})`);
  return new Hover(text, rangeOf(document, found));
}

function openUri(found: FoundReference): Uri {
  return Uri.from({ scheme: 'command', path: OPEN, query: JSON.stringify([writtenReference(found)]) });
}

function rangeOf(document: TextDocument, { start, end }: FoundReference): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
