/** Longer values are in the manifest itself. */
const MAX_LENGTH = 2_000;

/** Control characters except tab and line feed, and those that change the direction of text or have no width. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/**
 * Text from a registry for a page that shows it as text: what could not be seen, or would move what stands beside it, is
 * written as an escape, `\u{202e}`.
 */
export function visibleText(text: string, maxLength: number = MAX_LENGTH): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return cut
    .toWellFormed()
    .replace(UNSEEN, (character) =>
      character === '\n' || character === '\t' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );
}
