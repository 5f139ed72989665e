/** Milliseconds. A row that is unfolded is read before VS Code says that it was; it says so right after. */
const A_MOMENT = 500;

/**
 * Whether a question may interrupt the user: only when it comes of what they are doing. A window that comes back with
 * its rows unfolded reads them, and a manifest.yaml may change with a `git pull`: no dialog opens because of that. The
 * rows say what is missing, and trying again asks.
 */
export class Interruptions {
  #allowed = Promise.withResolvers<void>();
  #areAllowed = false;

  /** The user does something that reads from registries. */
  allow(): void {
    this.#areAllowed = true;
    this.#allowed.resolve();
  }

  /** What is read from now on is read because something else has happened. */
  forbid(): void {
    if (this.#areAllowed) this.#allowed = Promise.withResolvers<void>();
    this.#areAllowed = false;
  }

  /** The answer to a question; undefined when this is no time to ask, and nobody was. */
  async ask(question: () => Promise<boolean>): Promise<boolean | undefined> {
    if (!this.#areAllowed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, A_MOMENT);
      await Promise.race([this.#allowed.promise, promise]);
      clearTimeout(timer);
    }
    return this.#areAllowed ? await question() : undefined;
  }
}
