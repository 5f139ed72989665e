import { lstat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { OciError, throwIfAborted } from '../errors.ts';
import { notWritable, reading, systemCodeOf, writing } from '../files/fileErrors.ts';
import { lockFolder } from './lockFolder.ts';

/** How long a lock is waited for, and when its holder counts as dead. */
export interface LockOptions {
  /** Ends the wait, and reaches the holder through {@link Held.signal}. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for other processes; default 30 000. */
  readonly timeout?: number;
  /** Milliseconds without a sign of life after which a holder counts as dead; default 10 000, at least 2 000. */
  readonly stale?: number;
}

/** What a holder gets to work with. */
export interface Held {
  /** Aborted with LOCK_LOST when the lock is taken from us, and when the caller's signal is. */
  readonly signal: AbortSignal;
  /**
   * To be awaited right before the one step that others will see.
   * @throws OciError LOCK_LOST, CANCELLED
   */
  confirm(): Promise<void>;
}

/**
 * What is done under the lock takes milliseconds, so ten seconds of silence (a holder gives a sign every five) mean that
 * the holder was killed, and leave room for a stopped event loop and for clocks of hosts that share a folder.
 */
const STALE = 10_000;
/** Three times as long as a dead holder can keep the lock, so that a crash alone never makes others fail. */
const TIMEOUT = 30_000;
/** Milliseconds between looks at a lock that is held: about what one holder needs, then doubled up to a fifth of a second. */
const FIRST_DELAY = 10;
const MAX_DELAY = 200;

/**
 * Runs the task while nobody else, in this process or another, holds the lock folder at `path`. A lock whose holder was
 * killed is taken over. When the lock is lost the task is told, awaited, and its result is not believed.
 * @throws OciError LOCKED, LOCK_LOST, CANCELLED, FILE_NOT_WRITABLE, and what the task throws
 */
export function withLock<T>(path: string, task: (held: Held) => Promise<T>, options: LockOptions = {}): Promise<T> {
  return inTurn(path, options.signal, () => hold(path, task, options));
}

async function hold<T>(path: string, task: (held: Held) => Promise<T>, options: LockOptions): Promise<T> {
  const { signal, stale = STALE } = options;
  const lost = new AbortController();
  const folder = lockFolder(path, stale);
  let holding = true;
  const lose = (cause?: unknown): void => {
    if (holding) lost.abort(lockLost(path, cause));
  };
  const release = await acquire(path, { fs: folder.fs, stale, onCompromised: lose }, options);
  try {
    return await task({
      signal: signal ? AbortSignal.any([signal, lost.signal]) : lost.signal,
      confirm: async () => {
        throwIfAborted(signal);
        if (!(await writing(path, folder.isOurs))) lose();
        lost.signal.throwIfAborted();
      },
    });
  } finally {
    holding = false;
    // A lock that cannot be removed goes stale; what was done under it stays done.
    await release().catch(() => {});
    lost.signal.throwIfAborted();
  }
}

interface Attempt {
  readonly fs: object;
  readonly stale: number;
  readonly onCompromised: (error: Error) => void;
}

/** Waits by itself instead of letting proper-lockfile do so, whose wait cannot be cancelled. */
async function acquire(path: string, attempt: Attempt, options: LockOptions): Promise<() => Promise<void>> {
  const { signal, timeout = TIMEOUT } = options;
  const deadline = performance.now() + timeout;
  for (let delay = FIRST_DELAY; ; delay = Math.min(2 * delay, MAX_DELAY)) {
    throwIfAborted(signal);
    try {
      return await lock(path, { ...attempt, lockfilePath: path, realpath: false, retries: 0 });
    } catch (error) {
      await refuseFile(path);
      if (systemCodeOf(error) !== 'ELOCKED') return await writing(path, () => Promise.reject(error));
      if (performance.now() >= deadline) {
        throw new OciError('LOCKED', `${path} is held by another process`, { path }, { cause: error });
      }
    }
    // Spread out, so that many who wait do not look at the same moment.
    await unlessAborted(sleep(delay * (0.5 + Math.random() / 2)), signal);
  }
}

/** Nobody who holds a lock makes a file of it: to wait for it to go would be in vain. */
async function refuseFile(path: string): Promise<void> {
  const stats = await reading(path, () => lstat(path));
  if (stats === undefined || stats.isDirectory()) return;
  throw notWritable(path, 'a file is where the lock, a folder, is made', { inTheWay: path });
}

/** Who of this process comes after whom: they queue here instead of competing for the folder. */
const queues = new Map<string, Promise<unknown>>();

function inTurn<T>(path: string, signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const mine = unlessAborted(before, signal).then(task);
  const after = Promise.allSettled([before, mine]).then(() => {
    if (queues.get(path) === after) queues.delete(path);
  });
  queues.set(path, after);
  return mine;
}

async function unlessAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  throwIfAborted(signal);
  if (signal === undefined) return void (await promise);
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const stop = (): void => resolve();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  throwIfAborted(signal);
}

function lockLost(path: string, cause: unknown): OciError<'LOCK_LOST'> {
  return new OciError('LOCK_LOST', `the lock ${path} was taken by another process`, { path }, { cause });
}
