import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Descriptor, ManifestDescriptor } from '../../../src/oci/spec/descriptor.ts';
import type { TransferEvent } from '../../../src/oci/transfer/events.ts';
import { unpack } from '../../../src/oci/transfer/unpack.ts';
import {
  blob,
  type Content,
  emptyConfig,
  imageIndex,
  imageManifest,
  put,
  putGraph,
  seededBytes,
} from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { makeFolder, readTree, removeFolder, writeTree } from '../../support/fileTree.ts';
import { leftBehind } from '../../support/leftBehind.ts';
import { ObservedStore, turns, untilCancelled } from '../../support/stores.ts';

let parent: string;
let folder: string;
let store: ObservedStore;

beforeEach(async () => {
  parent = await makeFolder({ 'outside.txt': 'outside', target: {} });
  folder = join(parent, 'target');
  store = new ObservedStore();
});
afterEach(() => removeFolder(parent));

/** Writes an artifact of files; a name may come twice. */
async function artifactOf(...files: readonly (readonly [title: string, text: string])[]): Promise<ManifestDescriptor> {
  return artifactOfLayers(files.map(([title, text]) => blob(text, { title })));
}

async function artifactOfLayers(layers: readonly Content[]): Promise<ManifestDescriptor> {
  const root = imageManifest(layers);
  return putGraph(store, { root, contents: [emptyConfig, ...layers, root] });
}

const untouched = { 'outside.txt': 'outside', target: null };

describe('unpacking', () => {
  it('writes every layer with a title to its file, with folders as needed', async () => {
    const untitled = blob('no title');
    const layers = [
      blob('1', { title: 'a.txt' }),
      untitled,
      blob('2', { title: 'b/c/d.txt' }),
      blob('', { title: 'b/e' }),
    ];
    const manifest = await artifactOfLayers(layers);
    const result = await unpack(store, manifest, folder);
    expect(await readTree(folder)).toEqual({ 'a.txt': '1', b: null, 'b/c': null, 'b/c/d.txt': '2', 'b/e': '' });
    expect(result.skipped).toEqual([untitled.descriptor]);
    const [a, , d, e] = layers.map(({ descriptor: { digest, size } }) => ({ digest, size, outcome: 'written' }));
    expect(result.files).toEqual([
      { path: join(folder, 'a.txt'), ...a },
      { path: join(folder, 'b', 'c', 'd.txt'), ...d },
      { path: join(folder, 'b', 'e'), ...e },
    ]);
  });

  it('writes the exact bytes of a large file', async () => {
    const bytes = seededBytes(1, 3_000_000);
    await unpack(store, await artifactOfLayers([blob(bytes, { title: 'large' })]), folder);
    expect((await stat(join(folder, 'large'))).size).toBe(3_000_000);
    const text = (await readTree(folder))['large'];
    expect(text).toBe(Buffer.from(bytes).toString('utf8'));
  });

  it('makes the folder when it is not there, and none for no files', async () => {
    const manifest = await artifactOf(['a', '1']);
    await unpack(store, manifest, join(parent, 'new', 'deep'));
    expect(await readTree(join(parent, 'new'))).toEqual({ deep: null, 'deep/a': '1' });
    expect(await unpack(store, await artifactOfLayers([]), join(parent, 'none'))).toEqual({ files: [], skipped: [] });
    expect(Object.keys(await readTree(parent))).not.toContain('none');
  });

  it('may unpack into a folder that is a link', async () => {
    await symlink(folder, join(parent, 'link'));
    const { files } = await unpack(store, await artifactOf(['a', '1']), join(parent, 'link'));
    expect(files[0]?.path).toBe(join(parent, 'link', 'a'));
    expect(await readTree(folder)).toEqual({ a: '1' });
  });

  it('tells what happens to each file', async () => {
    await writeTree(folder, { same: 's' });
    const events: TransferEvent[] = [];
    const manifest = await artifactOf(['same', 's'], ['new', 'n']);
    await unpack(store, manifest, folder, { concurrency: 1, onEvent: (event) => events.push(event) });
    const [same, fresh] = ['s', 'n'].map((text) => blob(text).descriptor.digest);
    expect(events.map(({ kind, descriptor, ...rest }) => [kind, descriptor.digest, ...Object.values(rest)])).toEqual([
      ['started', same],
      ['finished', same, 'existed'],
      ['started', fresh],
      ['progress', fresh, 1],
      ['finished', fresh, 'written'],
    ]);
  });

  it('refuses an index, which has no files', async () => {
    const image = imageManifest([]);
    const root = imageIndex([image]);
    await putGraph(store, { root, contents: [emptyConfig, image, root] });
    await expect(unpack(store, root.descriptor, folder)).rejects.toEqual(failure('UNSUPPORTED'));
  });
});

