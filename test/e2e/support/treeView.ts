import type { Locator, Page } from 'playwright-core';
import { exactly } from './quickInput.ts';
import { patience, until } from './until.ts';

/** Milliseconds that VS Code takes to see where a drag is. */
const settling = 300;

/** A row that is found by its label, or by the labels on the way to it from the root. */
export type RowPath = string | readonly string[];

/** One view of the side bar. */
export class TreeView {
  readonly #page: Page;
  readonly root: Locator;

  constructor(page: Page, title: string) {
    this.#page = page;
    const header = page.locator('.pane-header h3.title', { hasText: exactly(title) });
    this.root = page.locator('.split-view-view .pane', { has: header });
  }

  /** All rows in view, from the top. */
  get rows(): Locator {
    return this.root.locator('.pane-body .monaco-list-row');
  }

  /** The text a view shows instead of rows, with its links. */
  get welcome(): Locator {
    return this.root.locator('.welcome-view-content');
  }

  /** Unfolds the view itself. */
  async open(): Promise<void> {
    const header = this.root.locator('.pane-header');
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  }

  /** Waits for a row, expanding those on the way to it. */
  async row(path: RowPath): Promise<Locator> {
    const labels = typeof path === 'string' ? [path] : path;
    let found = this.#labelled(labels[0] ?? '');
    await found.waitFor();
    for (const [depth, label] of labels.slice(1).entries()) {
      const child = this.#labelled(label, depth + 2);
      await unfoldTo(found, child);
      found = child;
    }
    return found;
  }

  /** Waits for a row and unfolds it. */
  async expand(path: RowPath): Promise<void> {
    await expand(await this.row(path));
  }

  /** Waits until no row in view has the label. */
  async waitForNoRow(label: string): Promise<void> {
    await this.#labelled(label).waitFor({ state: 'hidden' });
  }

  /** `label description` of each row in view, from the top. */
  async texts(): Promise<string[]> {
    return await this.rows.evaluateAll((rows) =>
      rows.map((row) => {
        const part = (name: string) => row.querySelector(`.label-${name}`)?.textContent ?? '';
        return `${part('name')} ${part('description')}`.trim();
      }),
    );
  }

  /** Waits for a row and gives its description, empty when it has none. */
  async description(path: RowPath): Promise<string> {
    const row = await this.row(path);
    return (await row.locator('.label-description').allInnerTexts()).join(' ').trim();
  }

  /** Rests the pointer on a row and gives what its tooltip says. */
  async tooltip(path: RowPath): Promise<string> {
    const row = await this.row(path);
    await row.hover();
    const text = this.#page.locator('.monaco-hover:visible .rendered-markdown');
    // VS Code keeps words together.
    return (await text.first().innerText()).replaceAll('\u00a0', ' ');
  }

  /** Opens a row's context menu and runs the entry with exactly this label. */
  async contextMenu(path: RowPath, entry: string): Promise<void> {
    const item = this.#page.getByRole('menuitem', { name: entry, exact: true });
    // A menu that has just opened ignores the mouse for a moment, so that the click that opened it does not pick; and a row that is
    // drawn anew takes its menu away.
    let isClicked = false;
    await until(`the menu entry ${entry} to take a click`, async () => {
      if (!(await item.isVisible())) {
        if (isClicked) return true;
        await (await this.row(path)).click({ button: 'right' });
        await item.waitFor();
      }
      await item.click({ timeout: 1_000 });
      isClicked = true;
      return false;
    });
  }

  /** Opens a row's context menu, gives its labels in order, and closes it. */
  async contextMenuLabels(path: RowPath): Promise<string[]> {
    const row = await this.row(path);
    await row.click({ button: 'right' });
    const labels = this.#page.locator('.context-view .monaco-menu .action-label:not(.separator)');
    await labels.first().waitFor();
    const texts = await labels.allInnerTexts();
    await this.#page.keyboard.press('Escape');
    return texts.map((text) => text.trim());
  }

  /** Runs one of the actions shown in the view's title while the pointer is over it. */
  async titleAction(label: string): Promise<void> {
    await this.root.locator('.pane-header').hover();
    await this.root.locator('.pane-header').getByRole('button', { name: label }).click();
  }

  /** Runs one of the inline actions of a row. */
  async inlineAction(path: RowPath, label: string): Promise<void> {
    const row = await this.row(path);
    await row.hover();
    await row.getByRole('button', { name: label }).click();
  }

  /** Drags a row onto something: a row of this view or another, an editor. */
  async dragTo(path: RowPath, target: Locator): Promise<void> {
    await drag(await this.row(path), target);
  }

  #labelled(label: string, level?: number): Locator {
    const name = this.#page.locator('.label-name', { hasText: exactly(label) });
    const rows =
      level === undefined ? this.rows : this.root.locator(`.pane-body .monaco-list-row[aria-level="${level}"]`);
    return rows.filter({ has: name }).first();
  }
}

/** Drags one thing onto another, as a person does: with the pointer, and not too fast. */
export async function drag(source: Locator, target: Locator): Promise<void> {
  const [from, to] = [await source.boundingBox(), await target.boundingBox()];
  if (from === null || to === null) throw new Error('What is dragged, or onto, is in view');
  const page = source.page();
  const { mouse } = page;
  const there = { x: to.x + to.width / 2, y: to.y + to.height / 2 };
  await mouse.move(from.x + 60, from.y + from.height / 2);
  await mouse.down();
  await mouse.move(from.x + 70, from.y + from.height / 2 + 3, { steps: 5 });
  await mouse.move(there.x, there.y, { steps: 15 });
  // What is under a drag takes a moment to say whether it takes it, and a drop before that is none.
  await page.waitForTimeout(settling);
  await mouse.move(there.x + 2, there.y);
  await mouse.up();
}

/** Unfolds a row until the other one is there. A row that was unfolded while those around it were read again may be empty. */
async function unfoldTo(row: Locator, child: Locator): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await expand(row);
    try {
      return await child.waitFor({ timeout: attempt === 3 ? patience : 5_000 });
    } catch (error) {
      if (attempt === 3) throw error;
      await row.locator('.monaco-tl-twistie').click();
    }
  }
}

/** A click may meet a row that is being drawn anew, and do nothing. */
async function expand(row: Locator): Promise<void> {
  const isExpanded = async () => (await row.getAttribute('aria-expanded', { timeout: 1_000 })) === 'true';
  await until('a tree row to unfold', async () => {
    if (await isExpanded()) return true;
    await row.locator('.monaco-tl-twistie').click({ timeout: 1_000 });
    // A second click would fold it again, so the first gets its time.
    return await until('the click to unfold the row', isExpanded, 10_000);
  });
}
