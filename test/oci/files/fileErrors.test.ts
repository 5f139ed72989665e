import { describe, expect, it } from 'vitest';
import { OciError } from '../../../src/oci/errors.ts';
import { reading, readingExisting, writing } from '../../../src/oci/files/fileErrors.ts';
import { failure } from '../../support/failure.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(`${code}: failed`), { code }));

describe('an error of the file system', () => {
  it.each([
    ['EACCES', 'permission denied'],
    ['EFBIG', 'it would be too large for the file system'],
    ['ENOSPC', 'no space is left on the device'],
    ['EROFS', 'the file system is read-only'],
    ['EIO', 'EIO: failed'],
  ])('%s while writing names the file and the reason', async (code, reason) => {
    await expect(writing('/a/b', failing(code))).rejects.toEqual(
      failure('FILE_NOT_WRITABLE', { path: '/a/b', reason }),
    );
  });

  it.each([reading, readingExisting])('while reading names the file and the reason', async (read) => {
    const refused = failure('FILE_NOT_READABLE', { path: '/a/b', reason: 'permission denied' });
    await expect(read('/a/b', failing('EACCES'))).rejects.toEqual(refused);
  });

  it.each(['ENOENT', 'ENOTDIR'])('%s while reading means that nothing is there', async (code) => {
    expect(await reading('/a/b', failing(code))).toBeUndefined();
  });

  it('while reading what should be there says that it is not', async () => {
    const absent = failure('FILE_NOT_FOUND', { path: '/a/b' });
    await expect(readingExisting('/a/b', failing('ENOENT'))).rejects.toEqual(absent);
  });

  it('of ours passes as it is', async () => {
    const ours = new OciError('LOCKED', 'locked', { path: 'x' });
    for (const step of [writing, reading, readingExisting]) {
      await expect(step('/a/b', () => Promise.reject(ours))).rejects.toBe(ours);
    }
  });
});
