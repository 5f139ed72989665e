import type { JsonPath } from './jsonScanner.ts';
import { explain } from './manifestHover.ts';
import { type JsonSchema, valuesOf } from './schema/jsonSchema.ts';
import { formOf, registrySchemaAt } from './schema/registryConfigJsonSchema.ts';

/** Something that can be written at a place of a manifest.yaml. */
export interface ManifestCompletion {
  readonly kind: 'key' | 'value';
  readonly label: string;
  /** A snippet in VS Code's syntax; lines after the first are indented relative to the first. */
  readonly snippet: string;
  /** Markdown of ours. */
  readonly documentation: string;
  /** Whether the schema asks for it. */
  readonly isRequired: boolean;
}

/**
 * What may be written at a place in the `artifacts.registry` section of a manifest.yaml in block style. Goes by indentation,
 * for text that somebody is writing is seldom YAML yet.
 *
 * @param index of the line that is being written
 * @param column how far it is written
 */
export function manifestCompletions(
  lines: readonly string[],
  index: number,
  column: number,
): readonly ManifestCompletion[] {
  const match = WRITTEN.exec((lines[index] ?? '').slice(0, column));
  if (match === null) return [];
  const [, before = '', key] = match;
  const parents = parentsOf(lines, index, before.length);
  if (parents === undefined) return [];
  return key === undefined ? keysIn(parents.path, parents.siblings) : valuesIn([...parents.path, key]);
}

/** The start of a key, or a key and the start of its value; groups: what is before the key, the key. */
const WRITTEN = /^(\s*(?:-\s+)?)(?:([\w-]+):\s+)?[\w-]*$/;

function keysIn(path: JsonPath, siblings: readonly string[]): readonly ManifestCompletion[] {
  if (path.length === 1 && path[0] === 'artifacts') return siblings.includes('registry') ? [] : [REGISTRY];
  const schema = inRegistry(path);
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = formOf(schema);
  return Object.entries(properties)
    .filter(([name]) => !siblings.includes(name))
    .map(([name, member]) => {
      const isRequired = required.includes(name);
      return {
        kind: 'key',
        label: name,
        snippet: snippetFor(name, member),
        documentation: explain(member),
        isRequired,
      };
    });
}

function valuesIn(path: JsonPath): readonly ManifestCompletion[] {
  const schema = inRegistry(path);
  if (schema === undefined) return [];
  return valuesOf(schema).map((value) => {
    const label = String(value);
    return { kind: 'value', label, snippet: label, documentation: explain(schema), isRequired: false };
  });
}

const REGISTRY: ManifestCompletion = {
  kind: 'key',
  label: 'registry',
  snippet: `registry:\n  uri: oci://\${1:ghcr.io}/\${2:acme/product}\n  auth:\n    type: \${3|anonymous,basic,token,aws-irsa,azure-managed-identity,gcp-workload-identity|}`,
  documentation: 'The registry that the artifacts of this platform are in, and how it is reached.',
  isRequired: true,
};

function inRegistry(path: JsonPath): JsonSchema | undefined {
  return path[0] === 'artifacts' && path[1] === 'registry' ? registrySchemaAt(path.slice(2)) : undefined;
}

function snippetFor(name: string, schema: JsonSchema): string {
  const { properties, additionalProperties, type } = formOf(schema);
  if (type === 'array') return `${name}:\n  - $0`;
  if (properties || typeof additionalProperties === 'object') return `${name}:\n  $0`;
  const values = valuesOf(schema);
  if (values.length > 0) return `${name}: \${1|${values.join(',')}|}`;
  return schema.default === undefined ? `${name}: $0` : `${name}: \${1:${schema.default}}`;
}

interface Parents {
  readonly path: JsonPath;
  /** Keys that are there beside the place. */
  readonly siblings: readonly string[];
}

interface KeyLine {
  readonly name: string;
  /** Columns before the key. */
  readonly column: number;
  /** Columns before the dash, where the key is the first of an entry of a list. */
  readonly dash: number | undefined;
}

const KEY = /^(\s*)(-\s+)?(['"]?)([\w.-]+)\3\s*:(?:\s|$)/;

function keyIn(line: string): KeyLine | undefined {
  const [, space = '', dash, , name] = KEY.exec(line) ?? [];
  if (name === undefined) return undefined;
  return { name, column: space.length + (dash?.length ?? 0), dash: dash === undefined ? undefined : space.length };
}

/** An entry of a list is below whatever holds the list, which may start in the same column. */
const INSIDE = 0.5;

/** Undefined where the lines above have no such place. */
function parentsOf(lines: readonly string[], index: number, indent: number): Parents | undefined {
  const path: (string | number)[] = [];
  const siblings = siblingsBelow(lines.slice(index + 1), indent);
  let level = indent;
  const own = lines[index] ?? '';
  if (/^\s*-\s/.test(own)) {
    path.unshift(0);
    level = own.indexOf('-') + INSIDE;
  }
  for (const line of lines.slice(0, index).reverse()) {
    const found = keyIn(line);
    if (found === undefined) continue;
    const { name, column, dash } = found;
    if (path.length === 0 && column === level) siblings.push(name);
    if (dash !== undefined && column === level) {
      path.unshift(0);
      level = dash + INSIDE;
    } else if (dash === undefined && column < level) {
      path.unshift(name);
      level = column;
    }
    if (level === 0) return { path, siblings };
  }
  return undefined;
}

function siblingsBelow(lines: readonly string[], indent: number): string[] {
  const names: string[] = [];
  for (const line of lines) {
    const found = keyIn(line);
    if (found === undefined) continue;
    if (found.column < indent || found.dash !== undefined) break;
    if (found.column === indent) names.push(found.name);
  }
  return names;
}
