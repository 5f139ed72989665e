import { expect, it } from 'vitest';
import { bodyStart, boundedBody } from '../../../src/oci/transport/boundedBody.ts';

async function* body(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

it('a body of at most so many bytes is gathered', async () => {
  expect((await boundedBody(body('ab', 'c'), 3, () => new Error('too large'))).toString()).toBe('abc');
});

it('of a larger one no more is asked for than shows that it is', async () => {
  let asked = 0;
  const endless = async function* () {
    for (;;) {
      asked++;
      yield Buffer.from('ab');
    }
  };
  await expect(boundedBody(endless(), 3, () => new Error('too large'))).rejects.toThrow('too large');
  expect(asked).toBe(2);
});

it.each([
  [2, 'ab', 1],
  [3, 'abc', 2],
  [4, 'abcd', 2],
  [9, 'abcd', 2],
])('the first %i bytes are %s, and no more is asked for', async (limit, start, chunks) => {
  let asked = 0;
  const counted = async function* () {
    for await (const chunk of body('ab', 'cd')) {
      asked++;
      yield chunk;
    }
  };
  expect((await bodyStart(counted(), limit)).toString()).toBe(start);
  expect(asked).toBe(chunks);
});
