import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS } from '../../../../src/oci/transfer/archive/archiveLimits.ts';
import { unpack } from '../../../../src/oci/transfer/unpack.ts';
import { blob } from '../../../support/artifacts.ts';
import { failure } from '../../../support/failure.ts';
import { Link, makeFolder, readTree, removeFolder, writeTree } from '../../../support/fileTree.ts';
import { type RawEntry, tarOf } from '../../../support/tar.ts';
import { folderLayer, gzippedLayer, storeWith } from './support.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await makeFolder({ 'outside.txt': 'outside', target: {} });
  folder = join(parent, 'target');
});
afterEach(() => removeFolder(parent));

const untouched = { 'outside.txt': 'outside', target: null };
const file = (name: string, content = 'x'): RawEntry => ({ name, content });

async function unpackAll(...entries: readonly RawEntry[]): Promise<unknown> {
  const { store, manifest } = await storeWith(
    blob('first', { title: 'first.txt' }),
    gzippedLayer('d', tarOf(...entries)),
  );
  return unpack(store, manifest, folder);
}

describe('a packed folder', () => {
  it.each<[what: string, culprit: string, ...entries: RawEntry[]]>([
    ['an absolute path', '/etc/passwd', file('/etc/passwd')],
    ['a way out', '../outside.txt', file('../outside.txt')],
    ['a way out in the middle', 'd/../../outside.txt', file('d/../../outside.txt')],
    ['a way out after ./', '../outside.txt', file('././../outside.txt')],
    ['another folder', 'other/a', file('other/a')],
    ['a folder with the same beginning', 'd2/a', file('d2/a')],
    ['a file in the place of the folder', 'd', file('d')],
    ['a drive letter', 'C:/d/a', file('C:/d/a')],
    ['a drive letter below', 'd/C:a', file('d/C:a')],
    ['a UNC path', '\\\\host\\share', file('\\\\host\\share')],
    ['a backslash', 'd\\..\\..\\a', file('d\\..\\..\\a')],
    ['an alternate stream', 'd/a.txt:hidden', file('d/a.txt:hidden')],
    ['a reserved name', 'd/con.txt', file('d/con.txt')],
    ['a name that ends with a dot', 'd/a.', file('d/a.')],
    ["Git's folder", 'd/.GIT/config', file('d/.GIT/config')],
    ['a control character', 'd/a\u001bb', file('d/a\u001bb')],
    ['a name from a pax header', '../evil', { name: 'd/harmless', content: 'x', pax: { path: '../evil' } }],
    ['a case-fold collision', 'd/A.txt', file('d/a.txt'), file('d/A.txt')],
    ['a collision of folders', 'd/SUB/b', file('d/sub/a'), file('d/SUB/b')],
    ['a Unicode collision', 'd/u\u0308', file('d/\u00fc'), file('d/u\u0308')],
    ['a duplicate name', 'd/a', file('d/a', '1'), file('d/a', '2')],
    ['a duplicate of the same content', 'd/a', file('d/a'), file('d/a')],
    ['a file in the place of a folder', 'd/a', file('d/a/b'), file('d/a')],
    ['a folder in the place of a file', 'd/a/b', file('d/a'), file('d/a/b')],
    ['a character device', 'd/null', { name: 'd/null', type: '3' }],
    ['a block device', 'd/sda', { name: 'd/sda', type: '4' }],
    ['a FIFO', 'd/pipe', { name: 'd/pipe', type: '6' }],
    ['an unknown type', 'd/odd', { name: 'd/odd', type: 'Z' }],
    ['a sparse file', 'd/s', { name: 'd/s', content: 'x', pax: { 'GNU.sparse.major': '1' } }],
    ['a set-user-id bit', 'd/su', { name: 'd/su', mode: 0o4755, content: 'x' }],
    ['a set-group-id bit', 'd/sg', { name: 'd/sg', mode: 0o2755, content: 'x' }],
    ['a very long name', `d/${'n'.repeat(62)}…`, { name: 'd/n', pax: { path: `d/${'n'.repeat(5000)}` } }],
  ])('with %s is refused, and leaves nothing behind', async (_what, name, ...entries) => {
    await expect(unpackAll(file('d/innocent'), ...entries)).rejects.toEqual(failure('UNSAFE_PATH', { name }));
    expect(await readTree(parent)).toEqual(untouched);
  });

  it.each<[what: string, culprit: string, ...entries: RawEntry[]]>([
    ['an absolute target', 'd/l', link('d/l', '/etc/passwd')],
    ['a target outside', 'd/l', link('d/l', '../outside.txt')],
    ['a target far outside', 'd/sub/l', link('d/sub/l', '../../../outside.txt')],
    ['a target beside the folder', 'd/l', link('d/l', '../first.txt')],
    ['a target that goes down and up', 'd/l', link('d/l', 'sub/../../../outside.txt')],
    ['no target', 'd/l', link('d/l', '')],
    ['a target with a backslash', 'd/l', link('d/l', '..\\..\\outside.txt')],
    ['a target with a drive letter', 'd/l', link('d/l', 'C:/outside.txt')],
    ['a chain out of the folder', 'd/y', link('d/e/f/x', '../..'), link('d/y', 'e/f/x/../..')],
    ['an entry behind it', 'd/l/a', link('d/l', 'sub'), file('d/l/a')],
    ['an entry before it', 'd/l', file('d/l/a'), link('d/l', 'sub')],
    ['a file of its name', 'd/l', link('d/l', 'a'), file('d/l')],
    ['a second link of its name', 'd/l', link('d/l', 'a'), link('d/l', 'b')],
  ])('with a link that has %s is refused', async (_what, name, ...entries) => {
    await expect(unpackAll(...entries)).rejects.toEqual(failure('UNSAFE_PATH', { name }));
    expect(await readTree(parent)).toEqual(untouched);
  });

  it.each<[what: string, culprit: string, target: string, ...before: RawEntry[]]>([
    ['outside', '../outside.txt', '../outside.txt'],
    ['by an absolute path', '/etc/passwd', '/etc/passwd'],
    ['beside the folder', 'first.txt', 'first.txt'],
    ['that is not there', 'd/h', 'd/none'],
    ['that is a folder', 'd/h', 'd/sub', { name: 'd/sub/', type: '5' }],
    ['that is a link', 'd/h', 'd/l', link('d/l', 'a')],
  ])('with a hard link to something %s is refused', async (_what, name, target, ...before) => {
    const hardLink: RawEntry = { name: 'd/h', type: '1', target };
    await expect(unpackAll(...before, hardLink)).rejects.toEqual(failure('UNSAFE_PATH', { name }));
    expect(await readTree(parent)).toEqual(untouched);
  });

  it('shares no file with another layer', async () => {
    const { store, manifest } = await storeWith(
      blob('mine', { title: 'd/a' }),
      gzippedLayer('d', tarOf(file('d/A', 'theirs'))),
    );
    await expect(unpack(store, manifest, folder)).rejects.toEqual(failure('UNSAFE_PATH', { name: 'd/A' }));
    expect(await readTree(parent)).toEqual(untouched);
  });

  it('is not written through a link that leads out of the folder', async () => {
    await writeTree(folder, { d: new Link('..') });
    await expect(unpackAll(file('d/outside.txt', 'changed'))).rejects.toEqual(failure('UNSAFE_PATH'));
    expect(await readTree(parent)).toEqual({ ...untouched, 'target/d': '-> ..' });
  });

  it('puts no link where a link in the folder moves it up', async () => {
    await writeTree(folder, { d: { l: new Link('..') } });
    await expect(unpackAll(link('d/l/up', '..'))).rejects.toEqual(failure('UNSAFE_PATH', { name: 'd/l/up' }));
    expect(await readTree(folder)).toEqual({ d: null, 'd/l': '-> ..' });
  });

  it.each<[what: string, bytes: () => Uint8Array]>([
    ['is no archive', () => gzipSync('not a tar archive'.repeat(100))],
    ['is cut short', () => gzipSync(tarOf(file('d/a', 'x'.repeat(2000))).subarray(0, 1500))],
    ['is compressed wrongly', () => Buffer.concat([gzipSync(tarOf(file('d/a'))).subarray(0, 20), Buffer.alloc(50, 7)])],
    ['ends in the middle of its compression', () => gzipSync(tarOf(file('d/a'))).subarray(0, 60)],
    ['has bytes after its end', () => Buffer.concat([gzipSync(tarOf(file('d/a'))), Buffer.alloc(3_000_000, 7)])],
    ['is text', () => Buffer.from('plain')],
  ])('that %s is refused', async (_what, bytes) => {
    const { store, manifest } = await storeWith(folderLayer('d', bytes()));
    await expect(unpack(store, manifest, folder)).rejects.toEqual(failure('INVALID_ARCHIVE', { name: 'd' }));
    expect(await readTree(parent)).toEqual(untouched);
  });

  it('with other content than its digest says is refused', async () => {
    const tar = tarOf(file('d/a'));
    const other = { 'io.deis.oras.content.digest': `sha256:${'0'.repeat(64)}` };
    const { store, manifest } = await storeWith(folderLayer('d', gzipSync(tar), other));
    await expect(unpack(store, manifest, folder)).rejects.toEqual(failure('DIGEST_MISMATCH'));
    expect(await readTree(parent)).toEqual(untouched);
  });

  const limits = { ...ARCHIVE_LIMITS, ratioFrom: 100_000 };
  const zeros = (size: number): Uint8Array => Buffer.alloc(size);

  it.each<[what: string, limit: Partial<typeof limits>, entries: () => readonly RawEntry[]]>([
    ['that grows beyond all measure', {}, () => [{ name: 'd/zeros', content: zeros(20_000_000) }]],
    ['of many bytes', { ratio: 10_000, bytes: 50_000 }, () => [{ name: 'd/zeros', content: zeros(60_000) }]],
    ['of many entries', { entries: 50 }, () => Array.from({ length: 51 }, (_, i) => file(`d/${i}`))],
    ['of many names', { nameCharacters: 400 }, () => Array.from({ length: 51 }, (_, i) => file(`d/name-${i}`))],
    [
      'that multiplies a file by hard links',
      { ratio: 10_000, bytes: 100_000 },
      () => [
        { name: 'd/a', content: zeros(30_000) },
        ...Array.from({ length: 3 }, (_, i): RawEntry => ({ name: `d/h${i}`, type: '1', target: 'd/a' })),
      ],
    ],
  ])('%s is refused before it fills the disk', async (_what, limit, entries) => {
    const { store, manifest } = await storeWith(gzippedLayer('d', tarOf(...entries())));
    const unpacking = unpack(store, manifest, folder, { limits: { ...limits, ...limit } });
    await expect(unpacking).rejects.toEqual(failure('LIMIT_EXCEEDED'));
    expect(await readTree(parent)).toEqual(untouched);
  });

  it('that is refused for its size names the entry', async () => {
    const { store, manifest } = await storeWith(
      gzippedLayer('d', tarOf(file('d/small'), { name: 'd/bomb', content: zeros(20_000_000) })),
    );
    await expect(unpack(store, manifest, folder, { limits })).rejects.toEqual(
      failure('LIMIT_EXCEEDED', { what: expect.stringContaining('d/bomb') }),
    );
  });

  it('shares its limits with the other folders of the artifact', async () => {
    const layers = ['a', 'b', 'c'].map((title) => gzippedLayer(title, tarOf(file(`${title}/x`), file(`${title}/y`))));
    const { store, manifest } = await storeWith(...layers);
    const unpacking = unpack(store, manifest, folder, { limits: { ...limits, entries: 5 } });
    await expect(unpacking).rejects.toEqual(failure('LIMIT_EXCEEDED'));
    expect(await readTree(parent)).toEqual(untouched);
  });
});

function link(name: string, target: string): RawEntry {
  return { name, type: '2', target };
}
