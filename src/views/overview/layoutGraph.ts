import { Graph, layout } from '@dagrejs/dagre';
import { type GraphLayout, type ModelGraph, NODE_SIZE } from './overview.ts';

/** Pixels between nodes side by side, and between one and those that depend on it. */
const GAPS = { nodesep: 10, edgesep: 6, ranksep: 56 } as const;

/** Puts what depends on something to the right of it. Takes seconds for hundreds of nodes: see {@link layoutInThread}. */
export function layoutGraph({ nodes, edges }: Pick<ModelGraph, 'nodes' | 'edges'>): GraphLayout {
  const graph = new Graph();
  // The default way to rank takes ten times as long at 1,000 nodes, and the drawing is hardly narrower.
  graph.setGraph({ rankdir: 'LR', ranker: 'tight-tree', marginx: 8, marginy: 8, ...GAPS });
  for (const place of nodes.keys()) graph.setNode(String(place), { ...NODE_SIZE });
  for (const [from, to] of edges) graph.setEdge(String(from), String(to), {});
  if (nodes.length > 0) layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    width,
    height,
    nodes: nodes.map((_, place) => pointOf(graph.node(String(place)))),
    edges: edges.map(([from, to]) => {
      const { points = [] } = graph.edge(String(from), String(to)) as { readonly points?: readonly Point[] };
      const [startX, startY] = pointOf(graph.node(String(from)));
      const [endX, endY] = pointOf(graph.node(String(to)));
      // From the middle of the right side to the middle of the left one; a cycle has edges that run back.
      const half = startX < endX ? NODE_SIZE.width / 2 : -NODE_SIZE.width / 2;
      return [[startX + half, startY], ...points.slice(1, -1).map(pointOf), [endX - half, endY]];
    }),
  };
}

interface Point {
  readonly x?: number;
  readonly y?: number;
}

function pointOf({ x = 0, y = 0 }: Point): [number, number] {
  return [Math.round(x), Math.round(y)];
}
