import type { Fact, Failure, PageTexts, PartName, Row, Status, Table, TargetIndex } from '../overview.ts';
import { element } from './dom.ts';
import { tell } from './host.ts';
import { icon } from './icons.ts';

/** Milliseconds that a button says what it did. */
const AFTERGLOW = 1_500;

let headings = 0;

/** A part of the page with its heading, which screen readers list. */
export function section(title: string, ...content: readonly (Node | string)[]): HTMLElement {
  headings += 1;
  const id = `heading-${headings}`;
  const heading = element('h2', { id, tabindex: -1 }, title);
  return element('section', { 'aria-labelledby': id }, heading, ...content);
}

/** A button that opens something, looking like a link. */
function opener(label: string, target: TargetIndex): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'link' }, label);
  button.addEventListener('click', () => tell({ act: 'go', target }));
  return button;
}

/** A button that copies what the target stands for. */
function copyButton(label: string, target: TargetIndex, texts: PageTexts): HTMLButtonElement {
  const name = `${texts.copy}: ${label}`;
  const button = element('button', { type: 'button', class: 'copy', 'aria-label': name, title: name }, icon('copy'));
  button.addEventListener('click', () => {
    tell({ act: 'go', target });
    say(texts.copied);
    button.replaceChildren(icon('copied'));
    setTimeout(() => button.replaceChildren(icon('copy')), AFTERGLOW);
  });
  return button;
}

/** Labels and values. */
export function factList(facts: readonly Fact[], texts: PageTexts): HTMLElement {
  return element(
    'dl',
    {},
    ...facts.flatMap(({ label, value, isCode, copies, opens }) => [
      element('dt', {}, label),
      element(
        'dd',
        {},
        opens === undefined ? element('span', { class: isCode ? 'code' : undefined }, value) : opener(value, opens),
        ...(copies === undefined ? [] : [copyButton(label, copies, texts)]),
      ),
    ]),
  );
}

/** A table with its note; where it has no rows, what is to be said then. */
export function table({ title, columns, rows, note }: Table): readonly Node[] {
  const after = note === undefined ? [] : [element('p', { class: 'note' }, note)];
  if (rows.length === 0) return after;
  return [
    element(
      'div',
      { class: 'wide' },
      element(
        'table',
        { 'aria-label': title },
        element('thead', {}, element('tr', {}, ...columns.map((name) => element('th', { scope: 'col' }, name)))),
        element('tbody', {}, ...rows.map(rowOf)),
      ),
    ),
    ...after,
  ];
}

function rowOf({ cells: [first = '', ...cells], opens }: Row): HTMLTableRowElement {
  const name = opens === undefined ? first : opener(first, opens);
  return element('tr', {}, element('th', { scope: 'row' }, name), ...cells.map((cell) => element('td', {}, cell)));
}

/** What is known of a signature or a promotion, in words; the picture only helps. */
export function statusLine({ label, text, look, details }: Status, { isNamed = true } = {}): HTMLElement {
  return element(
    'div',
    { class: `status ${look}` },
    icon(look),
    element(
      'div',
      {},
      element('p', {}, ...(isNamed ? [element('strong', {}, label), ' '] : []), text),
      ...details.map((detail) => element('p', { class: 'note' }, detail)),
    ),
  );
}

/** What stands in the place of a part that could not be had, with what can be done. */
export function failureBox(name: PartName, { sentence, hint, actions }: Failure): HTMLElement {
  const buttons = actions.map(({ remedy, label }, place) => {
    const button = element('button', { type: 'button', class: place === 0 ? 'primary' : 'secondary' }, label);
    button.addEventListener('click', () => tell({ act: 'repair', part: name, remedy }));
    return button;
  });
  return element(
    'div',
    { class: 'failure', role: 'alert' },
    icon('error'),
    element(
      'div',
      {},
      element('p', {}, sentence),
      ...(hint === undefined ? [] : [element('p', { class: 'note' }, hint)]),
      element('p', { class: 'buttons' }, ...buttons),
    ),
  );
}

/** What stands in the place of a part that is still to come. */
export function loading(text: string): HTMLElement {
  return element('p', { class: 'loading', role: 'status' }, text);
}

/** Has a screen reader say something that is seen anyway. */
function say(text: string): void {
  const live = document.querySelector('#live');
  if (live !== null) live.textContent = text;
}
