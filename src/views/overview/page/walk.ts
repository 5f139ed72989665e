/** The keys that lead from node to node. */
export type WalkKey = 'ArrowRight' | 'ArrowLeft' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

type Edges = readonly (readonly [from: number, to: number])[];
type Points = readonly (readonly [x: number, y: number])[];

/**
 * Where a key leads from a node: right to what depends on it and left to what it depends on, the nearest of them, else to
 * the nearest node on that side; up and down within its column; Home and End to the first and last one of all.
 */
export function neighbour(edges: Edges, points: Points, current: number, key: WalkKey): number | undefined {
  const here = points[current];
  if (here === undefined) return undefined;
  const [x, y] = here;
  const all = [...points.keys()].filter((place) => place !== current);
  switch (key) {
    case 'ArrowRight':
      return (
        nearest(
          points,
          here,
          edges.flatMap(([from, to]) => (from === current ? [to] : [])),
        ) ??
        nearest(
          points,
          here,
          all.filter((place) => (points[place]?.[0] ?? x) > x),
        )
      );
    case 'ArrowLeft':
      return (
        nearest(
          points,
          here,
          edges.flatMap(([from, to]) => (to === current ? [from] : [])),
        ) ??
        nearest(
          points,
          here,
          all.filter((place) => (points[place]?.[0] ?? x) < x),
        )
      );
    case 'ArrowUp':
      return nearest(
        points,
        here,
        all.filter((place) => points[place]?.[0] === x && (points[place]?.[1] ?? y) < y),
      );
    case 'ArrowDown':
      return nearest(
        points,
        here,
        all.filter((place) => points[place]?.[0] === x && (points[place]?.[1] ?? y) > y),
      );
    case 'Home':
      return inOrder(points)[0];
    case 'End':
      return inOrder(points).at(-1);
    default:
      return undefined;
  }
}

function nearest(points: Points, [x, y]: readonly [number, number], places: readonly number[]): number | undefined {
  let [best, least]: [number | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const place of places) {
    const [otherX, otherY] = points[place] ?? [0, 0];
    const distance = (otherX - x) ** 2 + (otherY - y) ** 2;
    if (distance < least) [best, least] = [place, distance];
  }
  return best;
}

/** Column by column. */
export function inOrder(points: Points): readonly number[] {
  return [...points.entries()].sort(([, a], [, b]) => a[0] - b[0] || a[1] - b[1]).map(([place]) => place);
}
