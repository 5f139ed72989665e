/**
 * Characters without a shape of their own: controls, line separators, and what reorders, joins or hides text, such as
 * bidirectional marks, zero-width characters, tags and fillers. Variation selectors up to U+FE0F, which choose between the
 * shapes of a letter, are left.
 */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/gu;

/** Text of unknown origin as one line that a terminal takes literally: a character without a shape becomes `\u{…}`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON that parses to the value, in which no character without a shape stands as itself but line breaks of its own. */
export function visibleJson(value: unknown, indent?: number): string {
  return escapedInJson(JSON.stringify(value, null, indent) ?? 'null', UNSEEN);
}

/** JSON with these characters written as their escapes, which mean the same; its own line breaks stay. */
export function escapedInJson(json: string, characters: RegExp): string {
  return json.replace(characters, (character) =>
    character === '\n'
      ? character
      : character
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}
