import { diffJson, type JsonDifference } from './diffDocuments.ts';
import { valueAt } from './jsonPath.ts';

/** What became of one thing with a name: a model, a plugin. */
export interface NamedChange {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Where it differs, by paths within it; none for what was added or removed. */
  readonly differences: readonly JsonDifference[];
  /** What it was and is, in a few words, where that can be said: `duckdb 0.9.0`. */
  readonly left?: string;
  readonly right?: string;
}

/** What is different in the right one of two compiled-artifacts documents, as people of the product speak of it. */
export interface DocumentChanges {
  readonly models: readonly NamedChange[];
  readonly plugins: readonly NamedChange[];
  /** Rules by name, and the result of their enforcement. */
  readonly governance: readonly JsonDifference[];
  /** Everything else, by paths in the document. */
  readonly other: readonly JsonDifference[];
}

/** Parts of a document that have a chapter of their own. */
const CHAPTERS = ['governance', 'enforcement_result', 'plugins', 'transforms'] as const;

/** Compares two parsed documents. Documents that break the contract are compared as far as they can be understood. */
export function changesOf(left: unknown, right: unknown): DocumentChanges {
  const [models, otherModels] = [left, right].map((document) => modelsOf(document)) as [Members, Members];
  const [plugins, otherPlugins] = [left, right].map((document) => pluginsOf(document)) as [Members, Members];
  const differencesAt = (chapter: string): readonly JsonDifference[] =>
    diffJson(valueAt(left, [chapter]), valueAt(right, [chapter])).map(({ path, ...values }) => ({
      path: path === '' ? chapter : path,
      ...values,
    }));
  return {
    models: namedChanges(models, otherModels),
    plugins: namedChanges(plugins, otherPlugins, pluginText),
    governance: [...differencesAt('governance'), ...differencesAt('enforcement_result')],
    other: [
      ...diffJson(without(left), without(right)),
      ...diffJson(transformsOf(left), transformsOf(right)).map(({ path, ...values }) => ({
        path: path === '' ? 'transforms' : `transforms.${path}`,
        ...values,
      })),
    ],
  };
}

type Members = ReadonlyMap<string, unknown>;

function namedChanges(
  left: Members,
  right: Members,
  textOf?: (value: unknown) => string | undefined,
): readonly NamedChange[] {
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const changes = names.flatMap((name): NamedChange[] => {
    const isIn = [left.has(name), right.has(name)];
    const differences = isIn.includes(false) ? [] : diffJson(left.get(name), right.get(name));
    if (!isIn.includes(false) && differences.length === 0) return [];
    const change = !isIn[0] ? 'added' : !isIn[1] ? 'removed' : 'changed';
    const [was, is] = [textOf?.(left.get(name)), textOf?.(right.get(name))];
    return [
      { name, change, differences, ...(was !== undefined && { left: was }), ...(is !== undefined && { right: is }) },
    ];
  });
  const order = ['added', 'removed', 'changed'];
  return changes.sort((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
}

/** By name. The contract has none without; what breaks it here is seen in the text of the document. */
function modelsOf(document: unknown): Members {
  const models = valueAt(document, ['transforms', 'models']);
  if (!Array.isArray(models)) return new Map();
  return new Map(
    models.flatMap((model): (readonly [string, unknown])[] => {
      const name = valueAt(model, ['name']);
      return typeof name === 'string' ? [[name, model]] : [];
    }),
  );
}

/** By role: compute, orchestrator, catalog. */
function pluginsOf(document: unknown): Members {
  const plugins = valueAt(document, ['plugins']);
  if (!isObject(plugins)) return new Map();
  return new Map(Object.entries(plugins).filter(([, plugin]) => plugin !== null));
}

function pluginText(plugin: unknown): string | undefined {
  const [type, version] = [valueAt(plugin, ['type']), valueAt(plugin, ['version'])];
  return typeof type === 'string' ? [type, ...(typeof version === 'string' ? [version] : [])].join(' ') : undefined;
}

/** What the document has besides its chapters. */
function without(document: unknown): unknown {
  if (!isObject(document)) return document;
  return Object.fromEntries(Object.entries(document).filter(([name]) => !CHAPTERS.some((chapter) => chapter === name)));
}

function transformsOf(document: unknown): unknown {
  const transforms = valueAt(document, ['transforms']);
  if (!isObject(transforms)) return {};
  return Object.fromEntries(Object.entries(transforms).filter(([name]) => name !== 'models'));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
