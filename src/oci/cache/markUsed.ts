import { utimes } from 'node:fs/promises';

/**
 * Notes, as the time of its last change, when a file was used: no other file needs to be written for it. Where we may not,
 * whoever makes room knows less.
 * @param usedAt milliseconds since 1970
 */
export async function markUsed(path: string, usedAt: number): Promise<void> {
  await utimes(path, usedAt / 1000, usedAt / 1000).catch(() => {});
}
