import { existsSync, symlinkSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/storeContract.ts';
import { tagsOf } from './support/layouts.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

describe('opening a layout', () => {
  it('does not make one unless asked to', async () => {
    const folder = temporaryFolder();
    const absent = failure('NOT_FOUND', { kind: 'layout' });
    await expect(LayoutStore.open(folder)).rejects.toEqual(absent);
    await expect(LayoutStore.open(join(folder, 'missing'))).rejects.toEqual(absent);
    expect(await readdir(folder)).toEqual([]);
  });

  it('makes one as the specification says, with the folders above it', async () => {
    const path = join(temporaryFolder(), 'a', 'b');
    const store = await LayoutStore.open(path, { create: true });
    expect([store.name, store.path]).toEqual([`layout:${path}`, path]);
    expect(JSON.parse(await readFile(join(path, 'oci-layout'), 'utf8'))).toEqual({ imageLayoutVersion: '1.0.0' });
    expect(JSON.parse(await readFile(join(path, 'index.json'), 'utf8'))).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [],
    });
    expect(await readdir(join(path, 'blobs'))).toEqual(['sha256']);
  });

  it('keeps what is there when asked to make one', async () => {
    const path = temporaryFolder();
    await writeFile(join(path, 'notes.txt'), 'mine');
    await putGraph(await LayoutStore.open(path, { create: true }), artifact(1), 'v1');
    expect(await tagsOf(await LayoutStore.open(path, { create: true }))).toEqual(['v1']);
    expect(await readFile(join(path, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('completes one whose maker was killed half-way', async () => {
    const path = temporaryFolder();
    await putGraph(await LayoutStore.open(path, { create: true }), artifact(1), 'v1');
    await rm(join(path, 'oci-layout'));
    await expect(LayoutStore.open(path)).rejects.toEqual(failure('NOT_FOUND', { kind: 'layout' }));
    expect(await tagsOf(await LayoutStore.open(path, { create: true }))).toEqual(['v1']);
  });

  it('never puts an empty index in the place of one that was lost', async () => {
    const path = temporaryFolder();
    await putGraph(await LayoutStore.open(path, { create: true }), artifact(1), 'v1');
    await rm(join(path, 'index.json'));
    for (const create of [false, true]) {
      await expect(LayoutStore.open(path, { create })).rejects.toEqual(
        failure('INVALID_LAYOUT', { reason: 'is missing' }),
      );
    }
    expect(await readdir(path)).not.toContain('index.json');
  });

  it("does not make one around an index.json that is somebody else's", async () => {
    const path = temporaryFolder();
    await writeFile(join(path, 'index.json'), '{"name":"website"}');
    await expect(LayoutStore.open(path, { create: true })).rejects.toEqual(failure('INVALID_LAYOUT'));
    expect(await readFile(join(path, 'index.json'), 'utf8')).toBe('{"name":"website"}');
  });

  it('does so for many at once, who all get the same', async () => {
    const path = join(temporaryFolder(), 'new');
    const stores = await Promise.all(Array.from({ length: 5 }, () => LayoutStore.open(path, { create: true })));
    await Promise.all(stores.map((store, i) => putGraph(store, artifact(i), `v${i}`)));
    expect(await tagsOf(await LayoutStore.open(path))).toEqual(['v0', 'v1', 'v2', 'v3', 'v4']);
  });

  it('goes through a link that the user named, to the folder it leads to', async () => {
    const path = temporaryFolder();
    const link = join(temporaryFolder(), 'link');
    await LayoutStore.open(path, { create: true });
    symlinkSync(path, link);
    const store = await LayoutStore.open(link);
    expect([store.name, store.path]).toEqual([`layout:${link}`, path]);
  });

  it.each([
    ['another version', '{"imageLayoutVersion":"2.0.0"}', 'has imageLayoutVersion "2.0.0" where 1.0.0 is accepted'],
    ['no version', '{}', 'has no imageLayoutVersion'],
    ['no JSON', '1.0.0', 'is not JSON'],
  ])('refuses a marker of %s', async (_, text, reason) => {
    const path = temporaryFolder();
    await LayoutStore.open(path, { create: true });
    await writeFile(join(path, 'oci-layout'), text);
    await expect(LayoutStore.open(path)).rejects.toEqual(failure('INVALID_LAYOUT', { reason }));
  });

  it('accepts a marker that says more', async () => {
    const path = temporaryFolder();
    await LayoutStore.open(path, { create: true });
    await writeFile(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0","tool":"other"}\n');
    expect(await tagsOf(await LayoutStore.open(path))).toEqual([]);
  });

  it('refuses a file, and a folder below a file', async () => {
    const path = join(temporaryFolder(), 'file');
    await writeFile(path, '');
    await expect(LayoutStore.open(path)).rejects.toEqual(failure('INVALID_LAYOUT', { reason: 'is not a folder' }));
    await expect(LayoutStore.open(join(path, 'x'))).rejects.toEqual(failure('NOT_FOUND', { kind: 'layout' }));
    const below = join(path, 'x');
    await expect(LayoutStore.open(below, { create: true })).rejects.toEqual(
      failure('FILE_NOT_WRITABLE', { path: below }),
    );
  });

  it('does nothing when it was cancelled before', async () => {
    const path = join(temporaryFolder(), 'new');
    const opened = LayoutStore.open(path, { create: true, signal: AbortSignal.abort() });
    await expect(opened).rejects.toEqual(failure('CANCELLED'));
    expect(existsSync(path)).toBe(false);
  });
});
