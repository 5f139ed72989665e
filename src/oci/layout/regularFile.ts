import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { OciError } from '../errors.ts';
import { reading, systemCodeOf } from '../files/fileErrors.ts';
import { invalidLayout } from './invalidLayout.ts';

/** Absent on Windows, where the check before opening has to do. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * Looks at a file of a layout; undefined when it is not there.
 * @throws OciError INVALID_LAYOUT when it is a link or no file: content outside the layout is never reached through it
 */
export async function statRegularFile(path: string): Promise<Stats | undefined> {
  const stats = await reading(path, () => lstat(path));
  if (stats === undefined || stats.isFile()) return stats;
  throw invalidLayout(path, stats.isSymbolicLink() ? 'is a symbolic link' : 'is not a file');
}

/** Milliseconds after which another change of a file is sure to show in its times. Some file systems count in seconds. */
const SETTLED_AFTER = 2000;

/**
 * Names the state of a file, so that what is known of its content need not be found out again while it stays the same;
 * undefined while it is so young that another change might not show.
 */
export function settledVersionOf({ ino, size, mtimeMs, ctimeMs }: Stats): string | undefined {
  return ctimeMs < Date.now() - SETTLED_AFTER ? `${ino} ${size} ${mtimeMs} ${ctimeMs}` : undefined;
}

/**
 * Opens a file of a layout for reading; undefined when it is not there. The caller closes it.
 * @throws OciError INVALID_LAYOUT, FILE_NOT_READABLE
 */
export async function openRegularFile(path: string): Promise<FileHandle | undefined> {
  if ((await statRegularFile(path)) === undefined) return undefined;
  return reading(path, async () => {
    try {
      return await open(path, constants.O_RDONLY | NO_FOLLOW);
    } catch (error) {
      throw systemCodeOf(error) === 'ELOOP' ? invalidLayout(path, 'is a symbolic link', error) : error;
    }
  });
}

/**
 * Reads a small file whole; undefined when it is not there.
 * @param limit bytes, checked before anything is read
 * @throws OciError LIMIT_EXCEEDED, INVALID_LAYOUT, FILE_NOT_READABLE
 */
export async function readRegularFile(path: string, limit: number): Promise<Uint8Array | undefined> {
  const file = await openRegularFile(path);
  if (file === undefined) return undefined;
  try {
    return await reading(path, async () => {
      if ((await file.stat()).size > limit) throw tooLarge(path, limit);
      return file.readFile();
    });
  } finally {
    await file.close();
  }
}

/** The error for a file of a layout that is larger than what is read of it; `limit` in bytes. */
export function tooLarge(path: string, limit: number): OciError<'LIMIT_EXCEEDED'> {
  return new OciError('LIMIT_EXCEEDED', `${path} is larger than ${limit} bytes`, { what: `bytes of ${path}`, limit });
}
