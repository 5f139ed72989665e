import { execFileSync } from 'node:child_process';
import { chmod, readdir, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '../../../../src/oci/content/verify.ts';
import { digestOf } from '../../../../src/oci/spec/digest.ts';
import { type FolderLayer, layerOfFolder } from '../../../../src/oci/transfer/archive/packFolder.ts';
import { seededBytes } from '../../../support/artifacts.ts';
import { failure } from '../../../support/failure.ts';
import { type FileTree, Link, makeFolder, removeFolder, writeTree } from '../../../support/fileTree.ts';
import { leftBehind } from '../../../support/leftBehind.ts';

let parent: string;
beforeEach(async () => {
  parent = await makeFolder();
});
afterEach(() => removeFolder(parent));

const tree: FileTree = { 'b.txt': 'b', 'a.txt': 'a', sub: { link: new Link('../a.txt'), z: 'z' }, Z: 'Z', ü: 'ü' };

/** The tree below `parent`, packed as the folder `d`. */
async function pack(name: string, content: FileTree = tree): Promise<FolderLayer> {
  await writeTree(parent, { [name]: content });
  return layerOfFolder(join(parent, name), undefined, 'd');
}

async function list(layer: FolderLayer): Promise<string> {
  return execFileSync('tar', ['-tvz'], {
    input: await bytesOf(layer.open()),
    env: { TZ: 'UTC', LC_ALL: 'C' },
  }).toString();
}

describe('packing a folder', () => {
  it('marks the layer as oras does, with the digest of the archive within', async () => {
    await using layer = await pack('one');
    const bytes = await bytesOf(layer.open());
    expect({ digest: layer.digest, size: layer.size }).toEqual({ digest: digestOf(bytes), size: bytes.length });
    expect(layer).toMatchObject({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      annotations: {
        'org.opencontainers.image.title': 'd',
        'io.deis.oras.content.unpack': 'true',
        'io.deis.oras.content.digest': digestOf(execFileSync('gunzip', { input: bytes })),
      },
    });
  });

  it('gives the same bytes for the same names and contents, whenever and by whomever', async () => {
    await using one = await pack('one');
    await writeTree(parent, { other: { ü: 'ü', Z: 'Z', sub: { z: 'z', link: new Link('../a.txt') }, 'a.txt': 'a' } });
    await writeTree(join(parent, 'other'), { 'b.txt': 'b' });
    await utimes(join(parent, 'other', 'a.txt'), 1, 1);
    await chmod(join(parent, 'other', 'a.txt'), 0o600);
    await chmod(join(parent, 'other', 'sub'), 0o700);
    await using other = await layerOfFolder(join(parent, 'other'), undefined, 'd');
    expect(await bytesOf(other.open())).toEqual(await bytesOf(one.open()));
  });

  it('gives the archive that it has always given', async () => {
    await using layer = await pack('one');
    const archive = layer.annotations?.['io.deis.oras.content.digest'];
    expect(archive).toBe('sha256:4fae3df64eb3b9146ad01e49a2b93d68bc1a8b92596162bdab1e712f13f71fee');
    expect([...(await bytesOf(layer.open())).subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  });

  it('says nothing of machine, user and time', async () => {
    await writeTree(parent, { one: { plain: 'p', run: 'r' } });
    await chmod(join(parent, 'one', 'run'), 0o700);
    await using layer = await layerOfFolder(join(parent, 'one'), undefined, 'd');
    expect((await list(layer)).split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 d/',
      '-rw-r--r-- 0/0 1 1970-01-01 00:00 d/plain',
      '-rwxr-xr-x 0/0 1 1970-01-01 00:00 d/run',
      '',
    ]);
  });

  it('orders entries by code unit, the folder before what is in it', async () => {
    await using layer = await pack('one', { b: { c: '' }, 'b-a': '', Z: '', a: '' });
    const names = (await list(layer))
      .trim()
      .split('\n')
      .map((line) => line.split(' ').at(-1));
    expect(names).toEqual(['d/', 'd/Z', 'd/a', 'd/b/', 'd/b/c', 'd/b-a']);
  });

  it('takes large files and long names', async () => {
    const name = 'ñ'.repeat(120);
    await using layer = await pack('one', { large: seededBytes(1, 3_000_000), [name]: 'x' });
    const paths = execFileSync('tar', ['-tz'], { input: await bytesOf(layer.open()), env: { LC_ALL: 'C.UTF-8' } });
    expect(paths.toString()).toContain('d/large');
    expect(layer.size).toBeGreaterThan(3_000_000);
  });

  it('leaves no temporary file once the layer is disposed of', async () => {
    const before = new Set(await readdir(tmpdir()));
    const layer = await pack('one');
    const [file] = [...(await bytesOf(layer.open()))];
    expect(file).toBe(0x1f);
    await layer[Symbol.asyncDispose]();
    await expect(bytesOf(layer.open())).rejects.toEqual(failure('FILE_NOT_FOUND'));
    const path = await bytesOf(layer.open()).catch((error: { details: { path: string } }) => error.details.path);
    expect(before.has(String(path))).toBe(false);
  });

  it.each<[what: string, culprit: string, content: FileTree]>([
    ['a name of a device', 'd/aux.c', { 'aux.c': '' }],
    ["Git's folder", 'd/.git', { '.git': { config: '' } }],
    ['a colon', 'd/a:b', { 'a:b': '' }],
    ['names that differ by case', 'd/b', { B: '', b: '' }],
    ['a link out of the folder', 'd/l', { l: new Link('../../etc') }],
    ['an absolute link', 'd/sub/l', { sub: { l: new Link('/etc/passwd') } }],
  ])('refuses what could not be unpacked everywhere: %s', async (_what, name, content) => {
    await expect(pack('one', content)).rejects.toEqual(failure('UNSAFE_PATH', { name }));
  });

  it('leaves out our own temporary files, of whatever process', async () => {
    const beginning = `.floe-oci-0-00000000-${'0'.repeat(16)}.${'a'.repeat(64)}.part`;
    const half = { [leftBehind()]: 'half', [leftBehind(process.pid)]: { 0: 'half' }, [beginning]: 'half' };
    await using clean = await pack('one');
    await using layer = await pack('two', { ...tree, ...half, sub: { link: new Link('../a.txt'), z: 'z', ...half } });
    expect(layer.digest).toBe(clean.digest);
  });

  it('refuses what is neither file, folder nor link', async () => {
    await writeTree(parent, { one: {} });
    execFileSync('mkfifo', [join(parent, 'one', 'pipe')]);
    await expect(layerOfFolder(join(parent, 'one'))).rejects.toEqual(failure('FILE_NOT_READABLE'));
  });

  it('refuses a folder that is not there, and a file', async () => {
    await writeTree(parent, { file: '' });
    await expect(layerOfFolder(join(parent, 'none'))).rejects.toEqual(failure('FILE_NOT_FOUND'));
    await expect(layerOfFolder(join(parent, 'file'))).rejects.toEqual(failure('FILE_NOT_READABLE'));
  });

  it('refuses a title that leads elsewhere', async () => {
    await expect(layerOfFolder(parent, undefined, '../d')).rejects.toEqual(failure('UNSAFE_PATH', { name: '../d' }));
  });

  it('ends with CANCELLED', async () => {
    const signal = AbortSignal.abort();
    await expect(layerOfFolder(parent, undefined, 'd', { signal })).rejects.toEqual(failure('CANCELLED'));
  });
});
