import { describe, expect, it } from 'vitest';
import { tee } from '../../src/floe/tee.ts';
import { MemoryStore, readVerified } from '../../src/oci/index.ts';
import { blob } from '../support/artifacts.ts';

const content = blob('0123456789');

async function storeWithContent(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.write(content.descriptor, async function* () {
    yield content.bytes;
  });
  return store;
}

describe('what was read through a store', () => {
  it('is remembered, up to the limit', async () => {
    const { store, seen } = tee(await storeWithContent(), 10);
    await readVerified(store, content.descriptor);
    expect(Buffer.from(seen() ?? [])).toEqual(Buffer.from(content.bytes));
  });

  it('is not remembered beyond the limit, and read all the same', async () => {
    const { store, seen } = tee(await storeWithContent(), 9);
    expect(await readVerified(store, content.descriptor)).toBeDefined();
    expect(seen()).toBeUndefined();
  });

  it('is of the last content alone', async () => {
    const { store, seen } = tee(await storeWithContent(), 10);
    await readVerified(store, content.descriptor);
    await readVerified(store, content.descriptor);
    expect(seen()).toHaveLength(10);
  });

  it('comes from a store that is not read again by itself where the source is not', async () => {
    const { store } = tee(await storeWithContent(), 10);
    expect(await store.exists(content.descriptor)).toBe(true);
    expect(await store.mayReread?.(1)).toBe(false);
  });
});
