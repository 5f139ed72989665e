import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { reading, systemCodeOf, writing } from './fileErrors.ts';
import { syncFolder } from './syncFolder.ts';
import { WriteBehind, type WriteBehindOptions } from './writeBehind.ts';

/** `.floe-oci-<pid>-<host>-<random>.tmp`: whose it is, and enough to tell whether whoever began it can still be at work. */
const NAME = /^\.floe-oci-([1-9][0-9]{0,9})-([0-9a-f]{8})-[0-9a-f]{16}\.tmp$/;

/** That, and the beginnings of content that `partialFile.ts` keeps. */
const OURS = /^\.floe-oci-[0-9]{1,10}-[0-9a-f]{8}-[0-9a-f]{16}\.(?:tmp|[0-9a-f]{64,128}\.part)$/;

/**
 * Where process ids mean something: one host, and of its containers one namespace, for those that use the host's network
 * have its name as well.
 */
export const HOST = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 8);

/** Such as `pid:[4026531836]`; empty where a system has no such thing, or hides it. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Hours after which a file that nobody wrote to is left over, whoever began it: longer than any silence we tolerate. */
const ABANDONED_AFTER_HOURS = 6;

/** Adds bytes, which must not change any more, to the end of a file that is being written, and waits while too many wait. */
export type Append = (chunk: Uint8Array) => Promise<void>;

/** How content is written before it gets its name. */
export interface StageOptions extends Pick<WriteBehindOptions, 'written'> {
  /** Where the temporary file is; on the file system of its target. Default: the folder of the target. */
  readonly folder?: string;
  /** Permission bits; default: what the process gives new files. */
  readonly mode?: number | undefined;
  /** Told the name of the temporary file once it is there, before the first byte is written to it. */
  readonly opened?: (temporary: string) => Promise<void>;
  /** Adds to this file instead of a new one. */
  readonly part?: {
    readonly path: string;
    /** What becomes of it when it is not published; must not fail itself. A new file is removed. */
    readonly abandon: (error: unknown) => Promise<void>;
  };
  /** Whether to wait until the disk has it; default true. Without, a power cut may leave a file of other content. */
  readonly durable?: boolean;
  /** Makes the name of the file in its folder durable; default: at once, for this file alone. */
  readonly syncFolder?: (folder: string) => Promise<void>;
}

/** How content is written and gets its name. */
export interface PublishOptions extends Omit<StageOptions, 'folder'> {
  /** Asked when all bytes are safe on disk, right before they become visible; what it throws keeps them invisible. */
  readonly confirm?: () => Promise<void>;
}

/** A file whose bytes are there, beside the place where they belong. One of the two ends it. */
export interface StagedFile {
  /** Puts it in its place at once, over what is there. If that fails, it is discarded. */
  publish(): Promise<void>;
  /** @param error why it is not wanted, for `part.abandon` */
  discard(error?: unknown): Promise<void>;
}

/**
 * Writes a temporary file that can then take the place of `target`. If that fails the temporary file is removed; where not
 * even that works, a later sweep does.
 * @throws OciError FILE_NOT_WRITABLE, and what `write` and the options throw
 */
export async function stageFile(
  target: string,
  write: (append: Append) => Promise<void>,
  options: StageOptions = {},
): Promise<StagedFile> {
  const { folder = dirname(target), mode, opened, part, written, durable = true } = options;
  const { syncFolder: sync = syncFolder } = options;
  const temporary = part?.path ?? join(folder, temporaryName());
  const discard = (error?: unknown): Promise<void> =>
    part === undefined ? rm(temporary, { force: true }).catch(() => {}) : part.abandon(error);
  const file = await writing(target, () => open(temporary, part ? 'a' : 'wx'));
  const behind = new WriteBehind(file, { durable, written });
  try {
    try {
      await opened?.(temporary);
      await write((chunk) => writing(target, () => behind.append(chunk)));
      if (mode !== undefined) await writing(target, () => file.chmod(mode));
      await writing(target, () => behind.finish());
    } finally {
      await behind.settle();
      // Some file systems say only now that there was no room.
      await writing(target, () => file.close());
    }
  } catch (error) {
    await discard(error);
    throw error;
  }
  const publish = async (): Promise<void> => {
    try {
      await writing(target, () => rename(temporary, target));
    } catch (error) {
      await discard(error);
      throw error;
    }
    if (durable) await writing(target, () => sync(dirname(target)));
  };
  return { publish, discard };
}

/**
 * Writes a file so that it is visible whole or not at all, and survives a power cut once this has returned: temporary
 * file in `folder` (the same file system), fsync, rename, fsync of the folder. Replaces what was there.
 * @throws OciError FILE_NOT_WRITABLE, and what `write` and the options throw
 */
export async function publishFile(
  folder: string,
  target: string,
  write: (append: Append) => Promise<void>,
  { confirm, ...options }: PublishOptions = {},
): Promise<void> {
  const staged = await stageFile(target, write, { folder, ...options });
  try {
    await confirm?.();
  } catch (error) {
    await staged.discard(error);
    throw error;
  }
  await staged.publish();
}

/** Writes content as it comes. */
export function contentOf(content: AsyncIterable<Uint8Array>): (append: Append) => Promise<void> {
  return async (append) => {
    for await (const chunk of content) await append(chunk);
  };
}

/** A name for something that is not to stay: others know that it is nothing of the user's, and who began it. */
export function temporaryName(): string {
  return `.floe-oci-${process.pid}-${HOST}-${randomBytes(8).toString('hex')}.tmp`;
}

/** Whether it is the name of something of ours that is not to stay: a temporary file, or the beginning of content. */
export function isTemporaryName(name: string): boolean {
  return OURS.test(name);
}

/**
 * Makes a temporary folder, for its owner alone. Whoever makes it removes it.
 * @throws OciError FILE_NOT_WRITABLE
 */
export async function makeTemporaryFolder(parent: string): Promise<string> {
  const path = join(parent, temporaryName());
  await writing(path, () => mkdir(path, { mode: 0o700 }));
  return path;
}

/**
 * Removes temporary files and folders whose process has died, and those nobody has written to for hours.
 * @returns the paths removed
 * @throws OciError FILE_NOT_READABLE, FILE_NOT_WRITABLE
 */
export async function sweepTemporaryFiles(folder: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of (await reading(folder, () => readdir(folder))) ?? []) {
    const path = join(folder, name);
    if (!(await isAbandoned(name, path))) continue;
    await writing(path, () => rm(path, { recursive: true, force: true }));
    removed.push(path);
  }
  return removed;
}

async function isAbandoned(name: string, path: string): Promise<boolean> {
  const [, pid, host] = NAME.exec(name) ?? [];
  if (pid === undefined) return false;
  if (host === HOST && !isAlive(Number(pid))) return true;
  const stats = await reading(path, () => lstat(path));
  return stats !== undefined && stats.mtimeMs < Date.now() - ABANDONED_AFTER_HOURS * 3_600_000;
}

/** Whether there is such a process on this host. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) !== 'ESRCH';
  }
}
