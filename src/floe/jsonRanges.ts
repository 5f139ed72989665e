import { MAX_DEPTH } from './jsonDocument.ts';
import { formatJsonPath, valueAt } from './jsonPath.ts';
import { type JsonPath, scanJson } from './jsonScanner.ts';
import type { TextRange } from './textRange.ts';

/** What to mark of a member: its name, or its value where that is a single one. */
export interface PlaceInJson {
  readonly path: JsonPath;
  readonly mark: 'name' | 'value';
}

/**
 * Where to mark places in JSON text, `document` being what it says. Of what is missing, the nearest member around it is
 * marked; of an object or a list only the name, so that no half of a document is underlined.
 */
export function rangesIn(
  text: string,
  document: unknown,
  places: readonly PlaceInJson[],
): readonly (TextRange | undefined)[] {
  const wanted = places.map(({ path, mark }) => {
    const nearest = nearestPath(document, path);
    const isSingle = typeof valueAt(document, nearest) !== 'object' || valueAt(document, nearest) === null;
    const isName = typeof nearest.at(-1) === 'string' && (mark === 'name' || !isSingle || nearest.length < path.length);
    return { key: formatJsonPath(nearest), last: nearest.at(-1), isName, isSingle };
  });
  const [names, values] = [new Map<string, TextRange>(), new Map<string, TextRange>()];
  // Formatting every path of a large document takes longer than all the rest.
  const lastSteps = new Set(wanted.map(({ last }) => last));
  const keep = (ranges: Map<string, TextRange>) => (path: JsonPath, start: number, end: number) => {
    if (lastSteps.has(path.at(-1))) ranges.set(formatJsonPath(path), { start, end });
  };
  scanJson(text, MAX_DEPTH, { onName: keep(names), onValueEnd: keep(values) });
  return wanted.map(({ key, isName, isSingle }) => {
    const range = (isName ? names : values).get(key);
    // Of an entry of a list, and of the document, the bracket that it starts with.
    return range && (isName || isSingle ? range : { start: range.start, end: range.start + 1 });
  });
}

/** The path as far as there is something. */
export function nearestPath(document: unknown, path: JsonPath): JsonPath {
  const missing = path.findIndex((_, index) => valueAt(document, path.slice(0, index + 1)) === undefined);
  return missing < 0 ? path : path.slice(0, missing);
}
