import { type Stats, utimes } from 'node:fs';
import { lstat, mkdir, rmdir, stat } from 'node:fs/promises';
import { callbackify } from 'node:util';
import { isMissing, systemCodeOf } from '../files/fileErrors.ts';

type PathCall = (path: string, callback: (error: NodeJS.ErrnoException | null) => void) => void;

/** A lock is a folder, because making one is atomic on every file system. This is one attempt at holding it. */
export interface LockFolder {
  /** The part of `node:fs` that proper-lockfile works with, for the one folder. */
  readonly fs: {
    readonly stat: (path: string, callback: (error: NodeJS.ErrnoException | null, stats: Stats) => void) => void;
    readonly utimes: typeof utimes;
    readonly mkdir: PathCall;
    readonly rmdir: PathCall;
  };
  /** Whether the folder is still the one that this attempt made. */
  isOurs(): Promise<boolean>;
}

/**
 * Gives proper-lockfile what it lacks. When several processes find a stale lock at once, it lets the slower one remove
 * the lock that the faster one has just made (its issue 121), its release removes whatever is there, and a lock whose
 * holder was killed before the clock was set back is held until the clock is there again. Here, removing a stale lock is
 * itself guarded, only a lock of ours is released, and a sign of life from far in the future is none.
 * @param stale milliseconds without a sign of life after which a lock belongs to nobody
 */
export function lockFolder(path: string, stale: number): LockFolder {
  let made: string | undefined;
  const isOurs = async (): Promise<boolean> => made !== undefined && (await identityOf(path)) === made;
  return {
    isOurs,
    fs: {
      stat: callbackify(async (_: string) => {
        const stats = await stat(path);
        return made === undefined && isOutdated(stats, stale) ? Object.assign(stats, { mtime: NEVER }) : stats;
      }),
      utimes,
      mkdir: callbackify(async (_: string) => {
        await mkdir(path);
        made = await identityOf(path);
      }),
      rmdir: callbackify(async (_: string) => {
        if (made === undefined) await removeStale(path, stale);
        else if (await isOurs()) await rmdir(path);
      }),
    },
  };
}

/** Inode numbers are used again at once on some file systems; with the time of birth they name one folder. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { ino, birthtimeNs } = await lstat(path, { bigint: true });
    return `${ino}:${birthtimeNs}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Only who holds the claim may remove the lock, and only after looking again: it may be another's fresh lock by now. */
async function removeStale(path: string, stale: number): Promise<void> {
  const claim = `${path}.claim`;
  try {
    await mkdir(claim);
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
    if (await isStale(claim, stale)) await rmdir(claim);
    throw busy();
  }
  try {
    if (await isStale(path, stale)) await rmdir(path);
  } finally {
    await rmdir(claim);
  }
}

async function isStale(path: string, stale: number): Promise<boolean> {
  try {
    return isOutdated(await lstat(path), stale);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** A time that every comparison finds stale. */
const NEVER = new Date(0);

/** Milliseconds ahead of our clock that no holder's is, on any host that shares the folder. */
const MAX_AHEAD = 600_000;

function isOutdated({ mtimeMs }: Pick<Stats, 'mtimeMs'>, stale: number): boolean {
  const age = Date.now() - mtimeMs;
  return age > stale || age < -MAX_AHEAD;
}

/** What proper-lockfile itself says when another holds the lock. */
function busy(): Error {
  return Object.assign(new Error('another process is removing the stale lock'), { code: 'ELOCKED' });
}
