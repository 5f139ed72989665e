import type { GraphLayout, ModelGraph } from '../overview.ts';
import { drawn } from './dom.ts';
import { drawNode } from './nodes.ts';
import { Viewport } from './viewport.ts';
import { inOrder, neighbour, type WalkKey } from './walk.ts';

/** What the drawing is called, and what a node opens. */
export interface DrawingOptions {
  readonly label: string;
  readonly open: (place: number) => void;
}

/** A laid out graph, with one node that the keyboard is at. */
export class Drawing {
  readonly root: SVGSVGElement;
  readonly #graph: ModelGraph;
  readonly #layout: GraphLayout;
  readonly #nodes: readonly SVGGElement[];
  readonly #edges: readonly SVGPathElement[];
  readonly #viewport: Viewport;
  readonly #open: (place: number) => void;
  #matches: readonly number[] = [];
  #current = 0;

  constructor(graph: ModelGraph, layout: GraphLayout, { label, open }: DrawingOptions) {
    this.#graph = graph;
    this.#layout = layout;
    this.#open = open;
    this.#edges = layout.edges.map((points) =>
      drawn('path', { class: 'edge', d: curve(points), 'marker-end': 'url(#tip)' }),
    );
    this.#nodes = graph.nodes.map((node, place) => this.#node(drawNode(node, layout.nodes[place] ?? [0, 0]), place));
    this.#nodes[0]?.setAttribute('tabindex', '0');
    const scene = drawn('g', {}, ...this.#edges, ...this.#nodes);
    const tip = { id: 'tip', viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' };
    this.root = drawn(
      'svg',
      { class: 'graph', role: 'group', 'aria-label': label },
      drawn('defs', {}, drawn('marker', tip, drawn('path', { d: 'M0 0 8 4 0 8z', class: 'tip' }))),
      scene,
    );
    this.#viewport = new Viewport(this.root, scene, layout);
    this.root.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Shows all of it, or where it begins when all of it would be too small to read. */
  begin(): void {
    this.#viewport.fit();
    const [first] = inOrder(this.#layout.nodes);
    if (this.#viewport.isTiny && first !== undefined) this.#reveal(first);
  }

  fit(): void {
    this.#viewport.fit();
  }

  zoom(factor: number): void {
    this.#viewport.zoom(factor);
  }

  /** Marks the models whose names contain the text, shows the first, and says how many there are. */
  search(text: string): number {
    const wanted = text.toLowerCase();
    this.#matches =
      wanted === ''
        ? []
        : this.#graph.nodes.flatMap(({ name }, place) => (name.toLowerCase().includes(wanted) ? [place] : []));
    const found = new Set(this.#matches);
    for (const [place, node] of this.#nodes.entries()) node.classList.toggle('found', found.has(place));
    this.root.classList.toggle('searching', wanted !== '');
    const [first] = this.#matches;
    if (first !== undefined) this.#reveal(first);
    return this.#matches.length;
  }

  /** Goes to the next model that was found. */
  nextMatch(): void {
    const next = this.#matches.find((place) => place > this.#current) ?? this.#matches[0];
    if (next !== undefined) this.#focus(next);
  }

  #node(node: SVGGElement, place: number): SVGGElement {
    node.addEventListener('click', () => {
      this.#focus(place);
      this.#open(place);
    });
    node.addEventListener('focus', () => this.#arrive(place));
    node.addEventListener('blur', () => this.root.classList.remove('walking'));
    return node;
  }

  #key(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    if (key === 'Enter' || key === ' ') this.#open(this.#current);
    else if (key === '+' || key === '=') this.zoom(1.25);
    else if (key === '-') this.zoom(0.8);
    else if (key === '0') this.fit();
    else {
      const next = neighbour(this.#graph.edges, this.#layout.nodes, this.#current, key as WalkKey);
      if (next === undefined) return;
      this.#focus(next);
    }
    event.preventDefault();
  }

  #focus(place: number): void {
    this.root.scrollIntoView({ block: 'nearest' });
    this.#nodes[place]?.focus({ preventScroll: true });
  }

  /** The keyboard is at a node now: Tab comes back to it, and what it is connected with stands out. */
  #arrive(place: number): void {
    this.#nodes[this.#current]?.setAttribute('tabindex', '-1');
    this.#current = place;
    this.#nodes[place]?.setAttribute('tabindex', '0');
    const near = new Set<number>([place]);
    for (const [at, [from, to]] of this.#graph.edges.entries()) {
      const isNear = from === place || to === place;
      this.#edges[at]?.classList.toggle('near', isNear);
      if (isNear) near.add(from).add(to);
    }
    for (const [at, node] of this.#nodes.entries()) node.classList.toggle('near', near.has(at));
    this.root.classList.add('walking');
    this.#reveal(place);
  }

  #reveal(place: number): void {
    const point = this.#layout.nodes[place];
    if (point !== undefined) this.#viewport.reveal(point);
  }
}

/** A line through the points that leaves and arrives level. */
function curve(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], at) => {
      const before = points[at - 1];
      if (before === undefined) return `M${x} ${y}`;
      const middle = (before[0] + x) / 2;
      return `C${middle} ${before[1]} ${middle} ${y} ${x} ${y}`;
    })
    .join('');
}
