import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCodeOf, writing } from './fileErrors.ts';

/** A file whose bytes are safe on disk, beside the place where they belong. One of the two ends it. */
export interface StagedFile {
  /** Puts it in its place at once, over what is there. If that fails, it is discarded. */
  publish(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Writes content to a temporary file in the folder of `path`, which is the same file system, and waits for the disk.
 * If that fails, the temporary file is gone. `mode` are permission bits; default: what the process gives new files.
 * @throws OciError FILE_NOT_WRITABLE, and what the content throws
 */
export async function stageFile(
  path: string,
  content: AsyncIterable<Uint8Array>,
  mode: number | undefined,
): Promise<StagedFile> {
  const temporary = join(dirname(path), `.floe-oci-${randomUUID()}.tmp`);
  const discard = (): Promise<void> => rm(temporary, { force: true });
  const file = await writing(path, () => open(temporary, 'wx'));
  try {
    try {
      for await (const chunk of content) await writing(path, () => file.writeFile(chunk));
      if (mode !== undefined) await writing(path, () => file.chmod(mode));
      await writing(path, () => file.sync());
    } finally {
      await file.close();
    }
  } catch (error) {
    await discard();
    throw error;
  }
  const publish = async (): Promise<void> => {
    try {
      await writing(path, () => rename(temporary, path));
    } catch (error) {
      await discard();
      throw error;
    }
    await writing(path, () => syncFolder(dirname(path)));
  };
  return { publish, discard };
}

/** What platforms and file systems answer that cannot sync a folder; there, names are safe without. */
const NO_FOLDER_SYNC: readonly string[] = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'];

/** Makes a new name survive a power cut, where the platform allows. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!NO_FOLDER_SYNC.includes(systemCodeOf(error) ?? '')) throw error;
  }
}
