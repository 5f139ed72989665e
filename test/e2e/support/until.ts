import { setTimeout as delay } from 'node:timers/promises';

/** How long a person would wait for a window that is busy starting, on two shared cores. */
export const patience = 30_000;

/** Often enough to add nothing noticeable to a step that takes seconds. */
const interval = 50;

/**
 * Asks again until the answer is neither undefined nor false, and gives it.
 *
 * @param what completes "waited for …" in the error
 * @throws Error after `limit` milliseconds (default 30 000), with the last error of `probe` as its cause
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  limit = patience,
): Promise<T> {
  const end = performance.now() + limit;
  let cause: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      cause = error;
    }
    await delay(interval);
  } while (performance.now() < end);
  throw new Error(`Waited ${limit / 1000} s for ${what}`, { cause });
}
