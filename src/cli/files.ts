import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { OciError } from '../oci/index.ts';

/** A file named on the command line: `shown` is as typed, `path` is where it is. */
export interface InputFile {
  readonly shown: string;
  readonly path: string;
}

/** A file as the user named it, with where it is from the working folder. */
export function inputFile(cwd: string, shown: string): InputFile {
  return { shown, path: isAbsolute(shown) ? shown : resolve(cwd, shown) };
}

/**
 * Reads a small file whole.
 * @param tooLarge what to say of one that is larger than `maxSize` bytes; default: that it cannot be read
 * @throws OciError FILE_NOT_FOUND, FILE_NOT_READABLE (a folder, no right, too large)
 */
export async function readInput(
  { shown, path }: InputFile,
  maxSize: number,
  tooLarge: () => OciError = () => notReadable(shown, `it is larger than ${maxSize} bytes`),
): Promise<Uint8Array> {
  try {
    const status = await stat(path);
    if (!status.isFile())
      throw notReadable(shown, status.isDirectory() ? 'it is a folder' : 'it is not a regular file');
    if (status.size > maxSize) throw tooLarge();
    return await readFile(path);
  } catch (error) {
    throw readError(shown, error);
  }
}

function notReadable(path: string, reason: string, cause?: unknown): OciError {
  return new OciError('FILE_NOT_READABLE', `cannot read ${path}: ${reason}`, { path, reason }, { cause });
}

/** A failure to read as one of ours; what is not a system error stays what it is. */
function readError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof OciError) return error;
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new OciError('FILE_NOT_FOUND', `no file ${path}`, { path }, { cause: error });
  }
  const reason = error.code === 'EACCES' ? 'you have no right to read it' : error.message;
  return notReadable(path, reason, error);
}
