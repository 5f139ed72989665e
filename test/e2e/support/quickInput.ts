import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** A prompt that has just opened may still write its own first value over what is typed. */
const settling = 200;
/** Milliseconds. What an extension lists for what is typed has been asked for and is there by then, if there is anything. */
const listing = 1_000;

/** The box at the top of the window: command palette, quick pick, input box, and file dialog in a browser. */
export class QuickInput {
  readonly #page: Page;
  readonly root: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.locator('.quick-input-widget:visible');
  }

  get #box(): Locator {
    return this.root.locator('.quick-input-box input');
  }

  /** The list below the box, which a prompt for a text alone has hidden. */
  get #list(): Locator {
    return this.root.locator('.quick-input-list:not([style*="display: none"])');
  }

  /** The rows now in view. */
  get rows(): Locator {
    return this.root.locator('.quick-input-list .monaco-list-row');
  }

  /** The labels of the rows now in view. */
  async labels(): Promise<string[]> {
    return await this.rows.locator('.quick-input-list-row:first-child .label-name').allTextContents();
  }

  /** Waits until it is open and its title, placeholder or prompt contains `text`: consecutive prompts look alike. */
  async waitFor(text: string): Promise<void> {
    const placeholder = this.root.locator(`input[placeholder*=${JSON.stringify(text)}]`);
    await this.root.getByText(text).or(placeholder).first().waitFor();
  }

  /** Waits until it is gone. */
  async waitForClosed(): Promise<void> {
    await this.root.waitFor({ state: 'hidden' });
  }

  /** Replaces what is written in the box. */
  async fill(text: string): Promise<void> {
    await this.#box.fill(text);
  }

  /** Writes and accepts, as an input box wants it; a list is given time to answer to what is written. */
  async enter(text: string): Promise<void> {
    await until(`the input box to keep ${text}`, async () => {
      await this.fill(text);
      await this.#page.waitForTimeout(settling);
      return (await this.#box.inputValue()) === text;
    });
    const firstRow = this.rows.first();
    // What is new, as the path of a file to write, is in no list.
    if ((await this.#list.count()) > 0) await firstRow.waitFor({ timeout: listing }).catch(() => {});
    await this.accept();
  }

  /** Writes and accepts an absolute path in a file dialog, once it has listed the folder that it starts in. */
  async enterPath(file: string): Promise<void> {
    await this.row('..').waitFor();
    await this.enter(file);
  }

  /** Presses Enter. */
  async accept(): Promise<void> {
    await this.#box.press('Enter');
  }

  /** Presses Escape, as often as it takes to leave one prompt: once. */
  async cancel(): Promise<void> {
    await this.#page.keyboard.press('Escape');
  }

  /** Picks the row with exactly this label, by the keyboard: under a pointer the list may be drawn again. */
  async pick(label: string): Promise<void> {
    await this.row(label).waitFor();
    await until(`the row ${label} to be the active one`, async () => {
      const active = await this.root.locator('.monaco-list-row.focused .label-name').first().textContent();
      if (exactly(label).test(active ?? '')) return true;
      await this.#box.press('ArrowDown');
      return false;
    });
    await this.accept();
  }

  /** The row with exactly this label. */
  row(label: string): Locator {
    const name = this.#page.locator('.quick-input-list-rows .monaco-icon-label .label-name', {
      hasText: exactly(label),
    });
    return this.rows.filter({ has: name }).first();
  }

  /** What is wrong with the input, or the prompt under the box; empty when nothing is said. */
  async message(): Promise<string> {
    return ((await this.root.locator('.quick-input-message').textContent()) ?? '').trim();
  }
}

/** A pattern for `hasText` that matches the whole text: the string form matches any part of it. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\s*$`);
}
