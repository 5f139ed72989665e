import { isOciError, OciError } from '../errors.ts';

/** The system's code of a failed file operation, such as `ENOENT`. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the file, or a folder above it, is not there. */
export function isMissing(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is exhausted',
  EEXIST: 'a file is where a folder is needed',
  EFBIG: 'the file would be too large for the file system',
  EISDIR: 'a folder is where a file is needed',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ENOENT: 'the folder does not exist',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a file is where a folder is needed',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

function reasonOf(error: unknown): string {
  const code = systemCodeOf(error);
  return (code !== undefined && REASONS[code]) || (error instanceof Error ? error.message : String(error));
}

/**
 * Runs a step that changes `path`, so that a failure of the file system names it.
 * @throws OciError FILE_NOT_WRITABLE; errors of ours pass
 */
export async function writing<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isOciError(error)) throw error;
    const reason = reasonOf(error);
    throw new OciError('FILE_NOT_WRITABLE', `cannot write ${path}: ${reason}`, { path, reason }, { cause: error });
  }
}

/**
 * Runs a step that reads `path`; undefined when it is not there.
 * @throws OciError FILE_NOT_READABLE; errors of ours pass
 */
export async function reading<T>(path: string, step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (isOciError(error)) throw error;
    if (isMissing(error)) return undefined;
    const reason = reasonOf(error);
    throw new OciError('FILE_NOT_READABLE', `cannot read ${path}: ${reason}`, { path, reason }, { cause: error });
  }
}

export function invalidLayout(path: string, reason: string, cause?: unknown): OciError<'INVALID_LAYOUT'> {
  return new OciError('INVALID_LAYOUT', `${path} ${reason}`, { path, reason }, cause === undefined ? {} : { cause });
}
