import { describe, expect, it } from 'vitest';
import { cancelled, OciError } from '../../../src/oci/errors.ts';
import { tagsOfManifest } from '../../../src/oci/transfer/tagsOfManifest.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { ObservedStore, turns } from '../../support/stores.ts';

const [one, other] = [artifact(1), artifact(2)];
const { digest } = one.root.descriptor;

async function filled(): Promise<ObservedStore> {
  const store = new ObservedStore();
  await putGraph(store, one, 'v1', 'latest', 'v2');
  await putGraph(store, other, 'v3', 'v2');
  store.peak = 0;
  return store;
}

describe('the tags of a manifest', () => {
  it('are those that lead to it now', async () => {
    expect(await tagsOfManifest(await filled(), digest)).toEqual(['latest', 'v1']);
    expect(await tagsOfManifest(await filled(), artifact(3).root.descriptor.digest)).toEqual([]);
  });

  it('are looked for a few at a time', async () => {
    const store = await filled();
    await putGraph(store, other, ...Array.from({ length: 30 }, (_, i) => `w${i}`));
    store.interfere = () => turns(2);
    store.peak = 0;
    await tagsOfManifest(store, digest, { concurrency: 3 });
    expect(store.peak).toBe(3);
  });

  it('are not those that vanish meanwhile, or lead to what is no manifest', async () => {
    const store = await filled();
    store.interfere = (_, name) => {
      if (name === 'v1') throw new OciError('NOT_FOUND', 'gone', { kind: 'tag', what: 'v1' });
      if (name === 'v3') throw new OciError('INVALID_MANIFEST', 'odd', { digest: null, path: '', reason: 'odd' });
    };
    expect(await tagsOfManifest(store, digest)).toEqual(['latest']);
  });

  it('are none in a repository that the registry does not know without tags', async () => {
    const store = await filled();
    store.tags = () => {
      throw new OciError('NOT_FOUND', 'unknown', { kind: 'repository', what: 'x' });
    };
    expect(await tagsOfManifest(store, digest)).toEqual([]);
  });

  it('are not told when one cannot be looked at', async () => {
    const store = await filled();
    store.interfere = (_, name) => {
      if (name === 'v3') throw cancelled();
    };
    await expect(tagsOfManifest(store, digest)).rejects.toEqual(failure('CANCELLED'));
    expect(store.running).toBe(0);
  });
});
