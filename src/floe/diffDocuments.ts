import { formatJsonPath } from './jsonPath.ts';
import type { JsonPath } from './jsonScanner.ts';

/** One place where two JSON documents differ. `left` and `right` are the values there; absent: none. */
export interface JsonDifference {
  /** `transforms.models.stg_bookings.compute`: members of a list that have names are called by them. */
  readonly path: string;
  readonly left?: unknown;
  readonly right?: unknown;
}

/** What the members of a list are told apart by, where each has one of its own: models by name, plugins by type. */
const KEYS = ['name', 'id', 'type'] as const;

/**
 * Where two parsed documents differ, in the order of the left one, then what only the right one has. The order of members
 * with names is no difference; that of all others is.
 */
export function diffJson(left: unknown, right: unknown): readonly JsonDifference[] {
  return [...differences(left, right, [])];
}

function* differences(left: unknown, right: unknown, path: JsonPath): Generator<JsonDifference> {
  const [mine, yours] = membersOf(left, right) ?? [];
  if (mine === undefined || yours === undefined) {
    if (JSON.stringify(left) !== JSON.stringify(right)) yield { path: formatJsonPath(path), left, right };
    return;
  }
  for (const step of new Set([...mine.keys(), ...yours.keys()])) {
    const below = [...path, step];
    if (!mine.has(step)) yield { path: formatJsonPath(below), right: yours.get(step) };
    else if (!yours.has(step)) yield { path: formatJsonPath(below), left: mine.get(step) };
    else yield* differences(mine.get(step), yours.get(step), below);
  }
}

type Members = ReadonlyMap<string | number, unknown>;

/** Both values as members that can be compared one by one; undefined for values that are compared as they are. */
function membersOf(left: unknown, right: unknown): readonly [Members, Members] | undefined {
  if (Array.isArray(left) && Array.isArray(right)) {
    const key = KEYS.find((each) => areNamed(left, each) && areNamed(right, each));
    return [listMembers(left, key), listMembers(right, key)];
  }
  if (!isObject(left) || !isObject(right)) return undefined;
  return [new Map(Object.entries(left)), new Map(Object.entries(right))];
}

function listMembers(list: readonly unknown[], key: string | undefined): Members {
  return new Map(list.map((value, index) => [key === undefined ? index : nameOf(value, key), value]));
}

function areNamed(list: readonly unknown[], key: string): boolean {
  const names = list.map((value) => (isObject(value) ? value[key] : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}

function nameOf(value: unknown, key: string): string {
  return isObject(value) ? String(value[key]) : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
