import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isOciError } from '../../../src/oci/index.ts';
import { Slots } from '../../../src/views/transfers/slots.ts';

const never = new AbortController().signal;

it('lets in as many as there are, and the others in the order they came', async () => {
  const slots = new Slots(2);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const started: number[] = [];
  const tasks = gates.map(({ promise }, at) =>
    slots.run(never, async () => {
      started.push(at);
      await promise;
    }),
  );
  await turn();
  expect(started).toEqual([0, 1]);
  gates[1]?.resolve();
  await tasks[1];
  await turn();
  expect(started).toEqual([0, 1, 2]);
  for (const { resolve } of gates) resolve();
  await Promise.all(tasks);
  expect(started).toEqual([0, 1, 2, 3]);
});

it('gives the place back when a task fails', async () => {
  const slots = new Slots(1);
  await expect(slots.run(never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run(never, async () => 'yes')).toBe('yes');
});

it('lets who waits leave, and nobody takes their place twice', async () => {
  const slots = new Slots(1);
  const gate = Promise.withResolvers<void>();
  const first = slots.run(never, () => gate.promise);
  const controller = new AbortController();
  const second = slots.run(controller.signal, async () => 'second');
  const third = slots.run(never, async () => 'third');
  controller.abort();
  await expect(second).rejects.toSatisfy((error) => isOciError(error, 'CANCELLED'));
  gate.resolve();
  await first;
  expect(await third).toBe('third');
  expect(await slots.run(never, async () => 'fourth')).toBe('fourth');
});
