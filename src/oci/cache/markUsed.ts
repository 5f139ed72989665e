import { utimes } from 'node:fs/promises';
import { systemCodeOf } from '../files/fileErrors.ts';

/**
 * Notes, as the time of its last change, when a file was used: no other file needs to be written for it. Where we may not,
 * whoever makes room knows less.
 * @param usedAt milliseconds since 1970
 * @returns false when only the user whose file it is may do so
 */
export async function markUsed(path: string, usedAt: number): Promise<boolean> {
  return utimes(path, usedAt / 1000, usedAt / 1000).then(
    () => true,
    (error: unknown) => systemCodeOf(error) !== 'EPERM',
  );
}
