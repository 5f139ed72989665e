import { describe, expect, it } from 'vitest';
import { addTags } from '../../src/floe/addTags.ts';
import { parseTag, type Tag } from '../../src/oci/index.ts';
import { artifact, putGraph } from '../support/artifacts.ts';
import { failure } from '../support/failure.ts';
import { ObservedStore, tagsOf } from '../support/stores.ts';

const [one, other] = [artifact(1), artifact(2)];
const tags = (...names: string[]): readonly Tag[] => names.map(parseTag);

async function filled(): Promise<ObservedStore> {
  const store = new ObservedStore();
  await putGraph(store, one, 'v1.0.0');
  await putGraph(store, other, 'v2.0.0', 'latest');
  return store;
}

describe('adding tags', () => {
  it('says of each what became of it', async () => {
    const store = await filled();
    expect(await addTags(store, one.root.descriptor, tags('prod', 'latest', 'v1.0.0', 'prod'))).toEqual([
      { tag: 'prod', outcome: 'added' },
      { tag: 'latest', outcome: 'moved' },
      { tag: 'v1.0.0', outcome: 'unchanged' },
    ]);
    expect((await store.resolve(parseTag('latest'))).digest).toBe(one.root.descriptor.digest);
    expect(store.calls).not.toContain('tag v1.0.0');
  });

  it('changes none when one of them is protected and names something else', async () => {
    const store = await filled();
    const added = addTags(store, one.root.descriptor, tags('new', 'latest', 'v2.0.0'));
    await expect(added).rejects.toEqual(
      failure('TAG_IMMUTABLE', {
        reference: 'memory:v2.0.0',
        existing: other.root.descriptor.digest,
        pushed: one.root.descriptor.digest,
      }),
    );
    expect(await tagsOf(store)).toEqual(['latest', 'v1.0.0', 'v2.0.0']);
    expect((await store.resolve(parseTag('latest'))).digest).toBe(other.root.descriptor.digest);
  });

  it('notices when somebody else takes the tag at the same moment', async () => {
    const store = await filled();
    let looks = 0;
    store.interfere = async (call, name) => {
      if (call !== 'resolve' || name !== 'v3.0.0' || ++looks < 2) return;
      store.interfere = () => {};
      await store.tag(other.root.descriptor, parseTag('v3.0.0'));
    };
    const added = addTags(store, one.root.descriptor, tags('v3.0.0'));
    await expect(added).rejects.toEqual(failure('TAG_RACE', { actual: other.root.descriptor.digest }));
  });
});
