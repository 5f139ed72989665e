import { type ModelNode, NODE_SIZE, type Tier } from '../overview.ts';
import { drawn } from './dom.ts';

/** Letters that fit into a node beside its mark, in the font of the page. */
const MAX_LETTERS = 26;

/** A shape for each tier, so that it is told without colour: diamond, circle, square, ring; a cross for what is outside. */
export function tierMark(tier: Tier | 'outside', x: number, y: number): SVGElement {
  const common = { class: `mark ${tier}` };
  switch (tier) {
    case 'gold':
      return drawn('path', { ...common, d: `M${x} ${y - 5.5}l5.5 5.5-5.5 5.5-5.5-5.5z` });
    case 'silver':
    case 'none':
      return drawn('circle', { ...common, cx: x, cy: y, r: 4.5 });
    case 'bronze':
      return drawn('rect', { ...common, x: x - 4, y: y - 4, width: 8, height: 8 });
    case 'outside':
      return drawn('path', { ...common, d: `M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8` });
  }
}

/** One model of the drawing, around its centre. */
export function drawNode(
  { name, tier, isOutside, spoken, opens }: ModelNode,
  [x, y]: readonly [number, number],
): SVGGElement {
  const { width, height } = NODE_SIZE;
  const [left, top] = [x - width / 2, y - height / 2];
  return drawn(
    'g',
    {
      class: isOutside ? 'node outside' : 'node',
      tabindex: -1,
      role: opens === undefined ? 'img' : 'button',
      'aria-label': spoken,
    },
    drawn('title', {}, spoken),
    drawn('rect', { x: left, y: top, width, height, rx: 4, class: 'box' }),
    tierMark(isOutside ? 'outside' : tier, left + 15, y),
    drawn('text', { x: left + 30, y: y + 4 }, shortened(name)),
  );
}

/** Names begin alike and differ at their ends. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= MAX_LETTERS) return name;
  const kept = MAX_LETTERS - 1;
  return `${letters.slice(0, Math.floor(kept / 2)).join('')}…${letters.slice(-Math.ceil(kept / 2)).join('')}`;
}
