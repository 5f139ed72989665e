import { type Document, isMap, isNode, isScalar, type Pair, type YAMLMap } from 'yaml';
import { formatJsonPath } from './jsonPath.ts';
import type { JsonPath } from './jsonScanner.ts';
import { manifestDocument } from './registryManifest.ts';
import type { TextRange } from './textRange.ts';

/** A change of a manifest.yaml that makes one of its problems go away. */
export interface ManifestFix {
  readonly act: FixAct;
  /** The path of the problem, as its finding has it. */
  readonly path: string;
  /** In the order of the text; none overlaps another. */
  readonly edits: readonly TextEdit[];
}

/** What is done: a key or value is written, a key removed, moved into `registry`, or added to it. */
export interface FixAct {
  readonly kind: 'write' | 'remove' | 'move' | 'add';
  readonly name: string;
}

interface TextEdit extends TextRange {
  readonly text: string;
}

/** Where a key is, and how to get at it. */
interface Found {
  readonly text: string;
  readonly map: YAMLMap;
  readonly pair: Pair;
}

type Mend = (found: Found, document: Document) => Omit<ManifestFix, 'path'> | undefined;

/** Keys that documents of floe show and its schema refuses, with what to do about each. Paths start at the document. */
const MENDS: readonly (readonly [path: string, mend: Mend])[] = [
  ['artifacts.registry.cache.local_path', rename('path')],
  ['artifacts.registry.cache.immutable_tags', remove],
  ['artifacts.registry.cache.mirror', remove],
  ['artifacts.registry.resilience.circuit_breaker.success_threshold', rename('half_open_requests')],
  ['artifacts.registry.resilience.timeouts', remove],
  ['artifacts.registry.resilience.rate_limiting', remove],
  ['artifacts.registry.resilience.retry.jitter', switchOn],
  ['artifacts.registry.rate_limiting', remove],
  ['artifacts.registry.immutable_tag_patterns', remove],
  ['artifacts.registry.mutable_tag_patterns', remove],
  ['artifacts.registry.tls', writeTlsVerify],
  ['artifacts.registry.auth.token_ref', writeReference],
  ['artifacts.registry.auth.password_ref', writeReference],
  ['artifacts.registry.auth.username_ref', remove],
  ['artifacts.registry.auth.username', remove],
  ['artifacts.registry.auth.password', remove],
  ['artifacts.registry.auth.token', remove],
  ['artifacts.signing', moveIntoRegistry],
  ['artifacts.verification', moveIntoRegistry],
];

/** What can be done, in one step each, about the problems of a manifest.yaml whose cause is known. */
export function manifestFixes(text: string): readonly ManifestFix[] {
  const document = manifestDocument(text);
  if (document === undefined || document.errors.length > 0) return [];
  const fixes: ManifestFix[] = [];
  for (const [dotted, mend] of MENDS) {
    const path = dotted.split('.');
    const found = findKey(document, text, path);
    const fix = found && mend(found, document);
    if (fix) fixes.push({ ...fix, path: formatJsonPath(path) });
  }
  const auth = missingAuth(document, text);
  return auth ? [...fixes, auth] : fixes;
}

function findKey(document: Document, text: string, path: JsonPath): Found | undefined {
  const map = document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return pair && { text, map, pair };
}

function rename(name: string): Mend {
  return ({ map, pair }) => {
    const key = rangeOf(pair.key);
    if (key === undefined || map.has(name)) return undefined;
    return { act: { kind: 'write', name }, edits: [{ ...key, text: name }] };
  };
}

function remove(found: Found): ReturnType<Mend> {
  const edit = removal(found);
  return edit && { act: { kind: 'remove', name: nameOf(found) }, edits: [edit] };
}

/** A share stands for what can only be on or off. */
function switchOn({ pair }: Found): ReturnType<Mend> {
  const value = rangeOf(pair.value);
  if (!isScalar(pair.value) || typeof pair.value.value !== 'number' || value === undefined) return undefined;
  const text = String(pair.value.value > 0);
  return { act: { kind: 'write', name: text }, edits: [{ ...value, text }] };
}

function writeTlsVerify(found: Found): ReturnType<Mend> {
  const { map, pair } = found;
  if (map.has('tls_verify')) return remove(found);
  const says = isMap(pair.value) ? (pair.value.get('verify') ?? pair.value.get('enabled')) : scalarOf(pair.value);
  const text = `tls_verify: ${says !== false}`;
  return { act: { kind: 'write', name: text }, edits: replacement(found, text) };
}

