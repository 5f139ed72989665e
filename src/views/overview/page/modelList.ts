import type { ModelGraph, ModelNode, PageTexts } from '../overview.ts';
import { drawn, element } from './dom.ts';
import { tierMark } from './nodes.ts';

/** Rows at once: more is nothing to scroll through, and a search finds the others. */
const MAX_ROWS = 500;

/** What the list says, and what a row opens. */
export interface ModelListOptions {
  readonly texts: Pick<PageTexts, 'listMore'>;
  readonly open: (place: number) => void;
}

/** The models as rows with one that the keyboard is at, for graphs that are not drawn. */
export class ModelList {
  readonly root: HTMLElement;
  readonly #graph: ModelGraph;
  readonly #options: ModelListOptions;
  readonly #list: HTMLElement;
  readonly #more = element('p', { class: 'note', role: 'status' });
  #rows: readonly HTMLButtonElement[] = [];

  constructor(graph: ModelGraph, options: ModelListOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#list = element('ul', { class: 'models', 'aria-label': graph.title });
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    this.root = element('div', {}, this.#list, this.#more);
  }

  /** Shows the models whose names contain the text, and says how many there are. */
  search(text: string): number {
    const wanted = text.toLowerCase();
    const found = [...this.#graph.nodes.entries()].filter(([, { name }]) => name.toLowerCase().includes(wanted));
    this.#rows = found.slice(0, MAX_ROWS).map(([place, node]) => this.#row(node, place));
    this.#rows[0]?.setAttribute('tabindex', '0');
    this.#list.replaceChildren(...this.#rows.map((row) => element('li', {}, row)));
    const isCut = found.length > MAX_ROWS;
    this.#more.textContent = isCut ? this.#options.texts.listMore.replace('{0}', String(MAX_ROWS)) : '';
    return found.length;
  }

  /** Goes from the search to what was found. */
  nextMatch(): void {
    this.#rows[0]?.focus();
  }

  #row({ name, tier, isOutside, facts, spoken }: ModelNode, place: number): HTMLButtonElement {
    const picture = { viewBox: '0 0 12 12', class: 'swatch', 'aria-hidden': 'true' };
    const row = element(
      'button',
      {
        type: 'button',
        tabindex: -1,
        class: isOutside && 'outside',
        'aria-label': spoken,
        'aria-disabled': isOutside ? 'true' : undefined,
      },
      drawn('svg', picture, tierMark(isOutside ? 'outside' : tier, 6, 6)),
      element('span', { class: 'code' }, name),
      element('span', { class: 'note' }, facts),
    );
    row.addEventListener('click', () => this.#options.open(place));
    row.addEventListener('focus', () => {
      for (const each of this.#rows) each.setAttribute('tabindex', each === row ? '0' : '-1');
    });
    return row;
  }

  #key(event: KeyboardEvent): void {
    const at = this.#rows.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#rows.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    this.#rows[to]?.focus();
    event.preventDefault();
  }
}
