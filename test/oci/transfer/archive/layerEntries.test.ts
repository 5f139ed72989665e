import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../src/oci/content/memoryStore.ts';
import type { CallOptions } from '../../../../src/oci/content/store.ts';
import type { Descriptor } from '../../../../src/oci/spec/descriptor.ts';
import { isTarLayer, listLayer, readLayerFile } from '../../../../src/oci/transfer/archive/layerEntries.ts';
import { blob, put } from '../../../support/artifacts.ts';
import { type RawEntry, tarOf } from '../../../support/tar.ts';

const LIMIT = { maxSize: 1024 };

async function layerOf(bytes: Uint8Array): Promise<readonly [MemoryStore, Descriptor]> {
  const store = new MemoryStore();
  const content = blob(bytes, { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' });
  await put(store, content);
  return [store, content.descriptor];
}

const gzipped = (...entries: readonly RawEntry[]) => layerOf(gzipSync(tarOf(...entries)));
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('a layer that is a tar archive', () => {
  const entries: readonly RawEntry[] = [
    { name: './app/', type: '5' },
    { name: './app/a.txt', content: 'first' },
    { name: 'app/link', type: '2', target: '../../etc/passwd' },
    { name: '../../outside', content: 'x' },
  ];

  it.each([
    ['as it is', (tar: Buffer) => tar],
    ['by gzip', gzipSync],
    ['by zstd', zstdCompressSync],
  ])('compressed %s lists what is in it, whatever it is called', async (_, compress) => {
    const [store, layer] = await layerOf(compress(tarOf(...entries)));
    expect((await listLayer(store, layer)).entries).toEqual([
      { path: 'app', type: 'folder', size: 0, target: '' },
      { path: 'app/a.txt', type: 'file', size: 5, target: '' },
      { path: 'app/link', type: 'link', size: 0, target: '../../etc/passwd' },
      { path: '../../outside', type: 'file', size: 1, target: '' },
    ]);
  });

  it('gives the content of a file, and of two of one name the last', async () => {
    const [store, layer] = await gzipped(...entries, { name: 'app/a.txt', content: 'second' });
    expect(text(await readLayerFile(store, layer, 'app/a.txt', LIMIT))).toBe('second');
    expect(text(await readLayerFile(store, layer, '../../outside', LIMIT))).toBe('x');
  });

  it('has no file of another name, nor one that is a link', async () => {
    const [store, layer] = await gzipped(...entries);
    for (const path of ['app/b.txt', 'app/link', 'app']) {
      await expect(readLayerFile(store, layer, path, LIMIT)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('gives no file that is larger than wanted', async () => {
    const [store, layer] = await gzipped({ name: 'large', content: 'x'.repeat(1025) });
    await expect(readLayerFile(store, layer, 'large', LIMIT)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('with more entries than wanted is cut, by their number or the length of their names', async () => {
    const [store, layer] = await gzipped(...entries);
    expect(await listLayer(store, layer, { maxEntries: 1 })).toMatchObject({ entries: [{ path: 'app' }], isCut: true });
    const long = Array.from(
      { length: 300 },
      (_, at): RawEntry => ({ name: 'x', pax: { path: `${at}/${'n'.repeat(4_000)}` } }),
    );
    const [other, named] = await gzipped(...long);
    const listed = await listLayer(other, named);
    expect([listed.isCut, listed.entries.length < 300]).toEqual([true, true]);
  });

  it('that is not what its digest says gives nothing, also where what differs comes after its end', async () => {
    const whole = gzipSync(tarOf(...entries));
    const [store, layer] = await layerOf(Buffer.concat([whole, Buffer.alloc(100_000)]));
    const other = Object.assign(Object.create(store), {
      read: (descriptor: Descriptor, options: CallOptions) => wrongAtTheEnd(store.read(descriptor, options)),
    });
    await expect(listLayer(other, layer)).rejects.toThrow('differs');
    expect((await listLayer(store, layer)).entries.length).toBe(4);
  });

  it('that cannot be uncompressed, or is none, says so', async () => {
    for (const bytes of [Buffer.from('1f8b0800deadbeef', 'hex'), Buffer.from('{"a": "json"}'.repeat(100))]) {
      const [store, layer] = await layerOf(bytes);
      await expect(listLayer(store, layer)).rejects.toMatchObject({ code: 'INVALID_ARCHIVE' });
    }
  });

  it('that is a bomb is not read to its end', async () => {
    const [store, layer] = await layerOf(gzipSync(Buffer.alloc(300 * 1024 * 1024)));
    await expect(listLayer(store, layer)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

async function* wrongAtTheEnd(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* stream;
  throw new Error('differs');
}

describe('a layer is known to be a tar archive', () => {
  const of = (mediaType: string, title?: string): boolean =>
    isTarLayer(blob(1, { mediaType, ...(title !== undefined && { title }) }).descriptor);

  it('by its media type', () => {
    for (const type of [
      'application/vnd.oci.image.layer.v1.tar',
      'application/vnd.oci.image.layer.v1.tar+gzip',
      'application/vnd.oci.image.layer.v1.tar+zstd',
      'application/vnd.docker.image.rootfs.diff.tar.gzip',
      'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    ]) {
      expect(of(type)).toBe(true);
    }
    expect([of('application/json'), of('application/vnd.guitar')]).toEqual([false, false]);
  });

  it('unless it is titled as JSON, as the compiled artifacts of the Python client are', () => {
    expect(of('application/vnd.oci.image.layer.v1.tar', 'compiled_artifacts.json')).toBe(false);
  });
});
