import {
  CodeAction,
  CodeActionKind,
  CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  Hover,
  l10n,
  MarkdownString,
  type Position,
  Range,
  SnippetString,
  type TextDocument,
  WorkspaceEdit,
} from 'vscode';
import { manifestCompletions } from '../../floe/manifestCompletion.ts';
import { type FixAct, type ManifestFix, manifestFixes } from '../../floe/manifestFixes.ts';
import { manifestHover } from '../../floe/manifestHover.ts';
import type { TextRange } from '../../floe/textRange.ts';
import { PROBLEM_SOURCE } from './problemSource.ts';

/** What may be written here. */
export function completionsAt(document: TextDocument, { line, character }: Position): CompletionItem[] {
  const lines = document.getText().split(/\r?\n/);
  return manifestCompletions(lines, line, character).map(({ kind, label, snippet, documentation, isRequired }) => {
    const item = new CompletionItem(label, kind === 'key' ? CompletionItemKind.Property : CompletionItemKind.Value);
    item.insertText = new SnippetString(snippet);
    item.documentation = new MarkdownString(documentation);
    // What is required comes first, all else by name.
    item.sortText = `${isRequired ? 0 : 1}${label}`;
    return item;
  });
}

/** What the key under the pointer is for. */
export function hoverAt(document: TextDocument, position: Position): Hover | undefined {
  const hover = manifestHover(document.getText(), document.offsetAt(position));
  return hover && new Hover(new MarkdownString(hover.markdown), rangeOf(document, hover));
}

/** What can be done about problems of ours. */
export function fixesFor(document: TextDocument, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const ours = diagnostics.filter(({ source }) => source === PROBLEM_SOURCE);
  if (ours.length === 0) return [];
  const fixes = manifestFixes(document.getText());
  return ours.flatMap((diagnostic) =>
    fixes
      .filter(({ path }) => diagnostic.message.startsWith(`${path} `))
      .map((fix) => actionFor(document, fix, diagnostic)),
  );
}

function actionFor(document: TextDocument, { act, edits }: ManifestFix, diagnostic: Diagnostic): CodeAction {
  const action = new CodeAction(titleOf(act), CodeActionKind.QuickFix);
  action.edit = new WorkspaceEdit();
  for (const edit of edits) action.edit.replace(document.uri, rangeOf(document, edit), edit.text);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return action;
}

function titleOf({ kind, name }: FixAct): string {
  switch (kind) {
    case 'write':
      return l10n.t('Write {0}', name);
    case 'remove':
      return l10n.t('Remove {0}', name);
    case 'move':
      return l10n.t('Move {0} into registry', name);
    case 'add':
      return l10n.t('Add {0} with type anonymous', name);
  }
}

function rangeOf(document: TextDocument, { start, end }: TextRange): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
