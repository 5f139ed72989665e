/** Lets tasks that change one thing, named by its key, go one after another; tasks of different keys do not wait. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs the task once all earlier ones of the key have ended, well or badly. */
  async take<T>(key: string, task: () => Promise<T>): Promise<T> {
    const running = (this.#last.get(key) ?? Promise.resolve()).then(task);
    const ended = running.then(
      () => {},
      () => {},
    );
    this.#last.set(key, ended);
    try {
      return await running;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}
