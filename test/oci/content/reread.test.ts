import { describe, expect, it } from 'vitest';
import { rereading } from '../../../src/oci/content/reread.ts';
import type { ReadableStore } from '../../../src/oci/content/store.ts';
import { readVerified } from '../../../src/oci/content/verify.ts';
import { cancelled, OciError } from '../../../src/oci/errors.ts';
import { blob } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';

const content = blob('the content');

/** A store that hands out wrong bytes so many times first, and allows two rereads when it has a line. */
function storeThat(wrongTimes: number, hasLine = true): ReadableStore & { readonly attempts: number[] } {
  const attempts: number[] = [];
  let reads = 0;
  return {
    name: 'store',
    attempts,
    exists: async () => true,
    resolve: async () => expect.unreachable(),
    async *read() {
      yield ++reads <= wrongTimes ? Buffer.from('the c0ntent') : content.bytes;
    },
    ...(hasLine && {
      mayReread: async (attempt: number) => {
        attempts.push(attempt);
        return attempt < 3;
      },
    }),
  };
}

describe('content that proves wrong', () => {
  it('is read again, where that may help', async () => {
    const store = storeThat(2);
    expect((await readVerified(store, content.descriptor)).bytes).toEqual(Buffer.from(content.bytes));
    expect(store.attempts).toEqual([1, 2]);
  });

  it('is an error when it stays wrong', async () => {
    await expect(readVerified(storeThat(3), content.descriptor)).rejects.toEqual(failure('DIGEST_MISMATCH'));
  });

  it('is an error at once where reading again gives the same', async () => {
    await expect(readVerified(storeThat(1, false), content.descriptor)).rejects.toEqual(failure('DIGEST_MISMATCH'));
  });

  it.each([
    cancelled(),
    new OciError('NOT_FOUND', 'x', { kind: 'blob', what: 'x' }),
    new OciError('REGISTRY_UNAVAILABLE', 'x', { registry: 'x', reason: 'x', status: 503 }),
    new TypeError('x'),
  ])('is the only thing read again: not for %s', async (error) => {
    const store = storeThat(0);
    const use = (): Promise<never> => Promise.reject(error);
    await expect(rereading(store, use)).rejects.toBe(error);
    expect(store.attempts).toEqual([]);
  });
});
