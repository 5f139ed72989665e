import { describe, expect, it } from 'vitest';
import { limiter } from '../../../src/oci/transfer/limiter.ts';
import { failure } from '../../support/failure.ts';
import { turns } from '../../support/stores.ts';

describe('a limiter', () => {
  it('runs no more tasks at a time than it was told, and all of them, in order', async () => {
    const limit = limiter(3);
    const begun: number[] = [];
    let running = 0;
    let peak = 0;
    const task = async (n: number): Promise<number> => {
      begun.push(n);
      peak = Math.max(peak, ++running);
      await turns(2);
      running--;
      return n;
    };
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => limit(() => task(n))))).toEqual(numbers);
    expect([peak, running]).toEqual([3, 0]);
    expect(begun).toEqual(numbers);
  });

  it('goes on after a task that failed', async () => {
    const limit = limiter(1);
    await expect(limit(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limit(async () => 'yes')).toBe('yes');
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is refused for a concurrency of %d', (concurrency) => {
    expect(() => limiter(concurrency)).toThrow(failure('INVALID_ARGUMENT', { argument: 'concurrency' }));
  });
});
