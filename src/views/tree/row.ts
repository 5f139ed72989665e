import { type Command, MarkdownString, type Uri } from 'vscode';
import { plainText } from '../plainText.ts';

/** How a row looks. `spoken` is what a screen reader says instead of label and description. */
export interface Row {
  readonly label: string;
  readonly description?: string;
  readonly icon: string;
  readonly iconColor?: string;
  readonly flags: readonly string[];
  readonly state: 'leaf' | 'folded' | 'unfolded';
  readonly spoken: string;
  readonly tooltip?: string | MarkdownString;
  readonly command?: Command;
  /** What VS Code asks for decorations of, once the row is in view. */
  readonly resourceUri?: Uri;
}

/** A tooltip: a title, and the facts that are known. Text from elsewhere is escaped: it is data, never markup. */
export function factList(
  title: string,
  facts: readonly (readonly [name: string, value: string | undefined])[],
): MarkdownString {
  const text = new MarkdownString();
  text.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n');
  for (const [name, value] of facts) {
    if (value !== undefined) text.appendMarkdown(`- ${name}: `).appendText(plainText(value)).appendMarkdown('\n');
  }
  return text;
}
