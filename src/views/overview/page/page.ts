import type { HostMessage, PageTexts, PartName, Parts } from '../overview.ts';
import { element } from './dom.ts';
import { GraphView } from './graphView.ts';
import { keep, keptState, onTold, tell } from './host.ts';
import './page.css';
import { failureBox, loading, section } from './pieces.ts';
import {
  annotations,
  content,
  header,
  product,
  provenance,
  referrers,
  signature,
  summary,
  tags,
  unknownSignature,
} from './sections.ts';

const page = document.querySelector('#page') ?? document.body;
/** The places of the page, from the top. */
const places = {
  header: element('div'),
  summary: element('div'),
  signature: element('div'),
  tags: element('div'),
  provenance: element('div'),
  product: element('div'),
  models: element('div'),
  content: element('div'),
  referrers: element('div'),
  annotations: element('div'),
};
type PlaceName = keyof typeof places;

const parts: { -readonly [Name in PartName]?: Parts[Name] } = {};
let texts: PageTexts | undefined;
let graph: GraphView | undefined;

/** What each part is shown by. Only what is about a part is drawn again when it comes. */
const DRAW: { readonly [Name in PartName]: (part: Parts[Name], texts: PageTexts) => void } = {
  manifest(part, t) {
    if (part.state !== 'shown') {
      page.replaceChildren(...whileNotShown('manifest', part));
      return;
    }
    if (!places.header.isConnected) page.replaceChildren(...skeleton());
    const { value } = part;
    document.title = value.name;
    fill('header', header(value));
    fill('summary', summary(value, t));
    fill('provenance', provenance(value, t));
    fill('content', content(value));
    fill('annotations', annotations(value));
    page.removeAttribute('aria-busy');
  },
  tags(part, t) {
    if (part.state === 'none') return;
    fill('tags', part.state === 'shown' ? tags(part.value, t) : section(t.tags, ...whileNotShown('tags', part)));
  },
  referrers(part, t) {
    if (part.state === 'none') return;
    if (part.state === 'shown') {
      fill('signature', signature(part.value, t));
      fill('referrers', referrers(part.value));
    } else {
      fill('referrers', section(t.referrers, ...whileNotShown('referrers', part)));
      fill('signature', ...(part.state === 'failed' ? [unknownSignature(t)] : []));
    }
  },
  product(part, t) {
    if (part.state === 'none') return;
    if (part.state === 'shown') {
      fill('product', product(part.value, t));
      graph = new GraphView(part.value.models, t);
      fill('models', graph.root);
    } else {
      fill('product', section(t.product, ...whileNotShown('product', part)));
    }
  },
  layout(part) {
    if (part.state === 'shown') graph?.draw(part.value);
    else if (part.state === 'failed') graph?.list(...whileNotShown('layout', part));
    else if (part.state !== 'none') graph?.wait(...whileNotShown('layout', part));
  },
};

function skeleton(): readonly Node[] {
  const { header: top, summary: first, signature: state, tags: names, provenance: origin, ...rest } = places;
  return [
    top,
    element('div', { class: 'columns' }, first, element('div', {}, state, names, origin)),
    ...Object.values(rest),
    element('p', { id: 'live', class: 'unseen', 'aria-live': 'polite' }),
  ];
}

function whileNotShown(name: PartName, part: Parts[PartName]): readonly Node[] {
  if (part.state === 'failed') return [failureBox(name, part.failure)];
  return part.state === 'loading' ? [loading(part.text)] : [];
}

/** Draws a place again. Who was in it with the keyboard stays there, at its heading. */
function fill(name: PlaceName, ...nodes: readonly Node[]): void {
  const place = places[name];
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(...nodes);
  if (hadFocus) place.querySelector<HTMLElement>('h1, h2')?.focus();
}

function drawPart<Name extends PartName>(name: Name): void {
  const part = parts[name];
  if (part !== undefined && texts !== undefined) (DRAW[name] as (part: unknown, texts: PageTexts) => void)(part, texts);
}

onTold((message: HostMessage) => {
  if ('texts' in message) {
    texts = message.texts;
    return;
  }
  Object.assign(parts, { [message.name]: message.part });
  drawPart(message.name);
  restoreScroll();
});

/** Where the page was before its tab was left; undefined once somebody moves it. */
let left = keptState().scroll;

/** Parts come one after the other, and the page is long enough only when they are there. */
function restoreScroll(): void {
  if (left !== undefined) window.scrollTo({ top: left });
}

for (const moved of ['wheel', 'keydown', 'pointerdown'] as const) {
  window.addEventListener(moved, () => (left = undefined), { capture: true, passive: true });
}
window.addEventListener('scrollend', () => {
  if (left === undefined) keep({ scroll: window.scrollY });
});
tell({ act: 'ready' });
