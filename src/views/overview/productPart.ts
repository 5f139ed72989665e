import { l10n } from 'vscode';
import { valueAt } from '../../floe/jsonPath.ts';
import type { Descriptor } from '../../oci/index.ts';
import { modelGraph } from './modelGraph.ts';
import type { Fact, ProductPart, Row, Table } from './overview.ts';
import type { Targets } from './targets.ts';
import { visibleText } from './visibleText.ts';

/** More plugins has no product; a document that says so is not shown whole. */
const MAX_ROWS = 100;

/**
 * What a compiled-artifacts document says of its product. A document that breaks the contract is shown as far as it can be
 * understood: whether it keeps it is checked where it is pushed and pulled.
 */
export function productPart(document: unknown, layer: Descriptor, targets: Targets): ProductPart {
  return {
    facts: productFacts(document),
    plugins: pluginsTable(document),
    governance: governanceFacts(document),
    models: modelGraph(document, layer, targets),
  };
}

function productFacts(document: unknown): Fact[] {
  const at = (...path: string[]): unknown => valueAt(document, path);
  return [
    ...fact(l10n.t('Product'), at('metadata', 'product_name')),
    ...fact(l10n.t('Version'), at('metadata', 'product_version')),
    ...fact(l10n.t('Domain'), at('identity', 'domain')),
    ...fact(l10n.t('Mode'), at('mode')),
    ...fact(l10n.t('Default compute'), at('transforms', 'default_compute')),
    ...fact(l10n.t('Compiled by'), at('metadata', 'floe_version'), (version) => l10n.t('floe {0}', version)),
    ...fact(l10n.t('Contract'), at('version')),
    ...inheritance(at('inheritance_chain')),
  ];
}

function inheritance(chain: unknown): Fact[] {
  if (!Array.isArray(chain) || chain.length === 0) return [];
  const names = chain.slice(0, MAX_ROWS).map((ancestor) => {
    const [name, version] = [textOf(valueAt(ancestor, ['name'])), textOf(valueAt(ancestor, ['version']))];
    return [name, version].filter((text) => text !== undefined).join(' ');
  });
  return [{ label: l10n.t('Inherits from'), value: visibleText(names.join(' → '), 500) }];
}

function pluginsTable(document: unknown): Table {
  const plugins = valueAt(document, ['plugins']);
  const entries = isObject(plugins) ? Object.entries(plugins).filter(([, plugin]) => plugin !== null) : [];
  const rows = entries.slice(0, MAX_ROWS).map(([role, plugin]): Row => {
    const [type, version] = [textOf(valueAt(plugin, ['type'])), textOf(valueAt(plugin, ['version']))];
    return { cells: [visibleText(role, 100), visibleText(type ?? '', 200), visibleText(version ?? '', 100)] };
  });
  return {
    title: l10n.t('Plugins'),
    columns: [l10n.t('Role'), l10n.t('Plugin'), l10n.t('Version')],
    rows,
    ...(rows.length === 0 ? { note: l10n.t('The document names no plugins.') } : {}),
  };
}

/** The rules by their own names, and what became of them when the product was compiled. */
function governanceFacts(document: unknown): Fact[] {
  const rules = valueAt(document, ['governance']);
  const entries = isObject(rules) ? Object.entries(rules).filter(([, value]) => value !== null) : [];
  const at = (name: string): unknown => valueAt(document, ['enforcement_result', name]);
  const [errors, warnings] = [at('error_count'), at('warning_count')];
  const passed = at('passed');
  return [
    ...entries.slice(0, MAX_ROWS).flatMap(([name, value]) => fact(visibleText(name.replaceAll('_', ' '), 100), value)),
    ...(typeof passed !== 'boolean'
      ? []
      : [
          {
            label: l10n.t('Enforcement'),
            value: passed
              ? l10n.t('passed when it was compiled, says the document')
              : l10n.t('failed when it was compiled, says the document'),
          },
        ]),
    ...fact(l10n.t('Errors'), errors),
    ...fact(l10n.t('Warnings'), warnings),
  ];
}

function fact(label: string, value: unknown, say: (text: string) => string = (text) => text): Fact[] {
  const text = textOf(value);
  return text === undefined || text === '' ? [] : [{ label, value: say(visibleText(text, 300)) }];
}

function textOf(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