describe('files that are there already', () => {
  it('are left alone when they are the same, and their content is not even read', async () => {
    await writeTree(folder, { 'a.txt': 'same', b: { c: 'same too' } });
    await chmod(join(folder, 'a.txt'), 0o400);
    const before = await stat(join(folder, 'a.txt'), { bigint: true });
    const manifest = await artifactOf(['a.txt', 'same'], ['b/c', 'same too'], ['d', 'new']);
    const { files } = await unpack(store, manifest, folder);
    expect(files.map(({ outcome }) => outcome)).toEqual(['existed', 'existed', 'written']);
    const after = await stat(join(folder, 'a.txt'), { bigint: true });
    expect([after.ino, after.mtimeNs, after.mode]).toEqual([before.ino, before.mtimeNs, before.mode]);
    expect(store.calls.filter((call) => call.startsWith('read '))).toHaveLength(2);
  });

  it('are not replaced when they differ, and then nothing is written', async () => {
    await writeTree(folder, { 'a.txt': 'mine' });
    const manifest = await artifactOf(['new.txt', 'new'], ['a.txt', 'that']);
    const unpacked = unpack(store, manifest, folder);
    await expect(unpacked).rejects.toEqual(failure('FILE_EXISTS', { path: join(folder, 'a.txt') }));
    expect(await readTree(folder)).toEqual({ 'a.txt': 'mine' });
  });

  it('are replaced with force, and keep their permissions', async () => {
    await writeTree(folder, { 'a.txt': 'mine' });
    await chmod(join(folder, 'a.txt'), 0o640);
    await unpack(store, await artifactOf(['a.txt', 'theirs']), folder, { force: true });
    expect(await readTree(folder)).toEqual({ 'a.txt': 'theirs' });
    expect((await stat(join(folder, 'a.txt'))).mode & 0o777).toBe(0o640);
  });

  it('are not written through when they are links: the link is what differs, and what is replaced', async () => {
    await symlink(join(parent, 'outside.txt'), join(folder, 'a'));
    const manifest = await artifactOf(['a', 'theirs']);
    await expect(unpack(store, manifest, folder)).rejects.toEqual(failure('FILE_EXISTS'));
    await unpack(store, manifest, folder, { force: true });
    expect(await readTree(parent)).toEqual({ ...untouched, 'target/a': 'theirs' });
  });

  it.each([
    ['a folder where a file goes', { a: { b: '' } }, 'a'],
    ['a file where a folder goes', { a: '' }, 'a/b'],
  ])('are in the way, with or without force: %s', async (_, tree, title) => {
    await writeTree(folder, tree);
    const before = await readTree(folder);
    for (const force of [false, true]) {
      const unpacked = unpack(store, await artifactOf([title, 'x']), folder, { force });
      await expect(unpacked).rejects.toEqual(failure('FILE_NOT_WRITABLE', { path: join(folder, 'a') }));
    }
    expect(await readTree(folder)).toEqual(before);
  });

  it('may be what was to be the folder', async () => {
    const unpacked = unpack(store, await artifactOf(['a', 'x']), join(parent, 'outside.txt'));
    await expect(unpacked).rejects.toEqual(failure('FILE_NOT_WRITABLE'));
    expect(await readTree(parent)).toEqual(untouched);
  });
});

