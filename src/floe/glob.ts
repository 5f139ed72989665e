import { OciError } from '../oci/index.ts';

/** Names have at most a few hundred characters; a longer pattern matches nothing and only costs time to try. */
const MAX_LENGTH = 256;
/** Braces multiply; nobody means more. */
const MAX_ALTERNATIVES = 64;
const ACCEPTED = `a glob of 1 to ${MAX_LENGTH} characters with *, ?, [a-z] and {a,b}, such as v1.*`;

/**
 * A glob over names: `*` any characters, `?` one, `[a-z]` and `[!a-z]` one of or one but these, `{a,b}` either; a backslash
 * makes the next character plain. Case matters, and no character is special in a name.
 *
 * Not by way of a regular expression: patterns come from settings and names from registries, and together they could make
 * one backtrack for minutes. This takes at most length times length steps.
 *
 * @param argument what an error calls the pattern: a flag or a setting
 * @throws OciError INVALID_ARGUMENT
 */
export function compileGlob(pattern: string, argument: string): (name: string) => boolean {
  const alternatives = pattern === '' || pattern.length > MAX_LENGTH ? undefined : alternativesOf(pattern);
  const globs = alternatives?.map(parseGlob).filter((glob) => glob !== undefined);
  if (globs === undefined || globs.length !== alternatives?.length) {
    throw new OciError('INVALID_ARGUMENT', `${argument} is not a glob: ${JSON.stringify(pattern)}`, {
      argument,
      value: pattern,
      accepted: ACCEPTED,
    });
  }
  return (name) => globs.some((glob) => matches(glob, name));
}

type Token = typeof STAR | ((character: string) => boolean);
const STAR = '*';

/** A star takes as little as it can; when the rest does not fit, only the last star has to take one more. */
function matches(glob: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    const wanted = glob[token];
    if (wanted === STAR) {
      star = token++;
      taken = at;
    } else if (wanted?.(name.charAt(at))) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      at = ++taken;
    } else {
      return false;
    }
  }
  return glob.slice(token).every((rest) => rest === STAR);
}

/** Undefined when the pattern ends in the middle of something. */
function parseGlob(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') tokens.push(STAR);
    else if (character === '?') tokens.push(() => true);
    else if (character === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) return undefined;
      tokens.push(parseSet(pattern.slice(at + 1, end)));
      at = end;
    } else {
      if (character === '\\') at += 1;
      const plain = pattern.charAt(at);
      if (plain === '') return undefined;
      tokens.push((other) => other === plain);
    }
  }
  return tokens;
}

function parseSet(set: string): Token {
  const isNegated = /^[!^]./.test(set);
  const ranges = [...set.slice(isNegated ? 1 : 0).matchAll(/(.)(?:-(.))?/gs)].map(([, from = '', to = from]) => [
    from,
    to,
  ]);
  return (character) => ranges.some(([from = '', to = '']) => from <= character && character <= to) !== isNegated;
}

const WITH_BRACES = /^((?:[^\\{}]|\\.)*)\{((?:[^\\{}]|\\.)*)\}(.*)$/s;
const WITHOUT_BRACES = /^(?:[^\\{}]|\\.)*\\?$/s;

/** The pattern without braces, once for each alternative. Undefined for braces that do not close, nest, or are too many. */
function alternativesOf(pattern: string): readonly string[] | undefined {
  const braces = WITH_BRACES.exec(pattern);
  if (braces === null) return WITHOUT_BRACES.test(pattern) ? [pattern] : undefined;
  const [, before = '', inside = '', after = ''] = braces;
  const rest = alternativesOf(after);
  const choices = inside.split(',');
  if (rest === undefined || rest.length * choices.length > MAX_ALTERNATIVES) return undefined;
  return choices.flatMap((choice) => rest.map((end) => before + choice + end));
}
