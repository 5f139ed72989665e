import type { CallOptions } from '../content/store.ts';
import { cancelled, throwIfAborted } from '../errors.ts';

interface SharedCall<T> {
  readonly result: Promise<T>;
  readonly abandoned: AbortController;
  callers: number;
}

/** Does once what several ask for at the same time. It goes on as long as one of them waits. */
export class SharedCalls<T> {
  readonly #calls = new Map<string, SharedCall<T>>();

  /**
   * @param call gets a signal that is aborted when nobody waits any more
   * @throws OciError CANCELLED when the caller's own signal is aborted, and what `call` throws
   */
  async run(key: string, call: (options: Required<CallOptions>) => Promise<T>, options: CallOptions = {}): Promise<T> {
    const { signal } = options;
    throwIfAborted(signal);
    const shared = this.#calls.get(key) ?? this.#start(key, call);
    shared.callers++;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const stop = (): void => reject(cancelled(signal?.reason));
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([shared.result, aborted]);
    } finally {
      signal?.removeEventListener('abort', stop);
      shared.callers--;
      if (shared.callers === 0) await this.#abandon(key, shared);
    }
  }

  #start(key: string, call: (options: Required<CallOptions>) => Promise<T>): SharedCall<T> {
    const abandoned = new AbortController();
    const result = call({ signal: abandoned.signal });
    const shared: SharedCall<T> = { result, abandoned, callers: 0 };
    this.#calls.set(key, shared);
    const forget = (): void => {
      if (this.#calls.get(key) === shared) this.#calls.delete(key);
    };
    result.then(forget, forget);
    return shared;
  }

  /** Nothing outlives who asked for it. A call that has ended by itself does not notice. */
  async #abandon(key: string, shared: SharedCall<T>): Promise<void> {
    if (this.#calls.get(key) === shared) this.#calls.delete(key);
    shared.abandoned.abort(cancelled());
    await Promise.allSettled([shared.result]);
  }
}
