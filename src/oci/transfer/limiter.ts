import pLimit from 'p-limit';
import { OciError } from '../errors.ts';

/** Runs a task when there is room for it. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** Enough to hide the latency of a registry; more mostly waits for the same bandwidth. */
const DEFAULT_CONCURRENCY = 8;

/**
 * At most `concurrency` tasks at a time, first come first served. A task must not wait for another task of the same
 * limiter: hold it for one request, never across recursion, or all places end up held by those who wait for a place.
 * @throws OciError INVALID_ARGUMENT when `concurrency` is not a positive whole number
 */
export function limiter(concurrency: number = DEFAULT_CONCURRENCY): Limiter {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new OciError('INVALID_ARGUMENT', `not a concurrency: ${concurrency}`, {
      argument: 'concurrency',
      value: String(concurrency),
      accepted: 'a whole number from 1 up',
    });
  }
  return pLimit(concurrency);
}
