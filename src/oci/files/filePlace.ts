import { lstat, realpath, stat } from 'node:fs/promises';
import { notWritable, systemCodeOf, writing } from './fileErrors.ts';

/**
 * Where to put a file so that what the user named then has it. Never over a device: renaming would replace `/dev/null`.
 * @returns the path with links followed, and the permission bits of what is there
 * @throws OciError FILE_NOT_WRITABLE
 */
export async function filePlace(path: string): Promise<{ readonly path: string; readonly mode: number | undefined }> {
  const link = await orUndefined(path, () => lstat(path));
  if (link === undefined) return { path, mode: undefined };
  const real = link.isSymbolicLink() ? await orUndefined(path, () => realpath(path)) : path;
  if (real === undefined) throw notWritable(path, 'it is a link to nothing');
  const stats = await writing(path, () => stat(real));
  if (stats.isDirectory()) throw notWritable(path, 'it is a folder');
  if (!stats.isFile()) throw notWritable(path, 'it is not a regular file');
  return { path: real, mode: stats.mode & 0o777 };
}

/** What a look at the file gives; undefined when it is not there. */
function orUndefined<T>(path: string, look: () => Promise<T>): Promise<T | undefined> {
  return writing(path, () =>
    look().catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }),
  );
}
