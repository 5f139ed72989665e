import { describe, expect, it } from 'vitest';
import { SharedCalls } from '../../../src/oci/cache/sharedCalls.ts';
import { failure } from '../../support/failure.ts';
import { turns, untilCancelled } from '../../support/stores.ts';

describe('shared calls', () => {
  it('are one for all who ask at the same time, and another for who comes later', async () => {
    const calls = new SharedCalls<number>();
    let count = 0;
    const call = async (): Promise<number> => {
      await turns();
      return ++count;
    };
    expect(await Promise.all([calls.run('a', call), calls.run('a', call), calls.run('b', call)])).toEqual([1, 1, 2]);
    expect(await calls.run('a', call)).toBe(3);
  });

  it('fail for all who ask', async () => {
    const calls = new SharedCalls<never>();
    const call = async (): Promise<never> => {
      await turns();
      throw new Error('no');
    };
    const results = await Promise.allSettled([calls.run('a', call), calls.run('a', call)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('go on while one waits, whoever else is cancelled', async () => {
    const calls = new SharedCalls<string>();
    const { promise, resolve } = Promise.withResolvers<string>();
    const cancelling = new AbortController();
    const first = calls.run('a', () => promise, { signal: cancelling.signal });
    const second = calls.run('a', () => promise);
    cancelling.abort();
    await expect(first).rejects.toEqual(failure('CANCELLED'));
    resolve('done');
    expect(await second).toBe('done');
  });

  it('end, and have ended, when nobody waits any more', async () => {
    const calls = new SharedCalls<never>();
    let hasEnded = false;
    const cancelling = new AbortController();
    const call = ({ signal }: { readonly signal: AbortSignal }): Promise<never> =>
      untilCancelled(signal).finally(() => {
        hasEnded = true;
      });
    const only = calls.run('a', call, { signal: cancelling.signal });
    cancelling.abort();
    await expect(only).rejects.toEqual(failure('CANCELLED'));
    expect(hasEnded).toBe(true);
  });

  it('do not begin for who is cancelled already', async () => {
    const calls = new SharedCalls<void>();
    let hasBegun = false;
    const call = async (): Promise<void> => {
      hasBegun = true;
    };
    await expect(calls.run('a', call, { signal: AbortSignal.abort() })).rejects.toEqual(failure('CANCELLED'));
    expect(hasBegun).toBe(false);
  });
});
