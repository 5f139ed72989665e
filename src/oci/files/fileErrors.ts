import { isOciError, OciError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is exhausted',
  EEXIST: 'something else is in its place',
  EFBIG: 'it would be too large for the file system',
  EISDIR: 'it is a folder',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'its name is too long',
  ENFILE: 'too many open files',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a file is where a folder is needed',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

/** The system's code of a failed file operation, such as `ENOENT`. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the file, or a folder above it, is not there. */
export function isMissing(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
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
    throw notReadable(path, error);
  }
}

/**
 * Runs a step that reads `path`, which is to be there.
 * @throws OciError FILE_NOT_FOUND, FILE_NOT_READABLE; errors of ours pass
 */
export async function readingExisting<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isOciError(error)) throw error;
    if (systemCodeOf(error) === 'ENOENT') {
      throw new OciError('FILE_NOT_FOUND', `${path} does not exist`, { path }, { cause: error });
    }
    throw notReadable(path, error);
  }
}

/**
 * Runs a step that changes `path`, so that its failure names the file.
 * @throws OciError FILE_NOT_WRITABLE; errors of ours pass
 */
export async function writing<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isOciError(error)) throw error;
    throw notWritable(path, reasonOf(error), { cause: error });
  }
}

/** What is known besides the reason. */
export interface NotWritableOptions extends ErrorOptions {
  /** What is there and has to go first. */
  readonly inTheWay?: string;
}

/** The error for a file or folder that cannot be written. */
export function notWritable(
  path: string,
  reason: string,
  { inTheWay, ...options }: NotWritableOptions = {},
): OciError<'FILE_NOT_WRITABLE'> {
  const details = { path, reason, ...(inTheWay !== undefined && { inTheWay }) };
  return new OciError('FILE_NOT_WRITABLE', `cannot write ${path}: ${reason}`, details, options);
}

function notReadable(path: string, cause: unknown): OciError<'FILE_NOT_READABLE'> {
  const reason = reasonOf(cause);
  return new OciError('FILE_NOT_READABLE', `cannot read ${path}: ${reason}`, { path, reason }, { cause });
}

function reasonOf(error: unknown): string {
  return REASONS[systemCodeOf(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
}
