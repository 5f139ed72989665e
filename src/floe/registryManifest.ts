import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { DocumentProblem } from '../oci/index.ts';
import { invalidDocument, MAX_PROBLEMS } from './jsonDocument.ts';
import { formatJsonPath } from './jsonPath.ts';
import type { JsonPath } from './jsonScanner.ts';
import { hintFor } from './registryHints.ts';
import { type RegistryConfig, registryConfigSchema } from './schema/registryConfig.ts';
import { checkSchema, type SchemaProblem } from './schemaProblems.ts';

export const MANIFEST_API_VERSION = 'floe.dev/v1';

/** Characters. A platform manifest has a few thousand; parsing much more would stall an editor. */
const MAX_LENGTH = 1_000_000;
const SECTION: JsonPath = ['artifacts', 'registry'];
/** Sections that documents of floe put beside `registry`. Passing over a verification policy would be dangerous. */
const MISPLACED = ['signing', 'verification'];

/**
 * Reads the registry of a manifest.yaml. Undefined when the file is not floe's (Kubernetes uses the name too), or names no
 * registry; only the section `artifacts.registry` is held against its schema, the rest of the file is not ours to judge.
 *
 * @throws OciError INVALID_DOCUMENT with path, line and sentence for each problem
 */
export function readRegistryManifest(text: string, file: string): RegistryConfig | undefined {
  if (text.length > MAX_LENGTH) {
    if (!text.includes(MANIFEST_API_VERSION)) return undefined;
    throw invalidDocument(file, [{ path: '', message: 'is longer than the million characters that are read' }]);
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const document = [...documents].find(isOurs);
  if (document === undefined) return undefined;
  const lineOf = (offset: number): number => lines.linePos(offset).line;

  if (document.errors.length > 0) {
    const problems = document.errors.slice(0, MAX_PROBLEMS).map(({ message, pos }): DocumentProblem => {
      return { path: '', message: `is not YAML: ${message}`, line: lineOf(pos[0]) };
    });
    throw invalidDocument(file, problems);
  }
  const section = document.getIn(SECTION, true);
  const problems: SchemaProblem[] = misplacedSections(document);
  if (!isNode(section) || (isScalar(section) && section.value === null)) {
    if (problems.length === 0) return undefined;
    throw invalidDocument(file, located(document, problems, lineOf));
  }
  const value = plain(document, section, file, lineOf);
  const check = checkSchema(registryConfigSchema, value);
  problems.push(
    ...check.unknown.map((path) => unknownKey([...SECTION, ...path])),
    ...check.problems.map(({ path, message }) => ({ path: [...SECTION, ...path], message })),
  );
  if (problems.length > 0) throw invalidDocument(file, located(document, problems, lineOf));
  return registryConfigSchema.parse(value);
}

function isOurs(document: Document.Parsed): boolean {
  return (
    isMap(document.contents) &&
    (document.get('apiVersion') === MANIFEST_API_VERSION || isMap(document.getIn(SECTION, true)))
  );
}

/** Aliases are counted by the library: a few that multiply could fill the memory. */
function plain(document: Document, section: Node, file: string, lineOf: (offset: number) => number): unknown {
  try {
    return section.toJS(document);
  } catch (error) {
    const problem = { path: SECTION, message: 'has an alias without an anchor, or too many aliases' };
    throw invalidDocument(file, located(document, [problem], lineOf), error);
  }
}

function misplacedSections(document: Document): SchemaProblem[] {
  return MISPLACED.filter((name) => document.hasIn(['artifacts', name])).map((name) => unknownKey(['artifacts', name]));
}

function unknownKey(path: JsonPath): SchemaProblem {
  const hint = hintFor(path);
  return { path, message: hint === undefined ? 'is not a known key' : `is not a known key; ${hint}` };
}

function located(
  document: Document,
  problems: readonly SchemaProblem[],
  lineOf: (offset: number) => number,
): readonly DocumentProblem[] {
  return problems
    .slice(0, MAX_PROBLEMS)
    .map(({ path, message }) => ({ path: formatJsonPath(path), message, line: lineOf(offsetOf(document, path)) }));
}

/** Where the key of the path stands, or when it is missing the nearest key around it. */
function offsetOf(document: Document, path: JsonPath): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    const item: unknown = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const place = isPair(item) ? item.key : elementOf(node, step);
    node = isPair(item) ? item.value : place;
    if (!isNode(place) || !place.range) break;
    offset = place.range[0];
  }
  return offset;
}

function elementOf(node: unknown, step: string | number): unknown {
  return isNode(node) && 'items' in node && Array.isArray(node.items) ? node.items[Number(step)] : undefined;
}