describe('titles that are not safe', () => {
  it.each([
    ['../evil', [['../evil', 'x']]],
    ['/etc/evil', [['/etc/evil', 'x']]],
    ['C:\\evil', [['C:\\evil', 'x']]],
    ['', [['', 'x']]],
    ['nul', [['nul', 'x']]],
    [
      'README',
      [
        ['readme', 'x'],
        ['README', 'y'],
      ],
    ],
    [
      'e\u0301',
      [
        ['\u00e9', 'x'],
        ['e\u0301', 'y'],
      ],
    ],
    [
      'a',
      [
        ['a', 'x'],
        ['a', 'y'],
      ],
    ],
    [
      'a/b',
      [
        ['a', 'x'],
        ['a/b', 'y'],
      ],
    ],
    [
      'a',
      [
        ['a/b', 'x'],
        ['a', 'y'],
      ],
    ],
    [
      'A/c',
      [
        ['a/b', 'x'],
        ['A/c', 'y'],
      ],
    ],
    [
      'A',
      [
        ['a', 'x'],
        ['A', 'x'],
      ],
    ],
  ] as const)('fail the whole artifact, by name: %j', async (name, files) => {
    const manifest = await artifactOf(['good.txt', 'good'], ...files);
    for (const force of [false, true]) {
      await expect(unpack(store, manifest, folder, { force })).rejects.toEqual(failure('UNSAFE_PATH', { name }));
    }
    expect(await readTree(parent)).toEqual(untouched);
  });

  it('are not those that name the same content twice', async () => {
    const { files } = await unpack(store, await artifactOf(['a/b', 'x'], ['a/b', 'x']), folder);
    expect(files).toHaveLength(1);
    expect(await readTree(folder)).toEqual({ a: null, 'a/b': 'x' });
  });
});

describe('links on the way to a file', () => {
  it.each([
    ['out of the folder', '..'],
    ['to somewhere absolute', '/'],
    ['to nothing', 'none'],
    ['to themselves', 'link'],
  ])('are not followed when they lead %s', async (_, to) => {
    await symlink(to, join(folder, 'link'));
    const unpacked = unpack(store, await artifactOf(['a', '1'], ['link/evil', 'x']), folder, { force: true });
    if (to === 'link') await expect(unpacked).rejects.toEqual(failure('FILE_NOT_WRITABLE'));
    else await expect(unpacked).rejects.toEqual(failure('UNSAFE_PATH', { name: 'link/evil' }));
    expect(await readTree(parent)).toEqual({ ...untouched, 'target/link': `-> ${to}` });
  });

  it('are not followed into a folder whose name only begins the same', async () => {
    await mkdir(join(parent, 'target-2'));
    await symlink('../target-2', join(folder, 'link'));
    await expect(unpack(store, await artifactOf(['link/x', 'x']), folder)).rejects.toEqual(failure('UNSAFE_PATH'));
  });

  it('are followed while they stay inside', async () => {
    await writeTree(folder, { real: {} });
    await symlink('real', join(folder, 'link'));
    await unpack(store, await artifactOf(['link/sub/a', 'x']), folder);
    expect(await readTree(folder)).toEqual({ link: '-> real', real: null, 'real/sub': null, 'real/sub/a': 'x' });
  });
});

