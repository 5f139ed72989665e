import { describe, expect, it } from 'vitest';
import { OciError } from '../../../src/oci/errors.ts';
import { reading, writing } from '../../../src/oci/layout/fileErrors.ts';
import { failure } from '../../support/storeContract.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(`${code}: failed`), { code }));

describe('an error of the file system', () => {
  it.each([
    ['EACCES', 'permission denied'],
    ['ENOSPC', 'no space is left on the device'],
    ['EROFS', 'the file system is read-only'],
    ['EIO', 'EIO: failed'],
  ])('%s while writing names the file and the reason', async (code, reason) => {
    await expect(writing('/a/b', failing(code))).rejects.toEqual(
      failure('FILE_NOT_WRITABLE', { path: '/a/b', reason }),
    );
  });

  it('while reading names the file and the reason', async () => {
    const refused = failure('FILE_NOT_READABLE', { path: '/a/b', reason: 'permission denied' });
    await expect(reading('/a/b', failing('EACCES'))).rejects.toEqual(refused);
  });

  it.each(['ENOENT', 'ENOTDIR'])('%s while reading means that nothing is there', async (code) => {
    expect(await reading('/a/b', failing(code))).toBeUndefined();
  });

  it('of ours passes as it is', async () => {
    const ours = new OciError('LOCKED', 'locked', { path: 'x' });
    await expect(writing('/a/b', () => Promise.reject(ours))).rejects.toBe(ours);
    await expect(reading('/a/b', () => Promise.reject(ours))).rejects.toBe(ours);
  });
});
