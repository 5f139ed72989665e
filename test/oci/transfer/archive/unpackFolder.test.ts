import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../src/oci/content/memoryStore.ts';
import { layerOfFolder } from '../../../../src/oci/transfer/archive/packFolder.ts';
import type { TransferEvent } from '../../../../src/oci/transfer/events.ts';
import { packArtifact } from '../../../../src/oci/transfer/packArtifact.ts';
import { unpack } from '../../../../src/oci/transfer/unpack.ts';
import { blob, emptyConfig, imageManifest, put, seededBytes } from '../../../support/artifacts.ts';
import { failure } from '../../../support/failure.ts';
import { Link, makeFolder, readTree, removeFolder, writeTree } from '../../../support/fileTree.ts';
import { tarOf } from '../../../support/tar.ts';
import { folderLayer, gzippedLayer, storeWith } from './support.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await makeFolder({ target: {} });
  folder = join(parent, 'target');
});
afterEach(() => removeFolder(parent));

const simple = tarOf({ name: 'd/', type: '5' }, { name: 'd/a.txt', content: 'a' }, { name: 'd/sub/b', content: 'b' });
const unpacked = { d: null, 'd/a.txt': 'a', 'd/sub': null, 'd/sub/b': 'b' };

describe('a packed folder', () => {
  it('comes out as it went in, links, empty folders and all', async () => {
    const tree = {
      'a.txt': 'a',
      'ü.txt': 'u',
      empty: {},
      sub: { large: seededBytes(1, 700_000), link: new Link('../a.txt'), loop: new Link('loop') },
    };
    await writeTree(parent, { source: tree });
    await chmod(join(parent, 'source', 'a.txt'), 0o744);
    await using layer = await layerOfFolder(join(parent, 'source'), undefined, 'some/where');
    const store = new MemoryStore();
    const parts = { artifactType: 'application/vnd.example.folder', layers: [layer] };
    const { files } = await unpack(store, await packArtifact(store, parts), folder);
    expect(files).toEqual([
      { path: join(folder, 'some', 'where'), digest: layer.digest, size: layer.size, outcome: 'written' },
    ]);
    expect(await readTree(join(folder, 'some', 'where'))).toEqual(await readTree(join(parent, 'source')));
    expect((await stat(join(folder, 'some', 'where', 'a.txt'))).mode & 0o111).not.toBe(0);
    expect((await stat(join(folder, 'some', 'where', 'ü.txt'))).mode & 0o111).toBe(0);
    expect(await readdir(folder)).toEqual(['some']);
  });

  it.each<[what: string, bytes: Uint8Array]>([
    ['gzip', gzipSync(simple)],
    ['zstd', zstdCompressSync(simple)],
    ['nothing', simple],
    ['gzip in two parts', Buffer.concat([gzipSync(simple.subarray(0, 700)), gzipSync(simple.subarray(700))])],
  ])('is unpacked when it is compressed by %s', async (_what, bytes) => {
    const { store, manifest } = await storeWith(folderLayer('d', bytes));
    await unpack(store, manifest, folder);
    expect(await readTree(folder)).toEqual(unpacked);
  });

  it('that GNU tar wrote is unpacked, with hard links as files and long names', async () => {
    const long = 'n'.repeat(150);
    await writeTree(parent, { d: { a: 'a', [long]: { [long]: 'deep' } } });
    execFileSync('ln', ['d/a', 'd/same'], { cwd: parent });
    const tar = execFileSync('tar', ['-c', '--format=gnu', '--sort=name', './d'], { cwd: parent });
    const { store, manifest } = await storeWith(gzippedLayer('d', tar));
    await unpack(store, manifest, folder);
    expect(await readTree(join(folder, 'd'))).toEqual(await readTree(join(parent, 'd')));
    expect((await lstat(join(folder, 'd', 'same'))).nlink).toBe(1);
  });

  it('is unpacked when zeros pad it, however many', async () => {
    const bytes = Buffer.concat([gzipSync(Buffer.concat([simple, Buffer.alloc(102_400)])), Buffer.alloc(3_000_000)]);
    const { store, manifest } = await storeWith(folderLayer('d', bytes));
    await unpack(store, manifest, folder);
    expect(await readTree(folder)).toEqual(unpacked);
  });

  it('that is not marked as one stays a file', async () => {
    const { store, manifest } = await storeWith(blob(gzipSync(simple), { title: 'd.tgz' }));
    await unpack(store, manifest, folder);
    expect(Object.keys(await readTree(folder))).toEqual(['d.tgz']);
  });

  it('that is there already is left alone', async () => {
    const { store, manifest } = await storeWith(gzippedLayer('d', simple));
    await unpack(store, manifest, folder);
    const before = await stat(join(folder, 'd', 'a.txt'));
    const { files } = await unpack(store, manifest, folder);
    expect(files).toMatchObject([{ outcome: 'existed' }]);
    expect((await stat(join(folder, 'd', 'a.txt'))).ino).toBe(before.ino);
    expect(await readTree(folder)).toEqual(unpacked);
  });

  it('replaces other files only when forced, and adds to what is there', async () => {
    await writeTree(folder, { d: { 'a.txt': 'mine', mine: 'too', sub: {} } });
    const { store, manifest } = await storeWith(gzippedLayer('d', simple));
    const path = join(folder, 'd', 'a.txt');
    await expect(unpack(store, manifest, folder)).rejects.toEqual(failure('FILE_EXISTS', { path }));
    expect(await readTree(folder)).toEqual({ d: null, 'd/a.txt': 'mine', 'd/mine': 'too', 'd/sub': null });
    await unpack(store, manifest, folder, { force: true });
    expect(await readTree(folder)).toEqual({ ...unpacked, 'd/mine': 'too' });
  });

  it('replaces a link, not what it leads to', async () => {
    await writeTree(parent, { victim: 'victim' });
    await writeTree(folder, { d: { 'a.txt': new Link('../../victim') } });
    const { store, manifest } = await storeWith(gzippedLayer('d', simple));
    await unpack(store, manifest, folder, { force: true });
    expect(await readFile(join(parent, 'victim'), 'utf8')).toBe('victim');
    expect(await readTree(folder)).toEqual(unpacked);
  });

  it('does not take the place of a folder', async () => {
    await mkdir(join(folder, 'd', 'a.txt'), { recursive: true });
    const { store, manifest } = await storeWith(gzippedLayer('d', simple));
    await expect(unpack(store, manifest, folder, { force: true })).rejects.toEqual(failure('FILE_NOT_WRITABLE'));
    expect(await readTree(folder)).toEqual({ d: null, 'd/a.txt': null });
  });

  it('stays away with all else when another layer fails', async () => {
    const layers = [gzippedLayer('d', simple), gzippedLayer('e', tarOf({ name: 'e/null', type: '3' }))];
    const { store, manifest } = await storeWith(blob('file', { title: 'file' }), ...layers);
    await expect(unpack(store, manifest, folder)).rejects.toEqual(failure('UNSAFE_PATH', { name: 'e/null' }));
    expect(await readTree(folder)).toEqual({});
  });

  it('is not uncompressed before its digest is known to be right', async () => {
    const layer = gzippedLayer('d', simple);
    const store = new (class extends MemoryStore {
      override async *read(...[descriptor, options]: Parameters<MemoryStore['read']>): AsyncGenerator<Uint8Array> {
        if (descriptor.digest !== layer.descriptor.digest) return yield* super.read(descriptor, options);
        throw Object.assign(new Error('wrong'), { code: 'DIGEST_MISMATCH' });
      }
    })();
    const root = imageManifest([layer]);
    for (const content of [emptyConfig, layer, root]) await put(store, content);
    await expect(unpack(store, root.descriptor, folder)).rejects.toThrow('wrong');
    expect(await readTree(folder)).toEqual({});
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const { store, manifest } = await storeWith(gzippedLayer('d', simple));
    const controller = new AbortController();
    const onEvent = ({ kind }: TransferEvent): void => {
      if (kind === 'progress') controller.abort();
    };
    const unpacking = unpack(store, manifest, folder, { signal: controller.signal, onEvent });
    await expect(unpacking).rejects.toEqual(failure('CANCELLED'));
    expect(await readTree(folder)).toEqual({});
  });
});
