import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../src/oci/layout/collect.ts';
import { artifact, blob, imageManifest, multiPlatform, put, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/storeContract.ts';
import { blobPath, newLayout, readIndex, writeIndex } from './support/layouts.ts';

const all = { minAge: -1000 };

describe('collecting', () => {
  it('finds nothing to do where everything is needed', async () => {
    const store = await newLayout();
    await putGraph(store, artifact(1), 'v1');
    await putGraph(store, multiPlatform(2));
    expect(await collect(store, all)).toEqual({ orphans: [], temporaryFiles: [] });
  });

  it('names what nothing listed references, and leaves it', async () => {
    const store = await newLayout();
    await putGraph(store, artifact(1), 'v1');
    const lost = artifact(2);
    await putGraph(store, lost, 'v2');
    const stray = blob('stray');
    await put(store, stray);
    const index = await readIndex(store);
    const { digest: listed } = lost.root.descriptor;
    await writeIndex(store, { ...index, manifests: index.manifests.filter(({ digest }) => digest !== listed) });
    const orphans = [...lost.contents.slice(1), stray].map(({ descriptor: { digest, size } }) => ({ digest, size }));
    const expected = orphans.sort((a, b) => (a.digest < b.digest ? -1 : 1));
    expect((await collect(store, all)).orphans).toEqual(expected);
    expect((await collect(store, all)).orphans).toEqual(expected);
  });

  it('leaves out what is young, because a push may not have ended', async () => {
    const store = await newLayout();
    await put(store, blob('stray'));
    expect((await collect(store)).orphans).toEqual([]);
  });

  it('counts a subject as needed, and does not need it to be there', async () => {
    const store = await newLayout();
    const subject = artifact(1);
    for (const content of subject.contents) {
      await store.write({ ...content.descriptor, mediaType: 'application/octet-stream' }, async function* () {
        yield content.bytes;
      });
    }
    await put(store, imageManifest([], { subject: subject.root.descriptor }), 'signature');
    await put(store, imageManifest([], { subject: artifact(2).root.descriptor }), 'other');
    expect((await collect(store, all)).orphans).toEqual([]);
  });

  it('does not say what is an orphan when a manifest cannot be read', async () => {
    const store = await newLayout();
    const root = await putGraph(store, artifact(1), 'v1');
    await writeFile(blobPath(store, root.digest), Buffer.alloc(root.size));
    await expect(collect(store, all)).rejects.toEqual(failure('DIGEST_MISMATCH'));
    await rm(blobPath(store, root.digest));
    expect((await collect(store, all)).orphans.length).toBeGreaterThan(0);
  });

  it('removes what is left of a write that nobody will end', async () => {
    const store = await newLayout();
    const path = join(store.path, '.tmp-1-00000000-0123456789abcdef');
    await writeFile(path, '');
    await utimes(path, 1, 1);
    expect((await collect(store)).temporaryFiles).toEqual([path]);
    expect((await collect(store)).temporaryFiles).toEqual([]);
  });
});