/** A reference keeps its name and source; a bare name becomes one. */
function writeReference(found: Found): ReturnType<Mend> {
  const { map, pair } = found;
  const key = rangeOf(pair.key);
  if (key === undefined || map.has('credentials_ref')) return remove(found);
  const act = { kind: 'write', name: 'credentials_ref' } as const;
  if (isMap(pair.value)) return { act, edits: [{ ...key, text: 'credentials_ref' }] };
  const name = isScalar(pair.value) ? String(pair.value.value ?? '') : '';
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return undefined;
  return { act, edits: replacement(found, `credentials_ref: { name: ${name} }`) };
}

function moveIntoRegistry(found: Found, document: Document): ReturnType<Mend> {
  const { text, map } = found;
  const registry = findKey(document, text, ['artifacts', 'registry']);
  const target = registry?.pair.value;
  const [taken, lines] = [removal(found), linesOf(found)];
  if (registry === undefined || !isMap(target) || target.flow || map.flow || !taken || !lines) return undefined;
  if (target.has(nameOf(found))) return undefined;
  const [first] = target.items;
  const own = linesOf(registry);
  if (first === undefined || own === undefined) return undefined;
  const shift = indentOf(text, first) - indentOf(text, found.pair);
  const moved = text
    .slice(lines.start, lines.end)
    .replace(/\n?$/, '\n')
    .replace(/^(?=[^\n])/gm, ' '.repeat(shift));
  const atEnd = own.end === text.length && !text.endsWith('\n') ? '\n' : '';
  const insertion = { start: own.end, end: own.end, text: `${atEnd}${moved}` };
  const edits = [taken, insertion].sort((one, other) => one.start - other.start || one.end - other.end);
  return { act: { kind: 'move', name: nameOf(found) }, edits };
}

function missingAuth(document: Document, text: string): ManifestFix | undefined {
  const registry = document.getIn(['artifacts', 'registry'], true);
  const [first] = isMap(registry) && !registry.flow && !registry.has('auth') ? registry.items : [];
  const lines = first && linesOf({ text, map: registry as YAMLMap, pair: first });
  if (first === undefined || lines === undefined) return undefined;
  const indent = ' '.repeat(indentOf(text, first));
  const added = `${indent}auth:\n${indent}  type: anonymous\n`;
  const isUnended = text[lines.end - 1] !== '\n';
  const edit = { start: lines.end, end: lines.end, text: `${isUnended ? '\n' : ''}${added}` };
  return { act: { kind: 'add', name: 'auth' }, path: 'artifacts.registry.auth', edits: [edit] };
}

/** Takes the lines of a key away, with its value. In flow style it is left to the user. */
function removal(found: Found): TextEdit | undefined {
  // A mapping without its last key would be null, which nothing accepts.
  if (found.map.items.length === 1) return undefined;
  const lines = linesOf(found);
  return lines && { ...lines, text: '' };
}

function replacement(found: Found, text: string): readonly TextEdit[] {
  const [key, value] = [rangeOf(found.pair.key), rangeOf(found.pair.value)];
  if (key === undefined) return [];
  const whole = { start: key.start, end: value?.end ?? key.end };
  // A block ends after its last line break.
  const end = found.text.slice(whole.start, whole.end).replace(/\s+$/, '').length + whole.start;
  return [{ start: whole.start, end, text }];
}

/** The whole lines of a key and its value; undefined in flow style, where lines are shared. */
function linesOf({ text, map, pair }: Found): TextRange | undefined {
  const [key, value] = [rangeOf(pair.key), rangeOf(pair.value)];
  if (map.flow || key === undefined) return undefined;
  const start = text.lastIndexOf('\n', key.start - 1) + 1;
  if (text.slice(start, key.start).trim() !== '') return undefined;
  const last = text.slice(0, Math.max(key.end, value?.end ?? 0)).trimEnd().length;
  const lineBreak = text.indexOf('\n', last);
  return { start, end: lineBreak < 0 ? text.length : lineBreak + 1 };
}

function indentOf(text: string, { key }: Pair): number {
  const start = rangeOf(key)?.start ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function scalarOf(node: unknown): unknown {
  return isScalar(node) ? node.value : undefined;
}

function nameOf({ pair }: Found): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function rangeOf(node: unknown): TextRange | undefined {
  if (!isNode(node) || !node.range) return undefined;
  const [start, end] = node.range;
  return { start, end };
}
