import type { ManifestPart, PageTexts, ProductPart, ReferrersPart, SizeBar, TagsPart } from '../overview.ts';
import { drawn, element } from './dom.ts';
import { tell } from './host.ts';
import { icon } from './icons.ts';
import { factList, section, statusLine, table } from './pieces.ts';

/** The name of the artifact, its kind and what can be done with it. */
export function header({ name, kind, buttons }: ManifestPart): HTMLElement {
  return element(
    'header',
    {},
    icon(kind.icon),
    element('div', {}, element('h1', {}, name), element('p', { class: 'note' }, kind.label)),
    element(
      'div',
      { class: 'buttons' },
      ...buttons.map(({ label, target }) => {
        const button = element('button', { type: 'button', class: 'secondary' }, label);
        button.addEventListener('click', () => tell({ act: 'go', target }));
        return button;
      }),
    ),
  );
}

/** What the manifest says, as facts. */
export function summary({ facts }: ManifestPart, texts: PageTexts): HTMLElement {
  return section(texts.summary, factList(facts, texts));
}

/** From what and when it was made. */
export function provenance({ provenance: facts }: ManifestPart, texts: PageTexts): HTMLElement {
  const content = facts.length === 0 ? element('p', { class: 'note' }, texts.noProvenance) : factList(facts, texts);
  return section(texts.provenance, content);
}

/** What is known of its signatures. */
export function signature({ signature: status }: ReferrersPart, texts: PageTexts): HTMLElement {
  return section(texts.signature, statusLine(status, { isNamed: false }));
}

/** Where nobody could look. */
export function unknownSignature(texts: PageTexts): HTMLElement {
  const status = { label: texts.signature, text: texts.signatureUnknown, look: 'unknown', details: [] } as const;
  return section(texts.signature, statusLine(status, { isNamed: false }));
}

/** The tags that name it, and where it has been promoted to. */
export function tags({ tags: names, note, search, promotion }: TagsPart, texts: PageTexts): HTMLElement {
  const list = element('ul', { class: 'tags' }, ...names.map((name) => element('li', { class: 'code' }, name)));
  const button = search === undefined ? undefined : element('button', { type: 'button', class: 'secondary' }, search);
  button?.addEventListener('click', () => tell({ act: 'searchTags' }));
  return section(
    texts.tags,
    names.length === 0 ? element('p', { class: 'note' }, texts.noTags) : list,
    ...(note === undefined ? [] : [element('p', { class: 'note' }, note)]),
    ...(button === undefined ? [] : [button]),
    ...(promotion === undefined ? [] : [statusLine(promotion)]),
  );
}

/** Config and layers, or the manifests of an index, with their sizes. */
export function content({ content: rows, sizes }: ManifestPart): HTMLElement {
  return section(rows.title, ...(sizes === undefined ? [] : [bar(sizes)]), ...table(rows));
}

/** The annotations of the manifest. */
export function annotations({ annotations: rows }: ManifestPart): HTMLElement {
  return section(rows.title, ...table(rows));
}

/** What refers to it. */
export function referrers({ table: rows }: ReferrersPart): HTMLElement {
  return section(rows.title, ...table(rows));
}

/** What the compiled artifacts say of the product. */
export function product({ facts, plugins, governance }: ProductPart, texts: PageTexts): HTMLElement {
  const rules =
    governance.length === 0 ? element('p', { class: 'note' }, texts.noGovernance) : factList(governance, texts);
  return section(
    texts.product,
    element(
      'div',
      { class: 'columns' },
      factList(facts, texts),
      element(
        'div',
        {},
        element('h3', {}, plugins.title),
        ...table(plugins),
        element('h3', {}, texts.governance),
        rules,
      ),
    ),
  );
}

/** Units of the drawing, which is stretched to the width of the page. */
const BAR_WIDTH = 1_000;

/** The shares beside each other, and in the same order below with their names. */
function bar({ title, shares }: SizeBar): HTMLElement {
  let x = 0;
  const pieces = shares.map(({ label, size, fraction }, place) => {
    const width = fraction * BAR_WIDTH;
    const piece = drawn(
      'rect',
      { x, y: 0, width, height: 20, class: `share share-${place}` },
      drawn('title', {}, `${label}: ${size}`),
    );
    x += width;
    return piece;
  });
  const picture = { viewBox: `0 0 ${BAR_WIDTH} 20`, preserveAspectRatio: 'none', class: 'bar', 'aria-hidden': 'true' };
  return element(
    'figure',
    {},
    element('figcaption', {}, title),
    drawn('svg', picture, ...pieces),
    element(
      'ol',
      { class: 'legend' },
      ...shares.map(({ label, size }, place) =>
        element('li', {}, swatch(place), element('span', {}, label), ' ', element('span', { class: 'note' }, size)),
      ),
    ),
  );
}

function swatch(place: number): SVGElement {
  return drawn(
    'svg',
    { viewBox: '0 0 12 12', class: 'swatch', 'aria-hidden': 'true' },
    drawn('rect', { x: 1, y: 1, width: 10, height: 10, class: `share share-${place}` }),
  );
}
