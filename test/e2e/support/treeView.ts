import type { Locator, Page } from 'playwright-core';
import { exactly } from './quickInput.ts';
import { until } from './until.ts';

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
      await expand(found);
      found = this.#labelled(label, depth + 2);
      await found.waitFor();
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
    const row = await this.row(path);
    await row.click({ button: 'right' });
    const item = this.#page.getByRole('menuitem', { name: entry, exact: true });
    await item.waitFor();
    // A menu that has just opened ignores the mouse for a moment, so that the click that opened it does not pick.
    await until(`the menu entry ${entry} to take a click`, async () => {
      if (!(await item.isVisible())) return true;
      await item.click({ timeout: 1_000 });
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

  #labelled(label: string, level?: number): Locator {
    const name = this.#page.locator('.label-name', { hasText: exactly(label) });
    const rows =
      level === undefined ? this.rows : this.root.locator(`.pane-body .monaco-list-row[aria-level="${level}"]`);
    return rows.filter({ has: name }).first();
  }
}

async function expand(row: Locator): Promise<void> {
  const expanded = () => row.getAttribute('aria-expanded');
  if ((await expanded()) === 'true') return;
  await row.locator('.monaco-tl-twistie').click();
  await until('a tree row to unfold', async () => (await expanded()) === 'true');
}
