import { randomUUID } from 'node:crypto';
import { lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OciError } from '../errors.ts';
import { makeFolder } from '../files/folder.ts';

/** For the owner alone: the file may hold passwords, or say where they go. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** How a file of settings is replaced. */
export interface ReplaceFileOptions {
  /** Whether a link stays one and what it leads to is replaced, as people keep their settings elsewhere; default false. */
  readonly throughLink?: boolean;
}

/**
 * Puts a file of this content in the place of what was there, at once, with mode 0600. Its folder is made where there is
 * none. What is no file, as `/dev/null` behind a link, is left alone.
 * @throws OciError FILE_NOT_WRITABLE
 */
export async function replaceFile(file: string, content: string, options: ReplaceFileOptions = {}): Promise<void> {
  try {
    await makeFolder(dirname(file), { mode: FOLDER_MODE });
    const target = options.throughLink ? await realpath(file).catch(() => file) : file;
    const isFile = await lstat(target).then(
      (stats) => stats.isFile() || (!options.throughLink && stats.isSymbolicLink()),
      () => true,
    );
    if (!isFile) throw new Error('it is not a regular file');
    const temporary = join(dirname(target), `.config-${randomUUID()}.tmp`);
    try {
      const handle = await open(temporary, 'wx', FILE_MODE);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** Removes a file, if it is there. @throws OciError FILE_NOT_WRITABLE */
export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true }).catch((error: unknown) => {
    throw notWritable(file, error);
  });
}

function notWritable(path: string, cause: unknown): OciError<'FILE_NOT_WRITABLE'> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OciError('FILE_NOT_WRITABLE', `cannot write ${path}: ${reason}`, { path, reason }, { cause });
}
