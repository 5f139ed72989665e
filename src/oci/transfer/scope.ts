import type { CallOptions } from '../content/store.ts';
import { cancelled, isOciError, throwIfAborted } from '../errors.ts';
import { limiter } from './limiter.ts';

/** What every operation takes that has many requests. */
export interface ScopeOptions extends CallOptions {
  /** Requests at a time; default 8. */
  readonly concurrency?: number;
}

/** What the parts of one operation share. */
export interface Scope {
  /** Aborted by the caller, or by the first part that fails. */
  readonly signal: AbortSignal;
  /** Runs one request when there is room for it, unless the scope has been aborted by then. Its failure aborts the scope. */
  run<T>(request: () => Promise<T>): Promise<T>;
  /** Waits until all have ended, well or badly; the first failure aborts the scope and is thrown. */
  all<T>(parts: readonly Promise<T>[]): Promise<T[]>;
}

/**
 * Runs an operation of many parts of which nothing outlives the call: when one fails the others are aborted and awaited,
 * and the call fails with what failed first, not with an echo of the abort.
 * @throws OciError CANCELLED when the caller's signal was first
 */
export async function inScope<T>(options: ScopeOptions, work: (scope: Scope) => Promise<T>): Promise<T> {
  throwIfAborted(options.signal);
  const controller = new AbortController();
  const { signal } = controller;
  const limit = limiter(options.concurrency);
  const scope: Scope = {
    signal,
    run: (request) =>
      limit(async () => {
        throwIfAborted(signal);
        try {
          return await request();
        } catch (error) {
          controller.abort(error);
          throw error;
        }
      }),
    all: async (parts) => {
      for (const part of parts) part.catch((error: unknown) => controller.abort(error));
      await Promise.allSettled(parts);
      return Promise.all(parts);
    },
  };
  const cancel = (): void => {
    const reason: unknown = options.signal?.reason;
    controller.abort(isOciError(reason) ? reason : cancelled(reason));
  };
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await work(scope);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}
