import { type Document, isMap, isNode, isScalar, type LineCounter, type Node } from 'yaml';
import type { DocumentProblem } from '../oci/index.ts';
import { checkUtf8, type DocumentFile, invalidDocument, MAX_DEPTH, MAX_PROBLEMS } from './jsonDocument.ts';
import { formatJsonPath } from './jsonPath.ts';
import type { JsonPath } from './jsonScanner.ts';
import { hintFor } from './registryHints.ts';
import { type RegistryConfig, registryConfigSchema } from './schema/registryConfig.ts';
import { checkSchema, type SchemaProblem } from './schemaProblems.ts';
import type { Finding } from './textRange.ts';
import { parseYaml, type YamlDocuments } from './yamlDocuments.ts';
import { duplicateKeys } from './yamlDuplicates.ts';
import { type PlaceInYaml, placeInYaml } from './yamlPlaces.ts';

/** The `apiVersion` by which a manifest.yaml is floe's. */
export const MANIFEST_API_VERSION = 'floe.dev/v1';

/** Characters. A platform manifest has a few thousand; parsing the worst text of this length takes half a second. */
const MAX_LENGTH = 250_000;
/** Such a text is not read, and belongs to floe as far as can be seen without. */
const LOOKS_LIKE_OURS = /^apiVersion:\s*["']?floe\.dev\/v1|^artifacts:\s*$/m;
const SECTION: JsonPath = ['artifacts', 'registry'];
/** Sections that documents of floe put beside `registry`. Passing over a verification policy would be dangerous. */
const MISPLACED = ['signing', 'verification'];

/** The registry of a manifest.yaml. */
export interface RegistryDocument {
  /** With defaults for what the file leaves out. */
  readonly config: RegistryConfig;
  /** Whether the file itself has the section, such as `resilience`, `retry`: something else may have a say where it has not. */
  has(...section: readonly string[]): boolean;
}

/**
 * The same from the bytes of the file, which may start with a byte order mark.
 * @throws as {@link readRegistryDocument} does, and of floe's own files also for what is not UTF-8
 */
export function readRegistryFile(file: DocumentFile): RegistryDocument | undefined {
  const document = readRegistryDocument(new TextDecoder().decode(file.bytes), file.file);
  if (document !== undefined) checkUtf8(file);
  return document;
}

/**
 * Reads the registry of a manifest.yaml. Undefined when the file is not floe's (Kubernetes uses the name too), or names no
 * registry; only the section `artifacts.registry` is held against its schema, the rest of the file is not ours to judge.
 *
 * @throws OciError INVALID_DOCUMENT with path, line and sentence for each problem
 */
export function readRegistryDocument(text: string, file: string): RegistryDocument | undefined {
  const checked = checkManifest(text);
  if (checked === undefined) return undefined;
  const { lines, problems, value, document } = checked;
  if (problems.length > 0) {
    const located = problems.map(({ path, message, key }): DocumentProblem => {
      return { path: formatJsonPath(path), message, ...(lines && { line: lines.linePos(key).line }) };
    });
    throw invalidDocument(file, located);
  }
  if (value === undefined || document === undefined) return undefined;
  return {
    config: registryConfigSchema.parse(value),
    has: (...path) => document.hasIn([...SECTION, ...path]),
  };
}

/** What {@link readRegistryDocument} would complain of, place by place; nothing of a file that is not floe's. */
export function reviewRegistryManifest(text: string): readonly Finding[] {
  const { problems = [] } = checkManifest(text) ?? {};
  return problems.map(({ path, message, start, end }) => {
    return { severity: 'error', path: formatJsonPath(path), message, start, end };
  });
}

/** The document of a manifest.yaml that is floe's, also where it breaks the rules; undefined when there is none. */
export function manifestDocument(text: string): Document.Parsed | undefined {
  return text.length > MAX_LENGTH ? undefined : parseOurs(text)?.document;
}

interface ManifestRemark extends SchemaProblem {
  /** It is the key that is wrong, whatever its value. */
  readonly isUnknown?: boolean;
}

/** With where it is. */
interface ManifestProblem extends SchemaProblem, PlaceInYaml {}

interface CheckedManifest {
  readonly problems: readonly ManifestProblem[];
  /** Undefined when the text was not read. */
  readonly lines?: LineCounter;
  readonly document?: Document;
  /** Of the section; undefined when there is none, or it could not be read. */
  readonly value?: unknown;
}

function checkManifest(text: string): CheckedManifest | undefined {
  if (text.length > MAX_LENGTH) {
    if (!LOOKS_LIKE_OURS.test(text)) return undefined;
    const message = `is longer than the ${MAX_LENGTH} characters that are read`;
    return { problems: [{ path: [], message, start: 0, end: 1, key: 0 }] };
  }
  const parsed = parseOurs(text);
  if (parsed === undefined) return undefined;
  const { document, lines, tooDeepAt = 0 } = parsed;
  if (document === undefined) {
    const message = `nests deeper than ${MAX_DEPTH} levels`;
    return { problems: [{ path: [], message, start: tooDeepAt, end: tooDeepAt + 1, key: tooDeepAt }], lines };
  }
  if (document.errors.length > 0) {
    const problems = document.errors.slice(0, MAX_PROBLEMS).map(({ message, pos: [start, end] }): ManifestProblem => {
      return { path: [], message: `is not YAML: ${message}`, start, end, key: start };
    });
    return { problems, lines };
  }
  const repeated = duplicateKeys(document, MAX_PROBLEMS);
  if (repeated.length > 0) {
    const message = 'is there twice';
    return { problems: repeated.map((place) => ({ ...place, message, key: place.start })), lines };
  }
  const located = (remark: ManifestRemark): ManifestProblem => ({
    ...remark,
    ...placeInYaml(document, remark.path, remark.isUnknown ? 'key' : 'value'),
  });
  const section = document.getIn(SECTION, true);
  const misplaced = misplacedSections(document);
  if (!isNode(section) || (isScalar(section) && section.value === null)) {
    return { problems: misplaced.map(located), lines, document };
  }
  const value = plain(document, section);
  if (value === undefined) {
    const problem = { path: SECTION, message: 'has an alias without an anchor, or too many aliases' };
    return { problems: [located(problem)], lines, document };
  }
  const check = checkSchema(registryConfigSchema, value);
  const problems: readonly ManifestRemark[] = [
    ...misplaced,
    ...check.unknown.map((path) => unknownKey([...SECTION, ...path])),
    ...check.problems.map(({ path, message }) => ({ path: [...SECTION, ...path], message })),
  ];
  return { problems: problems.slice(0, MAX_PROBLEMS).map(located), lines, document, value };
}

interface ParsedManifest extends Pick<YamlDocuments, 'lines' | 'tooDeepAt'> {
  /** Undefined where the text nests too deep. */
  readonly document: Document.Parsed | undefined;
}

/** Parsing is dear, and most files of the name are somebody else's. */
function parseOurs(text: string): ParsedManifest | undefined {
  if (!text.includes(MANIFEST_API_VERSION) && !text.includes('artifacts')) return undefined;
  const { documents, ...parsed } = parseYaml(text);
  const document = documents.find(isOurs);
  const isTooDeep = parsed.tooDeepAt !== undefined && LOOKS_LIKE_OURS.test(text);
  return document === undefined && !isTooDeep ? undefined : { ...parsed, document };
}

function isOurs(document: Document.Parsed): boolean {
  return (
    isMap(document.contents) &&
    (document.get('apiVersion') === MANIFEST_API_VERSION || isMap(document.getIn(SECTION, true)))
  );
}

/** Undefined where aliases cannot be followed: the library counts them, for a few that multiply could fill the memory. */
function plain(document: Document, section: Node): unknown {
  try {
    return section.toJS(document);
  } catch {
    return undefined;
  }
}

function misplacedSections(document: Document): ManifestRemark[] {
  return MISPLACED.filter((name) => document.hasIn(['artifacts', name])).map((name) => unknownKey(['artifacts', name]));
}

function unknownKey(path: JsonPath): ManifestRemark {
  const hint = hintFor(path);
  const message = hint === undefined ? 'is not a known key' : `is not a known key; ${hint}`;
  return { path, message, isUnknown: true };
}
