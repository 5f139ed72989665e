import { type Document, isMap, isNode, isPair, isScalar } from 'yaml';
import type { JsonPath } from './jsonScanner.ts';
import type { TextRange } from './textRange.ts';

/** What to mark in YAML text, and where the key stands that it is about. */
export interface PlaceInYaml extends TextRange {
  readonly key: number;
}

/**
 * Where a path leads in a document. Marked is a single value, if the value is meant, and else the key; of what is missing,
 * the nearest key around it.
 */
export function placeInYaml(document: Document, path: JsonPath, mark: 'key' | 'value'): PlaceInYaml {
  let node: unknown = document.contents;
  let found: PlaceInYaml = { start: 0, end: 1, key: 0 };
  for (const [depth, step] of path.entries()) {
    const item: unknown = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const place = isPair(item) ? item.key : elementOf(node, step);
    const value = isPair(item) ? item.value : place;
    if (!isNode(place) || !place.range) break;
    const [key, end] = place.range;
    found = { key, start: key, end };
    const isMeant = mark === 'value' && depth === path.length - 1;
    if (isMeant && isScalar(value) && value.value !== null && value.range) {
      const [start, valueEnd] = value.range;
      found = { key, start, end: valueEnd };
    }
    node = value;
  }
  return found;
}

function elementOf(node: unknown, step: string | number): unknown {
  return isNode(node) && 'items' in node && Array.isArray(node.items) ? node.items[Number(step)] : undefined;
}
