import { describe, expect, it, vi } from 'vitest';
import { SharedTasks } from '../../../src/oci/credentials/sharedTasks.ts';

describe('a task that several want', () => {
  it('is done once for those who wait at the same time, and anew afterwards', async () => {
    const tasks = new SharedTasks<number>();
    const task = vi.fn(async () => task.mock.calls.length);
    const first = Promise.all([tasks.run('a', task, undefined), tasks.run('a', task, undefined)]);
    const other = tasks.run('b', task, undefined);
    expect([await first, await other, await tasks.run('a', task, undefined)]).toEqual([[1, 1], 2, 3]);
  });

  it('fails for everybody, and is not kept', async () => {
    const tasks = new SharedTasks<number>();
    const failing = async (): Promise<number> => Promise.reject(new Error('no'));
    const both = await Promise.allSettled([tasks.run('a', failing, undefined), tasks.run('a', failing, undefined)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await tasks.run('a', async () => 1, undefined)).toBe(1);
  });

  it('goes on while one waits, and ends when nobody does', async () => {
    const tasks = new SharedTasks<never>();
    const [first, second] = [new AbortController(), new AbortController()];
    let ended: AbortSignal | undefined;
    const endless = (signal: AbortSignal): Promise<never> => {
      ended = signal;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))));
    };
    const running = [first, second].map(({ signal }) => tasks.run('a', endless, signal));
    const results = Promise.allSettled(running);
    first.abort();
    await expect(running[0]).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(ended?.aborted).toBe(false);
    second.abort();
    expect((await results)[1]).toMatchObject({ reason: { code: 'CANCELLED' } });
    expect(ended?.aborted).toBe(true);
  });

  it('is not started for somebody who has gone', async () => {
    const task = vi.fn();
    await expect(new SharedTasks().run('a', task, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(task).not.toHaveBeenCalled();
  });
});
