import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_EDGES, MAX_LISTED, MAX_NODES } from '../../../src/views/overview/modelGraph.ts';
import { productPart } from '../../../src/views/overview/productPart.ts';
import { Targets } from '../../../src/views/overview/targets.ts';
import { blob } from '../../support/artifacts.ts';

const sample = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../../samples/ticket-sales/target/compiled_artifacts.json'), 'utf8'),
);
const layer = blob('{}').descriptor;
const partOf = (document: unknown) => {
  const targets = new Targets();
  return { ...productPart(document, layer, targets), targets };
};
const models = (list: readonly object[]) => partOf({ transforms: { models: list } }).models;

describe('the part of a data product', () => {
  it('says what it was compiled from, with which plugins and under which rules', () => {
    const { facts, plugins, governance } = partOf(sample);
    expect(facts.map(({ value }) => value)).toEqual([
      'ticket-sales',
      '1.2.0',
      'commercial',
      'mesh',
      'duckdb',
      'floe 0.3.0',
      '0.10.0',
      'tidewater-enterprise 2.1.0 → commercial-domain 1.0.3',
    ]);
    expect(plugins.rows[0]).toEqual({ cells: ['compute', 'duckdb', '0.9.0'] });
    expect(governance).toContainEqual({ label: 'data retention days', value: '730' });
  });

  it('quotes the result of the enforcement as what the document says', () => {
    const { governance } = partOf({ enforcement_result: { passed: true, error_count: 0, warning_count: 2 } });
    expect(governance.map(({ value }) => value)).toEqual(['passed when it was compiled, says the document', '0', '2']);
  });

  it.each([null, [], 'text', { transforms: 1, plugins: [], governance: 'x', inheritance_chain: {} }])(
    'shows %j as a product of which nothing is known',
    (document) => {
      const { facts, plugins, governance, models: graph } = partOf(document);
      expect([facts, plugins.rows, governance, graph.nodes]).toEqual([[], [], [], []]);
    },
  );
});

const tangled = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `m${at}`,
    depends_on: Array.from({ length: 10 }, (_each, back) => `m${Math.max(0, at - back - 1)}`),
  }));

describe('the graph of the models', () => {
  it('has an edge to each model from what it depends on, and opens each where it stands', () => {
    const { models: graph, targets } = partOf(sample);
    expect(graph.title).toBe('3 models');
    expect(graph.nodes.map(({ name, tier }) => [name, tier])).toEqual([
      ['stg_bookings', 'bronze'],
      ['stg_sailings', 'bronze'],
      ['fct_tickets_per_sailing', 'silver'],
    ]);
    expect(graph.edges).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect(targets.at(graph.nodes[2]?.opens ?? -1)).toEqual({ kind: 'model', layer, position: 2 });
    expect(graph.nodes[0]?.spoken).toBe(
      'model stg_bookings, bronze tier, compute duckdb, 1 quality check, depends on 0, used by 1',
    );
    expect(graph.legend).toEqual([
      { tier: 'silver', label: 'silver tier: 1' },
      { tier: 'bronze', label: 'bronze tier: 2' },
    ]);
  });

  it('has a node for what is depended on and not in the document, which opens nothing', () => {
    const { nodes, edges, legend } = models([{ name: 'a', depends_on: ['source', 'a', 'source'] }]);
    expect(nodes[1]).toMatchObject({
      name: 'source',
      isOutside: true,
      spoken: 'source, not in this document, used by 1',
    });
    expect(nodes[1]).not.toHaveProperty('opens');
    expect(edges).toEqual([[1, 0]]);
    expect(legend.at(-1)).toEqual({ tier: 'outside', label: 'not in this document' });
  });

  it('is bounded, whatever a document holds, and says what it leaves out', () => {
    const { nodes, edges, isDrawn, note } = models(tangled(MAX_NODES));
    expect([isDrawn, note]).toEqual([true, undefined]);
    expect(nodes).toHaveLength(MAX_NODES);
    expect(edges).toHaveLength(MAX_EDGES);
    expect(edges.every(([from, to]) => from < nodes.length && to < nodes.length)).toBe(true);
  });

  it('is a list where nobody could read a drawing, with all that is known of each model', () => {
    const { nodes, edges, isDrawn, note } = models(tangled(MAX_NODES + 1));
    expect([isDrawn, edges, nodes.length]).toEqual([false, [], MAX_NODES + 1]);
    expect(note).toBe(`More than ${MAX_NODES} models are listed and not drawn.`);
    expect(nodes[20]).toMatchObject({ name: 'm20', facts: 'no tier, 0 quality checks, depends on 10, used by 10' });
    expect(models(tangled(MAX_LISTED + 5)).note).toBe(
      `The first ${MAX_LISTED} models are listed; 5 more are in the document.`,
    );
  });
});
