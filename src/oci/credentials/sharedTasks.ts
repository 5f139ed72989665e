import { throwIfAborted } from '../errors.ts';

/** Work that several want done at once is done once. */
export class SharedTasks<T> {
  readonly #running = new Map<string, SharedTask<T>>();

  /**
   * Starts a task, or waits for the one with the same key that is under way. Each waits with a signal of its own; the
   * task ends when nobody waits any more. A failure is everybody's, and nothing is kept.
   * @param task called with the signal that ends it
   * @throws OciError CANCELLED, and what `task` throws
   */
  async run(key: string, task: (signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    throwIfAborted(signal);
    const running = this.#running.get(key) ?? this.#start(key, task);
    return running.join(signal);
  }

  #start(key: string, task: (signal: AbortSignal) => Promise<T>): SharedTask<T> {
    const shared = new SharedTask(task, () => {
      if (this.#running.get(key) === shared) this.#running.delete(key);
    });
    this.#running.set(key, shared);
    return shared;
  }
}

class SharedTask<T> {
  readonly #controller = new AbortController();
  readonly #over: () => void;
  readonly #result: Promise<T>;
  #waiting = 0;

  constructor(task: (signal: AbortSignal) => Promise<T>, over: () => void) {
    this.#over = over;
    this.#result = task(this.#controller.signal);
    this.#result.then(over, over);
  }

  async join(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting++;
    if (signal === undefined) return this.#result;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => {
      // First, so that who leaves hears that, and not how the task took its end.
      try {
        throwIfAborted(signal);
      } catch (error) {
        reject(error);
      }
      if (--this.#waiting > 0) return;
      // Whoever comes now must not join what is about to fail.
      this.#over();
      this.#controller.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.#result, left]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}
