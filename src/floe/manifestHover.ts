import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { JsonPath } from './jsonScanner.ts';
import { manifestDocument } from './registryManifest.ts';
import type { JsonSchema } from './schema/jsonSchema.ts';
import { valuesOf } from './schema/jsonSchema.ts';
import { formOf, registrySchemaAt } from './schema/registryConfigJsonSchema.ts';
import type { TextRange } from './textRange.ts';

/** What a member of a manifest.yaml means, and where it stands. */
export interface ManifestHover extends TextRange {
  /** Markdown of ours; nothing of the document is in it. */
  readonly markdown: string;
}

/** What the key at a place in a manifest.yaml is for; undefined outside of `artifacts.registry`. */
export function manifestHover(text: string, offset: number): ManifestHover | undefined {
  const found = keyAt(manifestDocument(text)?.contents, offset, []);
  if (found === undefined || found.path[0] !== 'artifacts' || found.path[1] !== 'registry') return undefined;
  const schema = registrySchemaAt(found.path.slice(2));
  const markdown = schema && (found.path.length === 2 ? SECTION : explain(schema));
  return markdown ? { start: found.start, end: found.end, markdown } : undefined;
}

const SECTION = 'The registry that the artifacts of this platform are in, and how it is reached.';

/** In words: what it is for, what is accepted, and what counts when nothing is said. */
export function explain(schema: JsonSchema): string {
  const { description, minimum, maximum } = formOf(schema);
  const values = valuesOf(schema).map((value) => `\`${value}\``);
  // Whole numbers have JavaScript's limit, which is nobody's business.
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const facts = [
    values.length > 0 ? `One of ${values.join(', ')}.` : undefined,
    minimum === undefined ? undefined : `From ${minimum}${most === undefined ? ' up' : ` to ${most}`}.`,
    isPlain(schema.default) ? `Default \`${schema.default}\`.` : undefined,
  ];
  return [description, facts.filter((fact) => fact !== undefined).join(' ')].filter(Boolean).join('\n\n');
}

function isPlain(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}

function keyAt(node: unknown, offset: number, path: JsonPath): (TextRange & { readonly path: JsonPath }) | undefined {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      if (holds(item, offset)) return keyAt(item, offset, [...path, index]);
    }
  }
  if (!isMap(node)) return undefined;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const below = [...path, String(key.value)];
    if (holds(key, offset)) return { path: below, start: key.range[0], end: key.range[1] };
    if (holds(value, offset)) return keyAt(value, offset, below);
  }
  return undefined;
}

function holds(node: unknown, offset: number): node is Node & { readonly range: [number, number, number] } {
  return isNode(node) && node.range != null && node.range[0] <= offset && offset <= node.range[1];
}
