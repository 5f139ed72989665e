import type { Locator, Page } from 'playwright-core';

/** A message that is to appear as a toast has done so by then; a transfer in these scenarios takes less. */
const toastPatience = 5_000;

/** The messages in the corner of the window, and the modal ones in its middle. */
export class Notifications {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Messages shown now, as toasts or in the list behind the bell. */
  get all(): Locator {
    return this.#page.locator(
      '.notifications-toasts .notification-list-item, .notifications-center.visible .notification-list-item',
    );
  }

  /** Messages shown now that contain `text`. */
  containing(text: string | RegExp): Locator {
    return this.all.filter({ hasText: text }).first();
  }

  /** Waits for a message that contains `text` and gives all it says. */
  async waitFor(text: string | RegExp): Promise<string> {
    const item = await this.#find(text);
    const message = (await item.locator('.notification-list-item-message').textContent()) ?? '';
    await this.#closeCenter();
    return message.trim();
  }

  /** Waits until no message contains `text`. */
  async waitForNone(text: string | RegExp): Promise<void> {
    await this.containing(text).waitFor({ state: 'hidden' });
  }

  /** Presses a button of the message that contains `text`. */
  async press(text: string | RegExp, button: string): Promise<void> {
    const item = await this.#find(text);
    await item.getByRole('button', { name: button, exact: true }).click();
    await this.#closeCenter();
  }

  /** The labels of the buttons of the message that contains `text`. */
  async buttons(text: string | RegExp): Promise<string[]> {
    const item = await this.#find(text);
    const labels = await item.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
    await this.#closeCenter();
    return labels;
  }

  /** What the modal dialog says, once one is open that contains `text`: one may follow another. */
  async dialog(text = ''): Promise<string> {
    const parts = this.#dialog.filter({ hasText: text }).locator('.dialog-message-text, .dialog-message-detail');
    await parts.first().waitFor();
    return (await parts.allInnerTexts()).join('\n').trim();
  }

  /** Presses a button of the modal dialog. */
  async answerDialog(button: string): Promise<void> {
    await this.#dialog.getByRole('button', { name: button, exact: true }).click();
  }

  /**
   * Waits for a message. More than three in 800 ms are too many for VS Code, and a scenario is quick: it shows the rest
   * behind the bell only, where a person would look next.
   */
  async #find(text: string | RegExp): Promise<Locator> {
    const item = this.containing(text);
    try {
      await item.waitFor({ timeout: toastPatience });
    } catch {
      if (!(await this.#center.isVisible())) await this.#bell.click();
      await item.waitFor();
    }
    return item;
  }

  /** Toasts are not shown while the list is. */
  async #closeCenter(): Promise<void> {
    if (!(await this.#center.isVisible())) return;
    await this.#bell.click();
    await this.#center.waitFor({ state: 'hidden' });
  }

  get #bell(): Locator {
    return this.#page.locator('.statusbar-item[id="status.notifications"]');
  }

  get #center(): Locator {
    return this.#page.locator('.notifications-center.visible');
  }

  get #dialog(): Locator {
    return this.#page.locator('.monaco-dialog-box');
  }
}
