import { expect, it } from 'vitest';
import { neighbour } from '../../../../src/views/overview/page/walk.ts';

/** Two columns and a node to the right of both, which nothing leads to. */
const POINTS = [
  [0, 0],
  [0, 50],
  [100, 0],
  [100, 50],
  [200, 80],
] as const;
const EDGES = [
  [0, 3],
  [1, 2],
] as const;

it.each([
  ['ArrowRight', 0, 3, 'what depends on it'],
  ['ArrowLeft', 2, 1, 'what it depends on'],
  ['ArrowRight', 3, 4, 'the nearest node on that side where nothing does'],
  ['ArrowLeft', 4, 3, 'the nearest node on that side where there is nothing'],
  ['ArrowDown', 0, 1, 'the next node of the column'],
  ['ArrowUp', 3, 2, 'the one before in the column'],
  ['ArrowUp', 0, undefined, 'nothing beyond the first of a column'],
  ['Home', 4, 0, 'the first of all'],
  ['End', 0, 4, 'the last of all'],
] as const)('%s leads from node %i to %s: %s', (key, from, to, _meaning) => {
  expect(neighbour(EDGES, POINTS, from, key)).toBe(to);
});
