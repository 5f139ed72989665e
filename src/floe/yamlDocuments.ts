import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml';
import { MAX_DEPTH } from './jsonDocument.ts';

/** A YAML text, parsed, with what is needed to say where something stands. */
export interface YamlDocuments {
  readonly documents: readonly Document.Parsed[];
  readonly lines: LineCounter;
  /** Where the text nests deeper than is followed; there are no documents then. */
  readonly tooDeepAt?: number;
}

/** Duplicate keys are for `duplicateKeys` to find, which takes less time. */
const OPTIONS = { logLevel: 'silent', uniqueKeys: false } as const;

/**
 * Reads all documents of a text. The library's own `parseAllDocuments` runs out of stack where a text nests some hundred
 * levels, and says so; here the limit is the same wherever it runs.
 */
export function parseYaml(text: string): YamlDocuments {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooDeepAt = firstTooDeep(tokens);
  if (tooDeepAt !== undefined) return { documents: [], lines, tooDeepAt };
  return { documents: [...new Composer(OPTIONS).compose(tokens, false, text.length)], lines };
}

/** The offset of the first token that is more than {@link MAX_DEPTH} collections deep. */
function firstTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const pending: { readonly token: CST.Token | null | undefined; readonly depth: number }[] = [];
  for (const token of tokens) pending.push({ token, depth: 0 });
  let first: number | undefined;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (!token) continue;
    if (token.type === 'document') pending.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    if (depth >= MAX_DEPTH) {
      first = Math.min(first ?? token.offset, token.offset);
      continue;
    }
    for (const { key, value } of token.items) {
      pending.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 });
    }
  }
  return first;
}
