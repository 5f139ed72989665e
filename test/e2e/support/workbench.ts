import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { viewport } from './browser.ts';
import { Notifications } from './notifications.ts';
import { exactly, QuickInput } from './quickInput.ts';
import { TreeView } from './treeView.ts';
import { until } from './until.ts';

/** The palette answers a keystroke at once and adds similar commands 200 ms later. */
const paletteDelay = 250;

/** One window of VS Code, driven as a person drives it. */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;

  private constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
  }

  /** Opens a window at the address of a folder and waits until it is usable. */
  static async open(context: BrowserContext, url: string): Promise<Workbench> {
    const workbench = new Workbench(await context.newPage());
    await workbench.page.goto(url);
    await workbench.#waitUntilUsable();
    return workbench;
  }

  /** Reloads the window by VS Code's own command, which first saves what is open; F5 in a browser may be too fast for it. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.#waitUntilUsable();
  }

  /** Runs a command by its full title, `Category: Title`, from the palette. */
  async runCommand(title: string): Promise<void> {
    // The list is made when the palette opens: a command that arrives later, as after a reload, needs another opening.
    await until(`the command ${title}`, async () => {
      const texts = await this.#searchCommand(title);
      if (texts.includes(title)) return true;
      await this.quickInput.cancel();
      return false;
    });
    await this.quickInput.pick(title);
  }

  /** Whether the palette offers a command now. */
  async offersCommand(title: string): Promise<boolean> {
    const texts = await this.#searchCommand(title);
    await this.quickInput.cancel();
    return texts.includes(title);
  }

  /** Opens a container of the activity bar. */
  async openContainer(title: string): Promise<void> {
    const entry = this.page.locator('.activitybar .action-item', {
      has: this.page.locator(`[aria-label^=${JSON.stringify(title)}]`),
    });
    const opened = this.page.locator('.sidebar .composite.title', { hasText: new RegExp(title, 'i') });
    // A click may come too early to count, and one on what is open would close it.
    await until(`the container ${title} to be open`, async () => {
      if (await opened.isVisible()) return true;
      await entry.first().click();
      await opened.waitFor({ timeout: 2_000 });
      return true;
    });
  }

  /** Waits until VS Code lists an extension as activated, and gives what it says of that, `Activation: 13ms`. */
  async activation(extension: string): Promise<string> {
    await this.runCommand('Developer: Show Running Extensions');
    const name = this.page.locator('.name', { hasText: exactly(extension) });
    const row = this.page.locator('.runtime-extensions-editor .monaco-list-row', { has: name });
    // Only rows in view are in the page, and the list is longer than the usual window.
    await this.page.setViewportSize({ ...viewport, height: 3 * viewport.height });
    try {
      return (await row.locator('.activation-time', { hasText: /Activation: / }).textContent()) ?? '';
    } finally {
      await this.page.setViewportSize(viewport);
    }
  }

  /** A view of the side bar by its title. */
  tree(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  /** The page of the overview that is in front. */
  get overview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  }

  /** Titles of the open tabs, from the left. */
  async tabs(): Promise<string[]> {
    return (await this.page.locator('.tabs-container .tab .monaco-icon-label-container').allInnerTexts()).map((text) =>
      text.trim(),
    );
  }

  /** Waits for a tab with exactly this title, or one that matches. */
  async waitForTab(title: string | RegExp): Promise<Locator> {
    const hasText = typeof title === 'string' ? exactly(title) : title;
    const tab = this.page
      // From 1.139 on, the ending of the name is an element of its own.
      .locator('.tabs-container .tab', { has: this.page.locator('.monaco-icon-label-container', { hasText }) })
      .first();
    await tab.waitFor();
    return tab;
  }

  /**
   * The whole text of the active text editor, line ends as in the document: read over the clipboard, since only the
   * lines in view are in the page.
   */
  async editorText(): Promise<string> {
    const editor = this.page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
    await editor.locator('.view-line').first().waitFor();
    return await until('the text of the active editor', async () => {
      await this.page.evaluate("navigator.clipboard.writeText('')");
      await editor.locator('.overflow-guard').first().click();
      await this.page.keyboard.press('Control+A');
      await this.page.keyboard.press('Control+C');
      const text = await this.clipboard();
      return text !== '' && text;
    });
  }

  /** Replaces the whole text of the active text editor and saves it, by pasting: typed text would be indented. */
  async replaceText(text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await this.page.locator('.editor-group-container.active .editor-instance .view-lines').first().click();
    for (const key of ['Control+A', 'Control+V', 'Control+S']) await this.page.keyboard.press(key);
  }

  /** The text on the clipboard. */
  async clipboard(): Promise<string> {
    return String(await this.page.evaluate('navigator.clipboard.readText()'));
  }

  /** Writes a PNG of the window. */
  async screenshot(file: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
  }

  /** Opens the palette, writes a title and gives the labels offered, once it is the first or they stay the same. */
  async #searchCommand(title: string): Promise<string[]> {
    await until('the command palette', async () => {
      await this.page.keyboard.press('F1');
      await this.quickInput.rows.first().waitFor({ timeout: 2_000 });
      return true;
    });
    await this.quickInput.fill(`>${title}`);
    let before: string[] = [];
    return await until('the palette to settle', async () => {
      const labels = await this.quickInput.labels();
      const settled = labels[0] === title || (labels.length > 0 && labels.join('\n') === before.join('\n'));
      before = labels;
      if (!settled) await this.page.waitForTimeout(paletteDelay);
      return settled && labels;
    });
  }

  async #waitUntilUsable(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor();
    // The status bar gets its remote entry when the connection to the extension host stands.
    await this.page.locator('.statusbar-item[id="status.host"]').waitFor();
  }
}
