import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { reading, systemCodeOf, writing } from './fileErrors.ts';

/** `.tmp-<pid>-<host>-<random>`: enough to tell, later, whether whoever wrote it can still be at work. */
const NAME = /^\.tmp-([1-9][0-9]{0,9})-([0-9a-f]{8})-[0-9a-f]{16}$/;

/** Process ids mean something on one host only; containers that share a folder differ in their host name. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** Hours after which a file that nobody wrote to is left over, whoever began it: longer than any silence we tolerate. */
const ABANDONED_AFTER_HOURS = 6;

/** Adds bytes to the end of a file that is being written, and waits for the disk to take them. */
export type Append = (chunk: Uint8Array) => Promise<void>;

export interface PublishOptions {
  /** Told the name of the temporary file once it is there, before the first byte is written to it. */
  readonly opened?: (temporary: string) => Promise<void>;
  /** Whether to wait until the disk has it; default true. Without, a power cut may leave a file of other content. */
  readonly durable?: boolean;
  /** Asked when all bytes are safe on disk, right before they become visible; what it throws keeps them invisible. */
  readonly confirm?: () => Promise<void>;
}

/**
 * Writes a file so that it is visible whole or not at all, and survives a power cut once this has returned: temporary
 * file in `folder` (the same file system), fsync, rename, fsync of the folder. Replaces what was there.
 * When anything fails the temporary file is removed; where not even that works, a later sweep does.
 * @throws OciError FILE_NOT_WRITABLE, and what `write` and the options throw
 */
export async function publishFile(
  folder: string,
  target: string,
  write: (append: Append) => Promise<void>,
  options: PublishOptions = {},
): Promise<void> {
  const { opened, durable = true, confirm } = options;
  const temporary = join(folder, `.tmp-${process.pid}-${HOST}-${randomBytes(8).toString('hex')}`);
  const file = await writing(target, () => open(temporary, 'wx'));
  try {
    try {
      await opened?.(temporary);
      await write((chunk) => writing(target, () => file.writeFile(chunk)));
      if (durable) await writing(target, () => file.sync());
    } finally {
      await file.close();
    }
    await confirm?.();
    await writing(target, () => rename(temporary, target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  if (durable) await writing(target, () => syncFolder(dirname(target)));
}

/** What platforms and file systems answer that cannot sync a folder; there, its entries are safe without. */
const NO_FOLDER_SYNC = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'];

/** Makes the names in a folder survive a power cut, where the platform allows. */
export async function syncFolder(path: string): Promise<void> {
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

/**
 * Removes temporary files whose process has died, and those nobody has written to for hours.
 * @returns the paths removed
 * @throws OciError FILE_NOT_READABLE, FILE_NOT_WRITABLE
 */
export async function sweepTemporaryFiles(folder: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of (await reading(folder, () => readdir(folder))) ?? []) {
    const path = join(folder, name);
    if (!(await isAbandoned(name, path))) continue;
    await writing(path, () => rm(path, { force: true }));
    removed.push(path);
  }
  return removed;
}

async function isAbandoned(name: string, path: string): Promise<boolean> {
  const [, pid, host] = NAME.exec(name) ?? [];
  if (pid === undefined) return false;
  if (host === HOST && !isAlive(Number(pid))) return true;
  const stats = await reading(path, () => stat(path));
  return stats !== undefined && stats.mtimeMs < Date.now() - ABANDONED_AFTER_HOURS * 3_600_000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) !== 'ESRCH';
  }
}
