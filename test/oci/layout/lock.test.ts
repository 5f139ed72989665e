import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rmdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../../src/oci/layout/lock.ts';
import { failure } from '../../support/storeContract.ts';
import { startWorker } from './support/processes.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

const lockPath = (): string => join(temporaryFolder(), 'index.json.lock');
/** Makes a lock look as if its holder had died long ago. */
const age = (path: string): Promise<void> => utimes(path, 1, 1);

describe('a lock', () => {
  it('is there while the task runs, and gone after', async () => {
    const path = lockPath();
    const result = await withLock(path, async ({ confirm }) => {
      await confirm();
      return existsSync(path);
    });
    expect([result, existsSync(path)]).toEqual([true, false]);
  });

  it('is gone after a task that failed, with its error', async () => {
    const path = lockPath();
    await expect(withLock(path, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(existsSync(path)).toBe(false);
  });

  it('lets one task of a process run at a time, in the order of asking', async () => {
    const path = lockPath();
    const events: string[] = [];
    const tasks = [1, 2, 3].map((i) =>
      withLock(path, async () => {
        events.push(`begin ${i}`);
        await new Promise(setImmediate);
        events.push(`end ${i}`);
      }),
    );
    await Promise.all(tasks);
    expect(events).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  it.each([
    ['new', new Date()],
    ['old', new Date(1)],
  ])('that is a file, %s, is refused by name at once, and left alone', async (_, time) => {
    const path = lockPath();
    await writeFile(path, 'mine');
    await utimes(path, time, time);
    await expect(withLock(path, async () => 'ran')).rejects.toEqual(
      failure('FILE_NOT_WRITABLE', { path, inTheWay: path }),
    );
    expect(existsSync(path)).toBe(true);
  });

  it('of another process that lives is waited for, and in the end respected', async () => {
    const path = lockPath();
    await once(startWorker('holdLock.ts', path).lines, 'line');
    await expect(withLock(path, async () => 'ran', { timeout: 50 })).rejects.toEqual(failure('LOCKED', { path }));
    expect(existsSync(path)).toBe(true);
  });

  it('of a process that was killed is taken over when it is stale', async () => {
    const path = lockPath();
    const holder = startWorker('holdLock.ts', path);
    await once(holder.lines, 'line');
    holder.process.kill('SIGKILL');
    await holder.ended;
    await expect(withLock(path, async () => 'ran', { timeout: 50 })).rejects.toEqual(failure('LOCKED'));
    await age(path);
    expect(await withLock(path, async () => 'ran')).toBe('ran');
    expect(existsSync(path)).toBe(false);
  });

  it('of a process that was killed before the clock was set back is taken over, too', async () => {
    const path = lockPath();
    await mkdir(path);
    const tomorrow = new Date(Date.now() + 86_400_000);
    await utimes(path, tomorrow, tomorrow);
    expect(await withLock(path, async () => 'ran', { timeout: 0 })).toBe('ran');
    expect(existsSync(path)).toBe(false);
  });

  it('is taken over even after a process that was killed while taking it over', async () => {
    const path = lockPath();
    await mkdir(path);
    await mkdir(`${path}.claim`);
    await age(path);
    await expect(withLock(path, async () => 'ran', { timeout: 50 })).rejects.toEqual(failure('LOCKED'));
    await age(`${path}.claim`);
    expect(await withLock(path, async () => 'ran')).toBe('ran');
    expect([existsSync(path), existsSync(`${path}.claim`)]).toEqual([false, false]);
  });

  it('that cannot be made is an error that names it', async () => {
    const path = join(temporaryFolder(), 'missing', 'index.json.lock');
    await expect(withLock(path, async () => {})).rejects.toEqual(failure('FILE_NOT_WRITABLE', { path }));
  });
});

describe('a wait for a lock', () => {
  it('ends when it is cancelled, behind another process', async () => {
    const path = lockPath();
    await mkdir(path);
    const controller = new AbortController();
    const waiting = withLock(path, async () => 'ran', { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(waiting).rejects.toEqual(failure('CANCELLED'));
    expect(existsSync(path)).toBe(true);
  });

  it('ends when it is cancelled, behind a task of this process, and those behind it get their turn', async () => {
    const path = lockPath();
    const { promise: finish, resolve } = Promise.withResolvers<void>();
    const first = withLock(path, () => finish);
    const controller = new AbortController();
    const second = withLock(path, async () => 'second', { signal: controller.signal });
    const third = withLock(path, async () => 'third');
    controller.abort();
    await expect(second).rejects.toEqual(failure('CANCELLED'));
    resolve();
    await first;
    expect(await third).toBe('third');
  });
});

describe('a lock that is lost', () => {
  it('stops the task at its next confirmation', async () => {
    const path = lockPath();
    let wrote = false;
    const locked = withLock(path, async ({ confirm }) => {
      await rmdir(path);
      await confirm();
      wrote = true;
    });
    await expect(locked).rejects.toEqual(failure('LOCK_LOST', { path }));
    expect(wrote).toBe(false);
  });

  it('is noticed when another process holds it instead, whose lock then stays', async () => {
    const path = lockPath();
    const locked = withLock(path, async ({ confirm }) => {
      await rmdir(path);
      await mkdir(path);
      await confirm();
    });
    await expect(locked).rejects.toEqual(failure('LOCK_LOST'));
    expect(existsSync(path)).toBe(true);
  });

  it('aborts the signal of a task that does not ask, and the task is awaited', async () => {
    const path = lockPath();
    let ended = false;
    const locked = withLock(
      path,
      async ({ signal }) => {
        await rmdir(path);
        await once(signal, 'abort');
        await new Promise(setImmediate);
        ended = true;
        return 'a result nobody may believe';
      },
      { stale: 2000 },
    );
    await expect(locked).rejects.toEqual(failure('LOCK_LOST'));
    expect(ended).toBe(true);
  });
});
