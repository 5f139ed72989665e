import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Repository } from '../../src/oci/content/store.ts';
import { bytesOf } from '../../src/oci/content/verify.ts';
import type { Digest } from '../../src/oci/spec/digest.ts';
import { artifact, put, putGraph, tagOf } from './artifacts.ts';
import { failure } from './failure.ts';
import { referrerOf } from './referrerContract.ts';
import type { DeletionAbilities } from './storeAbilities.ts';
import { gathered, type StoreUnderTest } from './storeContract.ts';

export interface DeletionUnderTest extends StoreUnderTest {
  readonly store: Repository;
  readonly deletion: DeletionAbilities;
}

/** What every store must do that things can be taken out of. `make` is called for each test. */
export function deletionContract(name: string, make: () => Promise<DeletionUnderTest>): void {
  describe(`${name}, as a place to delete from`, () => {
    let subject: DeletionUnderTest;
    let store: Repository;
    const graph = artifact(80);
    const { descriptor } = graph.root;
    beforeEach(async () => {
      subject = await make();
      store = subject.store;
      await putGraph(store, graph, 'v1', 'latest');
    });
    afterEach(() => subject.cleanup());

    const tags = async (): Promise<readonly string[]> => [...(await gathered(store.tags()))].sort();
    const expectAbsent = async (digest: Digest): Promise<void> => {
      await expect(store.resolve(digest)).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
      await expect(bytesOf(store.read(descriptor))).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
      expect(await store.exists(descriptor)).toBe(false);
    };

    it('takes a tag away, and neither the manifest nor its other tags; or says that it cannot', async () => {
      const untagged = store.untag(tagOf('v1'));
      if (subject.deletion.untags) await untagged;
      else await expect(untagged).rejects.toEqual(failure('UNSUPPORTED'));
      expect(await tags()).toEqual(subject.deletion.untags ? ['latest'] : ['latest', 'v1']);
      expect((await store.resolve(descriptor.digest)).digest).toBe(descriptor.digest);
    });

    it('says that a tag is not there, if it takes tags away', async () => {
      const untagged = store.untag(tagOf('v2'));
      const code = subject.deletion.untags ? failure('NOT_FOUND', { kind: 'tag' }) : failure('UNSUPPORTED');
      await expect(untagged).rejects.toEqual(code);
    });

    it('removes a manifest with all its tags, and no other; or says that it cannot', async () => {
      await putGraph(store, artifact(81), 'other');
      const deleted = store.delete(descriptor);
      if (!subject.deletion.deletes) {
        await expect(deleted).rejects.toEqual(failure('UNSUPPORTED'));
        return expect(await tags()).toEqual(['latest', 'other', 'v1']);
      }
      await deleted;
      expect(await tags()).toEqual(['other']);
      await expect(store.resolve(tagOf('v1'))).rejects.toEqual(failure('NOT_FOUND', { kind: 'tag' }));
      await expectAbsent(descriptor.digest);
      expect((await store.resolve(tagOf('other'))).digest).toBe(artifact(81).root.descriptor.digest);
    });

    it('takes what was deleted once more', async () => {
      if (!subject.deletion.deletes) return expect(subject.deletion.deletes).toBe(false);
      await store.delete(descriptor);
      await putGraph(store, graph, 'again');
      expect(await tags()).toEqual(['again']);
      expect(await bytesOf(store.read(descriptor))).toEqual(Buffer.from(graph.root.bytes));
    });

    it('says that a manifest is not there', async () => {
      const absent = artifact(82).root.descriptor;
      await expect(store.delete(absent)).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
    });

    it('lists a referrer that is deleted no more, and its neighbours still', async () => {
      if (!subject.deletion.deletes) return expect(subject.deletion.deletes).toBe(false);
      const [gone, stays] = ['gone', 'stays'].map((name) => referrerOf(graph.root, 'application/vnd.example.x', name));
      for (const referrer of [gone, stays]) if (referrer) await put(store, referrer);
      if (gone) await store.delete(gone.descriptor);
      const left = await gathered(store.referrers(descriptor.digest));
      expect(left.map(({ digest }) => digest)).toEqual([stays?.descriptor.digest]);
    });

    it('leaves the referrers of what is deleted', async () => {
      if (!subject.deletion.deletes) return expect(subject.deletion.deletes).toBe(false);
      const referrer = referrerOf(graph.root, 'application/vnd.example.x');
      await put(store, referrer);
      await store.delete(descriptor);
      expect((await store.resolve(referrer.descriptor.digest)).digest).toBe(referrer.descriptor.digest);
      expect(await gathered(store.referrers(descriptor.digest))).toHaveLength(1);
    });

    it('does nothing when it was cancelled before it began', async () => {
      const signal = AbortSignal.abort();
      await expect(store.untag(tagOf('v1'), { signal })).rejects.toEqual(failure('CANCELLED'));
      await expect(store.delete(descriptor, { signal })).rejects.toEqual(failure('CANCELLED'));
      expect(await tags()).toEqual(expect.arrayContaining(['latest', 'v1']));
    });
  });
}
