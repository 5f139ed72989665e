import { expect, it } from 'vitest';
import { once } from '../../src/views/once.ts';

it('makes the value once, also for those who ask meanwhile', async () => {
  let made = 0;
  const get = once(async () => ++made);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
});

it('tries again after a failure', async () => {
  let made = 0;
  const get = once(async () => {
    made += 1;
    if (made === 1) throw new Error('first');
    return made;
  });
  await expect(get()).rejects.toThrow('first');
  expect(await get()).toBe(2);
});
