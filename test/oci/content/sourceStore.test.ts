import { describe, expect, it } from 'vitest';
import { SourceStore } from '../../../src/oci/content/sourceStore.ts';
import { bytesOf, sourceOf } from '../../../src/oci/content/verify.ts';
import { descriptorOf } from '../../../src/oci/spec/descriptor.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { parseTag } from '../../../src/oci/spec/tag.ts';
import { failure } from '../../support/failure.ts';

const bytes = new TextEncoder().encode('content');
const descriptor = descriptorOf('application/octet-stream', bytes);

describe('an artifact that is put together', () => {
  it('keeps a blob as its source, which nobody opens before it is read', async () => {
    const store = new SourceStore();
    let opened = 0;
    const source = () => {
      opened += 1;
      return sourceOf(bytes)();
    };
    expect(await store.write(descriptor, source)).toBe('written');
    expect(opened).toBe(0);
    expect(await bytesOf(store.read(descriptor))).toEqual(Buffer.from(bytes));
    expect(opened).toBe(1);
  });

  it('fails the reading of a source that has become another', async () => {
    const store = new SourceStore();
    await store.write(descriptor, sourceOf(new TextEncoder().encode('changed')));
    await expect(bytesOf(store.read(descriptor))).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  it('gives a source further on, by its own way or by leaving out what comes before, unchecked', async () => {
    const after = (offset: number) => sourceOf(new TextEncoder().encode(`after ${offset}`))();
    const [plain, able] = [new SourceStore(), new SourceStore()];
    await plain.write(descriptor, sourceOf(new TextEncoder().encode('changed')));
    await able.write(descriptor, Object.assign(sourceOf(bytes), { after }));
    const texts = [plain, able].map(async (store) =>
      Buffer.from(await bytesOf(store.readAfter(descriptor, 4))).toString(),
    );
    expect(await Promise.all(texts)).toEqual(['ged', 'after 4']);
  });

  it('says what is at rest as its source does', async () => {
    const [moving, resting] = [new SourceStore(), new SourceStore()];
    await moving.write(descriptor, sourceOf(bytes));
    await resting.write(descriptor, Object.assign(sourceOf(bytes), { atRest: true } as const));
    expect([moving, resting, new SourceStore()].map((store) => store.isAtRest(descriptor))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('refuses a manifest that is not what its descriptor says', async () => {
    const store = new SourceStore();
    const manifest = descriptorOf(MediaType.imageManifest, bytes);
    const other = sourceOf(new TextEncoder().encode('changed'));
    await expect(store.write(manifest, other)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await store.exists(manifest)).toBe(false);
  });

  it('knows a manifest by its digest and by its tags, and nothing else', async () => {
    const store = new SourceStore('files');
    const manifest = descriptorOf(MediaType.imageManifest, bytes);
    await store.write(manifest, sourceOf(bytes));
    expect(await store.resolve(manifest.digest)).toEqual(manifest);
    await expect(store.resolve(descriptorOf(MediaType.imageManifest, new Uint8Array()).digest)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { kind: 'manifest' },
    });
  });

  it('has the name it was given, for messages', async () => {
    expect([new SourceStore('files').name, new SourceStore().name]).toEqual(['files', 'memory']);
    const what = `${descriptor.digest} in files`;
    await expect(bytesOf(new SourceStore('files').read(descriptor))).rejects.toEqual(
      failure('NOT_FOUND', { kind: 'blob', what }),
    );
  });

  describe('under a tag', () => {
    const manifest = descriptorOf(MediaType.imageManifest, bytes);
    const other = descriptorOf(MediaType.imageManifest, new Uint8Array());
    const [v1, latest] = [parseTag('v1'), parseTag('latest')];

    it('is found by those it was written with, and those it was given since', async () => {
      const store = new SourceStore('files');
      await expect(store.resolve(v1)).rejects.toEqual(failure('NOT_FOUND', { kind: 'tag' }));
      expect(await store.write(manifest, sourceOf(bytes), { tags: [v1] })).toBe('written');
      await store.tag(manifest, latest);
      expect([await store.resolve(v1), await store.resolve(latest)]).toEqual([manifest, manifest]);
      expect(await store.write(manifest, sourceOf(bytes))).toBe('existed');
    });

    it('is not put where something else is than was expected', async () => {
      const store = new SourceStore('files');
      await store.write(manifest, sourceOf(bytes), { tags: [v1] });
      await store.write(other, sourceOf(new Uint8Array()));
      const details = { reference: 'files:v1', expected: 'absent', actual: manifest.digest };
      await expect(store.tag(other, v1, { expected: 'absent' })).rejects.toEqual(failure('TAG_RACE', details));
      expect(await store.resolve(v1)).toEqual(manifest);
      await store.tag(other, v1, { expected: manifest.digest });
      expect(await store.resolve(v1)).toEqual(other);
    });

    it('has to be there', async () => {
      const store = new SourceStore('files');
      await expect(store.tag(manifest, v1)).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
      await expect(store.resolve(v1)).rejects.toEqual(failure('NOT_FOUND', { kind: 'tag' }));
    });
  });

  it('does nothing for who has given up', async () => {
    const store = new SourceStore();
    const manifest = descriptorOf(MediaType.imageManifest, bytes);
    await store.write(manifest, sourceOf(bytes));
    const other = descriptorOf('text/plain', new Uint8Array());
    const options = { signal: AbortSignal.abort() };
    for (const call of [
      () => store.exists(manifest, options),
      () => store.resolve(manifest.digest, options),
      () => bytesOf(store.read(manifest, options)),
      () => store.write(other, sourceOf(new Uint8Array()), options),
      () => store.tag(manifest, parseTag('v1'), options),
    ]) {
      await expect(call()).rejects.toEqual(failure('CANCELLED'));
    }
    expect(await store.exists(other)).toBe(false);
  });
});
