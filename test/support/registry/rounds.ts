/** Milliseconds without a new request after which all that go out together are taken to have arrived. */
const QUIET = 200;

/**
 * Answers that are held back until nobody asks for anything any more, and then given all at once: as many round trips as a
 * client at a distance would wait for, one after the other.
 */
export class Rounds {
  #count = 0;
  #held: (() => void)[] = [];
  #quiet: NodeJS.Timeout | undefined;

  get count(): number {
    return this.#count;
  }

  /** Waits for the end of the round. */
  turn(): Promise<void> {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#count++;
      const held = this.#held;
      this.#held = [];
      for (const release of held) release();
    }, QUIET);
    return new Promise((resolve) => this.#held.push(resolve));
  }
}
