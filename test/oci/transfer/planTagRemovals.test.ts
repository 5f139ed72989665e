import { expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { planTagRemovals } from '../../../src/oci/transfer/planTagRemovals.ts';
import { artifact, putGraph, tagOf } from '../../support/artifacts.ts';

const digest = (seed: number) => artifact(seed).root.descriptor.digest;

it('a manifest goes when all its tags are to go, and is told with the others where not', async () => {
  const store = new MemoryStore();
  for (const [seed, tag] of [
    [1, 'dev-1'],
    [1, 'dev-2'],
    [2, 'dev-3'],
    [2, 'prod'],
    [3, 'other'],
  ] as const) {
    await putGraph(store, artifact(seed), tag);
  }
  const plans = await planTagRemovals(store, ['dev-1', 'dev-2', 'dev-3', 'gone'].map(tagOf));
  expect(plans).toMatchObject([
    { descriptor: { digest: digest(1) }, tags: ['dev-1', 'dev-2'], others: [], referrers: [] },
    { descriptor: { digest: digest(2) }, tags: ['dev-3', 'prod'], others: ['prod'] },
  ]);
});
