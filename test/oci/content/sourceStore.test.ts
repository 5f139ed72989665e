import { describe, expect, it } from 'vitest';
import { SourceStore } from '../../../src/oci/content/sourceStore.ts';
import { bytesOf, sourceOf } from '../../../src/oci/content/verify.ts';
import { descriptorOf } from '../../../src/oci/spec/descriptor.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';

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
});
