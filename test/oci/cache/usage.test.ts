import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Usage } from '../../../src/oci/cache/usage.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

async function folderWith(...sizes: readonly number[]) {
  const root = temporaryFolder();
  const blobs = join(root, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  await Promise.all(sizes.map((size, at) => writeFile(join(blobs, `${at}`), 'x'.repeat(size))));
  return { root, blobs };
}

describe('how much a cache holds', () => {
  it('is nothing where there is none', async () => {
    expect(await new Usage(join(temporaryFolder(), 'none')).bytes()).toBe(0);
  });

  it('is the size of all files of content and records', async () => {
    const { root } = await folderWith(1, 10, 100);
    await mkdir(join(root, 'references'));
    await mkdir(join(root, 'blobs', 'sha512'));
    await writeFile(join(root, 'references', 'r'), 'x'.repeat(1000));
    await writeFile(join(root, 'blobs', 'sha512', 's'), 'x'.repeat(10_000));
    await writeFile(join(root, 'index.json'), 'x'.repeat(7));
    expect(await new Usage(root).bytes()).toBe(11_111);
  });

  it('counts at once what we have written, and looks again at a file that we wrote anew', async () => {
    const { root, blobs } = await folderWith(1, 10);
    const usage = new Usage(root);
    expect(await usage.bytes()).toBe(11);
    await writeFile(join(blobs, '1'), 'x'.repeat(50));
    usage.add(50, join(blobs, '1'));
    expect(await usage.bytes()).toBe(61);
    expect(await usage.measure()).toBe(51);
    expect(await usage.bytes()).toBe(51);
  });

  it('does not look at a file twice, until most that it has looked at have gone', async () => {
    const { root, blobs } = await folderWith(1, 10, 100);
    const usage = new Usage(root);
    await usage.measure();
    await writeFile(join(blobs, '2'), 'x'.repeat(500));
    await rm(join(blobs, '0'));
    expect(await usage.measure()).toBe(110);
    await rm(join(blobs, '1'));
    expect(await usage.measure()).toBe(100);
    expect(await usage.measure()).toBe(500);
  });
});
