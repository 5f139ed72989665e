import type { Locator, Page } from 'playwright-core';

/** The messages in the corner of the window, and the modal ones in its middle. */
export class Notifications {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Messages shown now. */
  get all(): Locator {
    return this.#page.locator('.notifications-toasts .notification-list-item');
  }

  /** Messages shown now that contain `text`. */
  containing(text: string | RegExp): Locator {
    return this.all.filter({ hasText: text }).first();
  }

  /** Waits for a message that contains `text` and gives all it says. */
  async waitFor(text: string | RegExp): Promise<string> {
    const message = this.containing(text).locator('.notification-list-item-message');
    return ((await message.textContent()) ?? '').trim();
  }

  /** Waits until no message contains `text`. */
  async waitForNone(text: string | RegExp): Promise<void> {
    await this.containing(text).waitFor({ state: 'hidden' });
  }

  /** Presses a button of the message that contains `text`. */
  async press(text: string | RegExp, button: string): Promise<void> {
    await this.containing(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** The labels of the buttons of the message that contains `text`. */
  async buttons(text: string | RegExp): Promise<string[]> {
    const message = this.containing(text);
    await message.waitFor();
    return await message.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
  }

  /** What the modal dialog says, once it is open. */
  async dialog(): Promise<string> {
    const parts = this.#dialog.locator('.dialog-message-text, .dialog-message-detail');
    await parts.first().waitFor();
    return (await parts.allInnerTexts()).join('\n').trim();
  }

  /** Presses a button of the modal dialog. */
  async answerDialog(button: string): Promise<void> {
    await this.#dialog.getByRole('button', { name: button, exact: true }).click();
  }

  get #dialog(): Locator {
    return this.#page.locator('.monaco-dialog-box');
  }
}
