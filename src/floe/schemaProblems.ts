import type * as z from 'zod/mini';
import type { DocumentProblem } from '../oci/index.ts';
import type { JsonDocument } from './jsonDocument.ts';
import { formatJsonPath, valueAt } from './jsonPath.ts';
import { nearestPath } from './jsonRanges.ts';
import type { JsonPath } from './jsonScanner.ts';

/** Where a value breaks its schema, and in words how. The sentence never quotes the value: it may be a secret. */
export interface SchemaProblem {
  readonly path: JsonPath;
  readonly message: string;
}

/** How far a document keeps its schema. */
export interface SchemaCheck {
  readonly problems: readonly SchemaProblem[];
  /** Members the schema does not know, wherever they are. */
  readonly unknown: readonly JsonPath[];
}

/**
 * Checks a value against a strict schema and tells unknown members from problems. Rules between fields are checked even
 * where unknown members stand beside them.
 */
export function checkSchema(schema: z.ZodMiniType, value: unknown): SchemaCheck {
  const first = schema.safeParse(value);
  if (first.success) return { problems: [], unknown: [] };
  const unknown = first.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...pathOf(issue), key]) : [],
  );
  const again = unknown.length === 0 ? first : schema.safeParse(without(value, unknown));
  const issues = again.success ? [] : again.error.issues;
  return { problems: issues.map((issue) => ({ path: pathOf(issue), message: sentenceOf(issue, value) })), unknown };
}

/** Adds lines: of the value, or where it is missing of the nearest value around it. */
export function locate(problems: readonly SchemaProblem[], document: JsonDocument): readonly DocumentProblem[] {
  const lines = document.linesOf(problems.map(({ path }) => nearestPath(document.value, path)));
  return problems.map(({ path, message }, index) => {
    const line = lines[index];
    return { path: formatJsonPath(path), message, ...(line === undefined ? {} : { line }) };
  });
}

function without(value: unknown, paths: readonly JsonPath[]): unknown {
  const copy = structuredClone(value);
  for (const path of paths) {
    const parent = valueAt(copy, path.slice(0, -1));
    const name = path.at(-1);
    if (typeof parent === 'object' && parent !== null && name !== undefined) Reflect.deleteProperty(parent, name);
  }
  return copy;
}

function pathOf(issue: z.core.$ZodIssue): JsonPath {
  return issue.path.filter((step) => typeof step !== 'symbol');
}

/** What zod/mini says when a check has no sentence of its own: it ships without any language. */
const NO_SENTENCE = 'Invalid input';

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

function sentenceOf(issue: z.core.$ZodIssue, document: unknown): string {
  if (valueAt(document, pathOf(issue)) === undefined && issue.code !== 'custom') return 'is required';
  if (issue.message !== NO_SENTENCE) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return bound(issue.origin, issue.minimum, 'at least');
    case 'too_big':
      return bound(issue.origin, issue.maximum, 'at most');
    default:
      return 'is not accepted';
  }
}

function bound(origin: string, limit: number | bigint, side: string): string {
  if (origin === 'string') return limit === 1 ? 'must not be empty' : `must have ${side} ${limit} characters`;
  if (origin === 'array') return limit === 1 ? 'must not be empty' : `must have ${side} ${limit} entries`;
  return `must be ${side} ${limit}`;
}
