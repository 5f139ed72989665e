import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Annotation, layersOfFiles } from '../../../src/oci/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layers-'));
  await mkdir(join(folder, 'docs'));
  await writeFile(join(folder, 'docs/guide.md'), '# Guide');
  await writeFile(join(folder, 'notes.txt'), 'notes');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('files and folders become layers in their order, titled with their names', async () => {
  await using packed = await layersOfFiles([
    { path: join(folder, 'notes.txt'), mediaType: 'text/plain' },
    { path: join(folder, 'docs') },
  ]);
  expect(packed.layers).toMatchObject([
    { mediaType: 'text/plain', size: 5, annotations: { [Annotation.title]: 'notes.txt' } },
    { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', annotations: { [Annotation.title]: 'docs' } },
  ]);
});

it('the archive of a folder is gone once the layers are disposed of', async () => {
  const packed = await layersOfFiles([{ path: join(folder, 'docs') }]);
  await packed[Symbol.asyncDispose]();
  const read = async () => {
    for await (const _ of packed.layers[0]?.open() ?? []);
  };
  await expect(read()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

it('two of one name are refused, since only one could be pulled', async () => {
  await writeFile(join(folder, 'docs/notes.txt'), 'other');
  const files = [{ path: join(folder, 'notes.txt') }, { path: join(folder, 'docs/notes.txt') }];
  await expect(layersOfFiles(files)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    details: { value: 'notes.txt' },
  });
});

it('a file that is not there is named', async () => {
  await expect(layersOfFiles([{ path: join(folder, 'gone') }])).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

it.each(['no\ttab', 'no\nline', 'no:colon', 'no\\backslash', 'nul.txt', 'no. '])(
  'what a pull would refuse is refused before anything is read: %j',
  async (title) => {
    const files = [{ path: join(folder, 'gone') }, { path: join(folder, 'notes.txt'), title }];
    await expect(layersOfFiles(files)).rejects.toMatchObject({ code: 'UNSAFE_PATH', details: { name: title } });
  },
);

it('names that are one somewhere are refused, and a folder beside what is in it is not', async () => {
  const [path, docs] = [join(folder, 'notes.txt'), join(folder, 'docs')];
  const alike = [{ path }, { path, title: 'NOTES.txt' }];
  await expect(layersOfFiles(alike)).rejects.toMatchObject({ code: 'UNSAFE_PATH', details: { name: 'NOTES.txt' } });
  const within = [
    { path, title: 'a' },
    { path, title: 'a/b' },
  ];
  await expect(layersOfFiles(within)).rejects.toMatchObject({ code: 'UNSAFE_PATH', details: { name: 'a/b' } });
  await using packed = await layersOfFiles([{ path: docs }, { path, title: 'docs/notes.txt' }]);
  expect(packed.layers).toHaveLength(2);
});
