import { l10n } from 'vscode';
import { valueAt } from '../../floe/jsonPath.ts';
import type { Descriptor } from '../../oci/index.ts';
import type { ModelGraph, ModelNode, Tier } from './overview.ts';
import type { Targets } from './targets.ts';
import { visibleText } from './visibleText.ts';

/** Laying out so many takes seconds, twice as many minutes; and nobody finds anything in a larger drawing. */
export const MAX_NODES = 1_000;
/** Models in a list. More has no product; what is behind them is in the document. */
export const MAX_LISTED = 10_000;
/** Edges that are drawn: more is no picture that anybody reads. */
export const MAX_EDGES = 2_500;

interface Model {
  readonly name: string;
  readonly tier: Tier;
  readonly dependsOn: readonly string[];
  readonly compute: string | undefined;
  readonly checks: number;
  readonly position: number;
}

/**
 * The models of a document and what depends on what: to be drawn, or to be listed where they are too many. Names that are
 * used and stand for no model are nodes, too.
 */
export function modelGraph(document: unknown, layer: Descriptor, targets: Targets): ModelGraph {
  const all = modelsIn(document);
  const models = all.slice(0, MAX_LISTED);
  const isDrawn = models.length <= MAX_NODES;
  const maxNodes = isDrawn ? MAX_NODES : MAX_LISTED;
  const places = new Map(models.map(({ name }, place) => [name, place]));
  const known = new Set(all.map(({ name }) => name));
  const outside: string[] = [];
  const edges: [number, number][] = [];
  const users = new Map<number, number>();
  for (const [to, { dependsOn }] of models.entries()) {
    for (const name of new Set(dependsOn)) {
      if (!places.has(name) && !known.has(name) && models.length + outside.length < maxNodes) {
        places.set(name, models.length + outside.length);
        outside.push(name);
      }
      const from = places.get(name);
      if (from === undefined || from === to) continue;
      users.set(from, (users.get(from) ?? 0) + 1);
      if (isDrawn && edges.length < MAX_EDGES) edges.push([from, to]);
    }
  }
  return {
    title: titleOf(all),
    nodes: [
      ...models.map((model, place) => nodeOf(model, users.get(place) ?? 0, layer, targets)),
      ...outside.map((name, at) => outsideNode(name, users.get(models.length + at) ?? 0)),
    ],
    isDrawn,
    edges,
    legend: legendOf(models, outside.length > 0),
    ...(isDrawn ? {} : { note: noteOn(all.length - models.length) }),
  };
}

/** @param left models that are not even listed */
function noteOn(left: number): string {
  return left > 0
    ? l10n.t('The first {0} models are listed; {1} more are in the document.', MAX_LISTED, left)
    : l10n.t('More than {0} models are listed and not drawn.', MAX_NODES);
}

function modelsIn(document: unknown): readonly Model[] {
  const models = valueAt(document, ['transforms', 'models']);
  if (!Array.isArray(models)) return [];
  return models.flatMap((model: unknown, position): Model[] => {
    const name = valueAt(model, ['name']);
    if (typeof name !== 'string') return [];
    const [dependsOn, tier, compute] = ['depends_on', 'quality_tier', 'compute'].map((key) => valueAt(model, [key]));
    const checks = valueAt(model, ['quality_checks']);
    return [
      {
        name,
        tier: isTier(tier) ? tier : 'none',
        dependsOn: Array.isArray(dependsOn) ? dependsOn.filter((each) => typeof each === 'string') : [],
        compute: typeof compute === 'string' ? compute : undefined,
        checks: Array.isArray(checks) ? checks.length : 0,
        position,
      },
    ];
  });
}

function nodeOf(
  { name, tier, dependsOn, compute, checks, position }: Model,
  users: number,
  layer: Descriptor,
  targets: Targets,
): ModelNode {
  const shown = visibleText(name, 200);
  const facts = [
    tierLabel(tier),
    ...(compute === undefined ? [] : [l10n.t('compute {0}', visibleText(compute, 100))]),
    checks === 1 ? l10n.t('1 quality check') : l10n.t('{0} quality checks', checks),
    l10n.t('depends on {0}', new Set(dependsOn).size),
    l10n.t('used by {0}', users),
  ].join(', ');
  return {
    name: shown,
    tier,
    isOutside: false,
    facts,
    spoken: [l10n.t('model {0}', shown), facts].join(', '),
    opens: targets.add({ kind: 'model', layer, position }),
  };
}

function outsideNode(name: string, users: number): ModelNode {
  const shown = visibleText(name, 200);
  const facts = l10n.t('used by {0}', users);
  const spoken = [l10n.t('{0}, not in this document', shown), facts].join(', ');
  return { name: shown, tier: 'none', isOutside: true, facts, spoken };
}

function titleOf(models: readonly Model[]): string {
  if (models.length === 0) return l10n.t('The document has no models.');
  return models.length === 1 ? l10n.t('1 model') : l10n.t('{0} models', models.length);
}

const TIERS: readonly Tier[] = ['gold', 'silver', 'bronze', 'none'];

function legendOf(models: readonly Model[], hasOutside: boolean): ModelGraph['legend'] {
  const byTier = Map.groupBy(models, ({ tier }) => tier);
  return [
    ...TIERS.flatMap((tier) => {
      const count = byTier.get(tier)?.length ?? 0;
      return count === 0 ? [] : [{ tier, label: l10n.t('{0}: {1}', tierLabel(tier), count) }];
    }),
    ...(hasOutside ? [{ tier: 'outside' as const, label: l10n.t('not in this document') }] : []),
  ];
}

function tierLabel(tier: Tier): string {
  switch (tier) {
    case 'gold':
      return l10n.t('gold tier');
    case 'silver':
      return l10n.t('silver tier');
    case 'bronze':
      return l10n.t('bronze tier');
    case 'none':
      return l10n.t('no tier');
  }
}

function isTier(value: unknown): value is Exclude<Tier, 'none'> {
  return value === 'gold' || value === 'silver' || value === 'bronze';
}
