import { plainText } from './plainText.ts';

/**
 * Text from a registry or a document, for Markdown that we write: within a code span nothing of it is markup, and a
 * preview loads no image that it names.
 */
export function codeSpan(text: string, maxLength?: number): string {
  return `\`${plainText(text, maxLength).replaceAll('`', "'")}\``;
}
