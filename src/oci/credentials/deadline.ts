/**
 * The end of a span of time. The system's clock may be set, which must not make anything last longer, and the steady one
 * stands still while a laptop sleeps: it is over when either says so.
 */
export class Deadline {
  readonly #wall: number;
  readonly #steady: number;

  /** @param milliseconds from now */
  constructor(milliseconds: number) {
    this.#wall = Date.now() + milliseconds;
    this.#steady = performance.now() + milliseconds;
  }

  get isOver(): boolean {
    return Date.now() >= this.#wall || performance.now() >= this.#steady;
  }
}
