/** Longer text from a registry hides what we say about it. */
const MAX_LENGTH = 500;

/**
 * Text from a registry or a file, fit for a label or a message: control and direction-changing characters are gone,
 * and what a notification would take for a link, or a list for an icon, no longer is one.
 */
export function plainText(text: string, maxLength: number = MAX_LENGTH): string {
  const clean = text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu, '')
    .replaceAll('](', '] (')
    .replaceAll('$(', '$ (')
    .trim();
  return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean;
}
