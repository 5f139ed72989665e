import { type Document, isCollection, isMap, isPair, isScalar } from 'yaml';
import type { JsonPath } from './jsonScanner.ts';
import type { TextRange } from './textRange.ts';

/** A key that its mapping has already. */
export interface DuplicateKey extends TextRange {
  readonly path: JsonPath;
}

/** How to get to a node. Paths are put together only for what is found: a hostile text has very long ones. */
interface Visit {
  readonly node: unknown;
  readonly from?: { readonly visit: Visit; readonly step: string | number };
}

/**
 * The keys that occur twice in a mapping, in the order of the text, up to a limit. The library finds them too, but compares
 * every key with every other one, which takes seconds for a mapping of some thousands.
 */
export function duplicateKeys({ contents }: Document, limit: number): readonly DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const pending: Visit[] = [{ node: contents }];
  for (let visit = pending.pop(); visit !== undefined && found.length < limit; visit = pending.pop()) {
    const { node } = visit;
    if (!isCollection(node)) continue;
    const seen = new Set<unknown>();
    for (const [index, item] of node.items.entries()) {
      const key = isPair(item) ? item.key : undefined;
      const from = { visit, step: isMap(node) && isScalar(key) ? String(key.value) : index };
      if (isScalar(key) && key.range && seen.has(key.value)) {
        const [start, end] = key.range;
        found.push({ path: pathOf({ node: key, from }), start, end });
      }
      if (isScalar(key)) seen.add(key.value);
      pending.push({ node: isPair(item) ? item.value : item, from });
    }
  }
  return found.sort((one, other) => one.start - other.start).slice(0, limit);
}

function pathOf(visit: Visit): JsonPath {
  const path: (string | number)[] = [];
  for (let { from } = visit; from !== undefined; from = from.visit.from) path.unshift(from.step);
  return path;
}
