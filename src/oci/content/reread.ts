import { isOciError } from '../errors.ts';
import type { CallOptions, ReadableStore } from './store.ts';

/**
 * Does something with content that it reads from a store, and does it anew while size or digest are wrong and the store
 * thinks that reading again may help. What was wrong is never believed: `use` leaves nothing behind when it fails.
 * @throws OciError CANCELLED, and what `use` throws
 */
export async function rereading<T>(
  store: Pick<ReadableStore, 'mayReread'>,
  use: () => Promise<T>,
  options: CallOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await use();
    } catch (error) {
      if (!isWrongContent(error) || !(await store.mayReread?.(attempt, options))) throw error;
    }
  }
}

/** Whether the content was there, and was not what its descriptor says. */
export function isWrongContent(error: unknown): boolean {
  return isOciError(error, 'DIGEST_MISMATCH') || isOciError(error, 'SIZE_MISMATCH');
}
