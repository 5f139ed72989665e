import type { GraphLayout, ModelGraph, PageTexts } from '../overview.ts';
import { drawn, element } from './dom.ts';
import { Drawing } from './drawing.ts';
import { keep, keptState, tell } from './host.ts';
import { ModelList } from './modelList.ts';
import { tierMark } from './nodes.ts';
import { section } from './pieces.ts';

/** Pixels: the height of the drawing's frame, which a person can change. */
const STAGE = { least: 160, most: 480, around: 32 } as const;

/** A picture of the models, drawn or listed. */
interface Picture {
  readonly root: Element;
  /** Shows the models whose names contain the text, and says how many there are. */
  search(text: string): number;
  /** Goes to the next model that was found. */
  nextMatch(): void;
}

/** The models of a product: a search box, a drawing or a list that can be walked through, and what its marks mean. */
export class GraphView {
  readonly root: HTMLElement;
  readonly #graph: ModelGraph;
  readonly #texts: PageTexts;
  readonly #stage = element('div', { class: 'stage' });
  readonly #found = element('span', { class: 'note', role: 'status' });
  readonly #input: HTMLInputElement;
  readonly #buttons: HTMLElement;
  readonly #help: HTMLElement;
  #drawing: Drawing | undefined;
  #picture: Picture | undefined;

  constructor(graph: ModelGraph, texts: PageTexts) {
    this.#graph = graph;
    this.#texts = texts;
    this.#input = element('input', { type: 'search', placeholder: texts.search, 'aria-label': texts.search });
    this.#input.value = keptState().search ?? '';
    this.#input.addEventListener('input', () => this.#search());
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      this.#picture?.nextMatch();
      // Or it would press what the keyboard is at by now.
      event.preventDefault();
    });
    this.#buttons = element(
      'span',
      { class: 'buttons' },
      this.#zoom('+', texts.zoomIn, (drawing) => drawing.zoom(1.25)),
      this.#zoom('−', texts.zoomOut, (drawing) => drawing.zoom(0.8)),
      this.#zoom('⤢', texts.fit, (drawing) => drawing.fit()),
    );
    this.#help = element('p', { class: 'note' }, texts.graphHelp);
    const { title, legend, note, nodes, isDrawn } = graph;
    this.root =
      nodes.length === 0
        ? section(texts.models, element('p', { class: 'note' }, title))
        : section(
            texts.models,
            element('div', { class: 'tools' }, this.#input, this.#found, this.#buttons),
            this.#stage,
            element(
              'ul',
              { class: 'legend' },
              ...legend.map(({ tier, label }) =>
                element(
                  'li',
                  {},
                  drawn('svg', { viewBox: '0 0 12 12', class: 'swatch', 'aria-hidden': 'true' }, tierMark(tier, 6, 6)),
                  label,
                ),
              ),
            ),
            this.#help,
            ...(note === undefined ? [] : [element('p', { class: 'note' }, note)]),
          );
    if (!isDrawn) this.list();
  }

  /** Shows where the drawing will be, or why there is none. */
  wait(...nodes: readonly Node[]): void {
    this.#stage.replaceChildren(...nodes);
  }

  draw(layout: GraphLayout): void {
    this.#drawing = new Drawing(this.#graph, layout, { label: this.#graph.title, open: this.#open });
    this.#picture = this.#drawing;
    this.#stage.style.height = `${Math.min(STAGE.most, Math.max(STAGE.least, layout.height + STAGE.around))}px`;
    this.#stage.replaceChildren(this.#drawing.root);
    this.#drawing.begin();
    this.#search();
  }

  /** Shows a list in the place of a drawing. @param before what is said above it: why nothing was drawn */
  list(...before: readonly Node[]): void {
    const list = new ModelList(this.#graph, { texts: this.#texts, open: this.#open });
    this.#picture = list;
    this.#buttons.remove();
    this.#help.textContent = this.#texts.listHelp;
    this.#stage.style.height = `${STAGE.most}px`;
    this.#stage.classList.add('listing');
    this.#stage.replaceChildren(...before, list.root);
    this.#search();
  }

  readonly #open = (place: number): void => {
    const target = this.#graph.nodes[place]?.opens;
    if (target !== undefined) tell({ act: 'go', target });
  };

  #search(): void {
    const text = this.#input.value.trim();
    keep({ search: text });
    const found = this.#picture?.search(text);
    const { nodes } = this.#graph;
    this.#found.textContent =
      text === '' || found === undefined
        ? this.#graph.title
        : this.#texts.found.replace('{0}', String(found)).replace('{1}', String(nodes.length));
  }

  #zoom(sign: string, label: string, act: (drawing: Drawing) => void): HTMLButtonElement {
    const button = element(
      'button',
      { type: 'button', class: 'secondary square', 'aria-label': label, title: label },
      sign,
    );
    button.addEventListener('click', () => this.#drawing && act(this.#drawing));
    return button;
  }
}