describe('unpacking that fails', () => {
  const corrupt = (descriptor: Descriptor): void => {
    store.interfere = async (call, digest) => {
      if (call !== 'read' || digest !== descriptor.digest) return;
      await turns(20);
      throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
    };
  };

  it.each([1, 8])('leaves nothing behind: concurrency %d', async (concurrency) => {
    await writeTree(folder, { old: 'mine' });
    const bad = blob('bad', { title: 'x/y/bad' });
    const good = [blob('1', { title: 'a/b/c' }), blob('2', { title: 'x/z' }), blob('3', { title: 'old' })];
    const manifest = await artifactOfLayers([...good, bad]);
    corrupt(bad.descriptor);
    await expect(unpack(store, manifest, folder, { force: true, concurrency })).rejects.toThrow('connection reset');
    expect(await readTree(folder)).toEqual({ old: 'mine' });
    expect(store.running).toBe(0);
  });

  it('leaves no folder that it made', async () => {
    const bad = blob('bad', { title: 'x/bad' });
    const manifest = await artifactOfLayers([blob('1', { title: 'x/y/z' }), bad]);
    corrupt(bad.descriptor);
    await expect(unpack(store, manifest, join(parent, 'new', 'deep'))).rejects.toThrow('connection reset');
    expect(await readTree(parent)).toEqual(untouched);
  });

  it('lets no wrong byte through, even from a store that has not looked', async () => {
    const layer = blob('right', { title: 'a' });
    const manifest = await artifactOfLayers([layer]);
    const lying = { ...layer.descriptor, size: layer.descriptor.size + 1 };
    const root = imageManifest([{ ...layer, descriptor: lying }]);
    await put(store, root);
    await expect(unpack(store, root.descriptor, folder)).rejects.toEqual(failure('SIZE_MISMATCH'));
    expect(await readTree(folder)).toEqual({});
    await unpack(store, manifest, folder);
    expect(await readTree(folder)).toEqual({ a: 'right' });
  });

  it('is cancelled by the signal, and leaves nothing behind', async () => {
    const manifest = await artifactOf(['a/1', '1'], ['b/2', '2'], ['c/3', '3']);
    const controller = new AbortController();
    const last = blob('3').descriptor.digest;
    store.interfere = async (call, digest, signal) => {
      if (call !== 'read' || digest !== last) return;
      await turns(20);
      controller.abort();
      await untilCancelled(signal);
    };
    const unpacked = unpack(store, manifest, folder, { signal: controller.signal });
    await expect(unpacked).rejects.toEqual(failure('CANCELLED'));
    expect(await readTree(folder)).toEqual({});
    expect(store.running).toBe(0);
  });

  it('is cancelled up to the moment when files appear', async () => {
    const controller = new AbortController();
    let finished = 0;
    const onEvent = ({ kind }: TransferEvent): void => {
      if (kind === 'finished' && ++finished === 2) controller.abort();
    };
    const manifest = await artifactOf(['a', '1'], ['b', '2']);
    const unpacked = unpack(store, manifest, folder, { signal: controller.signal, onEvent });
    await expect(unpacked).rejects.toEqual(failure('CANCELLED'));
    expect(await readTree(folder)).toEqual({});
  });

  it('takes back the new files when the last one cannot be put in its place', async () => {
    const manifest = await artifactOf(['a', '1'], ['b/c', '2'], ['z', '3']);
    let finished = 0;
    const onEvent = ({ kind }: TransferEvent): void => {
      if (kind === 'finished' && ++finished === 3)
        blockade = mkdir(join(folder, 'z', 'in the way'), { recursive: true });
    };
    let blockade: Promise<unknown> = Promise.resolve();
    store.interfere = () => blockade.then(() => {});
    const unpacked = unpack(store, manifest, folder, { concurrency: 1, onEvent });
    await expect(unpacked).rejects.toEqual(failure('FILE_NOT_WRITABLE', { path: join(folder, 'z') }));
    expect(await readTree(folder)).toEqual({ z: null, 'z/in the way': null });
  });

  it('takes away what killed processes left where it writes, whatever comes of it', async () => {
    const dead = leftBehind();
    await writeTree(folder, { [dead]: { 0: 'half' }, b: { [dead]: 'half', 'mine.tmp': 'mine' } });
    await unpack(store, await artifactOf(['a', '1'], ['b/c', '2']), folder);
    expect(await readTree(folder)).toEqual({ a: '1', b: null, 'b/c': '2', 'b/mine.tmp': 'mine' });
  });

  it('says which file it could not write', async () => {
    await writeFile(join(folder, 'x'.repeat(200)), '');
    const name = 'y'.repeat(300);
    const unpacked = unpack(store, await artifactOf(['a', '1'], [name, '2']), folder);
    await expect(unpacked).rejects.toEqual(failure('FILE_NOT_WRITABLE', { path: join(folder, name) }));
    expect(Object.keys(await readTree(folder))).toEqual(['x'.repeat(200)]);
  });
});
