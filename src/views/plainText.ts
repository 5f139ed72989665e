import { UNSEEN } from '../oci/index.ts';

/** Longer text from a registry hides what we say about it. */
const MAX_LENGTH = 500;

/**
 * Text from a registry or a file, fit for a label or a message: characters without a shape of their own are gone,
 * and what a notification would take for a link, or a list for an icon, no longer is one.
 */
export function plainText(text: string, maxLength: number = MAX_LENGTH): string {
  const clean = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(UNSEEN, '')
    .replaceAll('](', '] (')
    .replaceAll('$(', '$ (')
    .trim();
  return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean;
}
