import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { layoutGraph } from '../../../src/views/overview/layoutGraph.ts';
import { layoutInThread } from '../../../src/views/overview/layoutInThread.ts';
import { type ModelGraph, NODE_SIZE } from '../../../src/views/overview/overview.ts';
import { failure } from '../../support/failure.ts';

function graphOf(count: number, edges: ModelGraph['edges']): ModelGraph {
  const node = { name: 'a', tier: 'none', isOutside: false, facts: '', spoken: 'a' } as const;
  return { title: '', isDrawn: true, nodes: Array.from({ length: count }, () => node), edges, legend: [] };
}

const worker = path.join(import.meta.dirname, '../../../src/views/overview/layoutWorker.ts');

describe('the layout of a graph', () => {
  it('puts what depends on something to the right of it, and no node upon another', () => {
    const edges = [
      [0, 2],
      [1, 2],
      [2, 3],
    ] as const;
    const { nodes, width, height } = layoutGraph(graphOf(4, edges));
    for (const [from, to] of edges) expect(nodes[to]?.[0]).toBeGreaterThan((nodes[from]?.[0] ?? 0) + NODE_SIZE.width);
    expect(Math.abs((nodes[0]?.[1] ?? 0) - (nodes[1]?.[1] ?? 0))).toBeGreaterThanOrEqual(NODE_SIZE.height);
    for (const [x, y] of nodes) {
      expect(x).toBeLessThan(width);
      expect(y).toBeLessThan(height);
    }
  });

  it('draws each edge from the right side of one node to the left side of the other', () => {
    const { nodes, edges } = layoutGraph(graphOf(2, [[0, 1]]));
    expect(edges[0]?.[0]).toEqual([(nodes[0]?.[0] ?? 0) + NODE_SIZE.width / 2, nodes[0]?.[1]]);
    expect(edges[0]?.at(-1)).toEqual([(nodes[1]?.[0] ?? 0) - NODE_SIZE.width / 2, nodes[1]?.[1]]);
  });

  it('has a place for models that depend on each other, for those alone, and for none', () => {
    const { nodes } = layoutGraph(
      graphOf(3, [
        [0, 1],
        [1, 0],
      ]),
    );
    expect(new Set(nodes.map(String)).size).toBe(3);
    expect(layoutGraph(graphOf(0, [])).nodes).toEqual([]);
  });

  it('is made in a thread of its own', async () => {
    const graph = graphOf(
      60,
      Array.from({ length: 50 }, (_, at) => [at, at + 10] as const),
    );
    expect(await layoutInThread(worker, graph)).toEqual(layoutGraph(graph));
  });

  it('is given up when nobody waits for it any more', async () => {
    const graph = graphOf(2, [[0, 1]]);
    await expect(layoutInThread(worker, graph, { signal: AbortSignal.abort() })).rejects.toThrow(failure('CANCELLED'));
    const controller = new AbortController();
    const layout = layoutInThread(worker, graph, { signal: controller.signal });
    controller.abort();
    await expect(layout).rejects.toThrow(failure('CANCELLED'));
  });
});
