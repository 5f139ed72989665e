import { chmod, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TransferEvent } from '../../../src/oci/transfer/events.ts';
import { writeFileFrom } from '../../../src/oci/transfer/writeFileFrom.ts';
import { blob, put } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { makeFolder, readTree, removeFolder, writeTree } from '../../support/fileTree.ts';
import { leftBehind } from '../../support/leftBehind.ts';
import { ObservedStore } from '../../support/stores.ts';

const content = blob('{ "exact":  "bytes" }\r\n');
const text = Buffer.from(content.bytes).toString();

describe('writing one file', () => {
  let folder: string;
  let store: ObservedStore;
  beforeEach(async () => {
    folder = await makeFolder();
    store = new ObservedStore();
    await put(store, content);
  });
  afterEach(() => removeFolder(folder));
  const to = (name: string) => join(folder, name);

  it('writes the exact bytes, and tells of it', async () => {
    const events: TransferEvent[] = [];
    await writeFileFrom(store, content.descriptor, to('a'), { onEvent: (event) => events.push(event) });
    expect(await readTree(folder)).toEqual({ a: text });
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'progress', 'finished']);
  });

  it('replaces what was there, and keeps its permissions', async () => {
    await writeTree(folder, { a: 'old' });
    await chmod(to('a'), 0o600);
    await writeFileFrom(store, content.descriptor, to('a'));
    expect(await readTree(folder)).toEqual({ a: text });
    expect((await stat(to('a'))).mode & 0o777).toBe(0o600);
  });

  it('takes away what a killed process left there, and nothing of those that live', async () => {
    const [dead, alive] = [leftBehind(), leftBehind(process.pid)];
    await writeTree(folder, { [dead]: 'half', [alive]: 'half' });
    await writeFileFrom(store, content.descriptor, to('a'));
    expect(await readTree(folder)).toEqual({ a: text, [alive]: 'half' });
  });

  it('follows a link and keeps it', async () => {
    await writeTree(folder, { sub: { real: 'old' } });
    await symlink('sub/real', to('link'));
    await writeFileFrom(store, content.descriptor, to('link'));
    expect(await readTree(folder)).toEqual({ link: '-> sub/real', sub: null, 'sub/real': text });
  });

  it.each([
    ['missing from the store', blob('other').descriptor, failure('NOT_FOUND', { kind: 'blob' })],
    ['of another size', { ...content.descriptor, size: content.descriptor.size + 1 }, failure('SIZE_MISMATCH')],
  ])('leaves what was there when the content is %s', async (_, descriptor, expected) => {
    await writeTree(folder, { a: 'old' });
    await expect(writeFileFrom(store, descriptor, to('a'))).rejects.toEqual(expected);
    expect(await readTree(folder)).toEqual({ a: 'old' });
  });

  it('leaves what was there when it is cancelled, early or late', async () => {
    await writeTree(folder, { a: 'old' });
    const early = writeFileFrom(store, content.descriptor, to('a'), { signal: AbortSignal.abort() });
    await expect(early).rejects.toEqual(failure('CANCELLED'));
    const controller = new AbortController();
    const late = writeFileFrom(store, content.descriptor, to('a'), {
      signal: controller.signal,
      onEvent: ({ kind }) => kind === 'progress' && controller.abort(),
    });
    await expect(late).rejects.toEqual(failure('CANCELLED'));
    expect(await readTree(folder)).toEqual({ a: 'old' });
  });

  it.each([
    ['a folder', 'sub', 'it is a folder'],
    ['a device', '/dev/null', 'it is not a regular file'],
    ['a link to nothing', 'nowhere', 'it is a link to nothing'],
    ['in a folder that does not exist', 'none/a', 'its folder does not exist'],
    ['below a file', 'file/a', 'a file is where a folder is needed'],
    ['without end', 'x'.repeat(300), 'its name is too long'],
  ])('is refused for %s', async (_, name, reason) => {
    await writeTree(folder, { sub: {}, file: '' });
    await symlink('none', to('nowhere'));
    const before = await readTree(folder);
    const path = name.startsWith('/') ? name : to(name);
    const written = writeFileFrom(store, content.descriptor, path);
    await expect(written).rejects.toEqual(failure('FILE_NOT_WRITABLE', { path, reason }));
    expect(await readTree(folder)).toEqual(before);
  });
});
