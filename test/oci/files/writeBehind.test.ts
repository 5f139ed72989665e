import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WriteBehind } from '../../../src/oci/files/writeBehind.ts';
import { lend, pieceOfMemory } from '../../../src/oci/lending.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

const MIB = 1024 * 1024;

describe('writing behind', () => {
  it.each([1, 100, 64 * 1024, 3 * MIB])('puts chunks of %i bytes into the file in their order', async (size) => {
    const path = join(temporaryFolder(), 'file');
    await using file = await open(path, 'wx');
    const chunks = Array.from({ length: 20 }, (_, at) => Buffer.alloc(size, at));
    const behind = new WriteBehind(file, { durable: true });
    for (const chunk of chunks) await behind.append(chunk);
    await behind.finish();
    expect((await readFile(path)).equals(Buffer.concat(chunks))).toBe(true);
  });

  it('tells of what can be read, though little came and no more comes yet', async () => {
    const path = join(temporaryFolder(), 'file');
    await using file = await open(path, 'wx');
    const { promise: told, resolve: written } = Promise.withResolvers<number>();
    const behind = new WriteBehind(file, { durable: false, written });
    await behind.append(Buffer.from('some'));
    expect(await told).toBe(4);
    expect(await readFile(path, 'utf8')).toBe('some');
    await behind.settle();
  });

  it('adds up to all that came', async () => {
    await using file = await open(join(temporaryFolder(), 'file'), 'wx');
    let sum = 0;
    const behind = new WriteBehind(file, { durable: false, written: (bytes) => (sum += bytes) });
    for (let at = 0; at < 50; at++) await behind.append(new Uint8Array(100_000));
    await behind.append(new Uint8Array());
    await behind.finish();
    expect(sum).toBe(5_000_000);
  });

  it('leaves the memory of what it has written to what comes next', async () => {
    await using file = await open(join(temporaryFolder(), 'file'), 'wx');
    const behind = new WriteBehind(file, { durable: false });
    const chunk = lend(pieceOfMemory());
    await behind.append(chunk);
    await behind.finish();
    expect(pieceOfMemory().buffer).toBe(chunk.buffer);
  });

  it('takes two or three MiB at most while the disk is busy', async () => {
    await using real = await open(join(temporaryFolder(), 'file'), 'wx');
    const { promise: free, resolve: go } = Promise.withResolvers<void>();
    const writev: FileHandle['writev'] = async (chunks) => {
      await free;
      return real.writev(chunks);
    };
    const behind = new WriteBehind(Object.assign(Object.create(real), { writev }), { durable: false });
    let taken = 0;
    const appending = (async () => {
      for (; taken < 100; taken++) await behind.append(new Uint8Array(MIB / 4));
    })();
    await setTimeout(20);
    expect(taken).toBeLessThanOrEqual(12);
    go();
    await appending;
    await behind.finish();
    expect((await real.stat()).size).toBe(25 * MIB);
  });

  it('writes the rest of what the system took in part', async () => {
    const path = join(temporaryFolder(), 'file');
    await using real = await open(path, 'wx');
    const writev = async (chunks: readonly Uint8Array[]) => real.write(Buffer.concat(chunks).subarray(0, 7));
    const behind = new WriteBehind(Object.assign(Object.create(real), { writev }), { durable: false });
    for (const text of ['one, ', 'two, ', 'three, ', 'four, ', 'five']) await behind.append(Buffer.from(text));
    await behind.settle();
    expect(await readFile(path, 'utf8')).toBe('one, two, three, four, five');
  });

  it('fails later, and in the end, with what the system said of a write', async () => {
    const path = join(temporaryFolder(), 'file');
    await using made = await open(path, 'wx');
    await using file = await open(path, 'r');
    const behind = new WriteBehind(file, { durable: false });
    const rejected = { code: 'EBADF' };
    const appending = async (): Promise<void> => {
      for (let at = 0; at < 4; at++) await behind.append(new Uint8Array(MIB));
    };
    await expect(appending()).rejects.toMatchObject(rejected);
    await expect(behind.finish()).rejects.toMatchObject(rejected);
    expect((await made.stat()).size).toBe(0);
  });

  it('has written all that it took once it is settled, whatever happened to the source', async () => {
    const path = join(temporaryFolder(), 'file');
    await using file = await open(path, 'wx');
    const behind = new WriteBehind(file, { durable: true });
    await behind.append(new Uint8Array(1000));
    await behind.settle();
    expect((await readFile(path)).length).toBe(1000);
  });
});
