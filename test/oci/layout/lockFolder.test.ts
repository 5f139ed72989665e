import { existsSync } from 'node:fs';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../../src/oci/layout/lockFolder.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

const STALE = 10_000;

/** One process's view of a lock, with the steps that proper-lockfile takes. */
function contender(path: string) {
  const folder = lockFolder(path, STALE);
  const make = promisify(folder.fs.mkdir);
  const remove = promisify(folder.fs.rmdir);
  return { isOurs: folder.isOurs, make: () => make(path), remove: () => remove(path) };
}

describe('a stale lock that two processes have found', () => {
  it('goes to the faster one, whose fresh lock the slower one does not remove', async () => {
    const path = join(temporaryFolder(), 'lock');
    await mkdir(path);
    await utimes(path, 1, 1);
    const [fast, slow] = [contender(path), contender(path)];
    await fast.remove();
    await fast.make();
    await slow.remove();
    expect(await fast.isOurs()).toBe(true);
    await expect(slow.make()).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await slow.isOurs()).toBe(false);
  });

  it('is left to the one that is removing it', async () => {
    const path = join(temporaryFolder(), 'lock');
    await mkdir(path);
    await utimes(path, 1, 1);
    await mkdir(`${path}.claim`);
    await expect(contender(path).remove()).rejects.toMatchObject({ code: 'ELOCKED' });
    expect(existsSync(path)).toBe(true);
  });
});

describe('releasing', () => {
  it('removes our lock', async () => {
    const path = join(temporaryFolder(), 'lock');
    const ours = contender(path);
    await ours.make();
    await ours.remove();
    expect(existsSync(path)).toBe(false);
  });

  it('leaves the lock that another made in the place of ours', async () => {
    const path = join(temporaryFolder(), 'lock');
    const [ours, other] = [contender(path), contender(path)];
    await ours.make();
    await utimes(path, 1, 1);
    await other.remove();
    await other.make();
    expect([await ours.isOurs(), await other.isOurs()]).toEqual([false, true]);
    await ours.remove();
    expect(existsSync(path)).toBe(true);
  });
});
