import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { defaultCacheFolder } from '../../../src/oci/cache/defaultCacheFolder.ts';

const nowhere = async (): Promise<boolean> => false;

describe('the folder of the cache when nothing says otherwise', () => {
  it.each([
    ['linux', { HOME: '/home/ann' }, '/home/ann/.cache/floe/oci'],
    ['linux', { HOME: '/home/ann', XDG_CACHE_HOME: '/scratch' }, '/scratch/floe/oci'],
    ['linux', { HOME: '/home/ann', XDG_CACHE_HOME: 'relative' }, '/home/ann/.cache/floe/oci'],
    ['linux', { HOME: '/home/ann', XDG_CACHE_HOME: '' }, '/home/ann/.cache/floe/oci'],
    ['darwin', { HOME: '/Users/ann' }, '/Users/ann/Library/Caches/floe/oci'],
    ['win32', { LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' }, 'C:\\Users\\ann\\AppData\\Local\\floe\\oci\\Cache'],
    ['linux', {}, undefined],
    ['linux', { HOME: '/' }, undefined],
    ['linux', { HOME: '' }, undefined],
    ['win32', {}, undefined],
  ] as const)('on %s with %j is %s', async (platform, env, folder) => {
    expect(await defaultCacheFolder({ platform, env, isWritable: nowhere })).toBe(folder);
  });

  it('is the volume of a pod where there is one that we may write to', async () => {
    const asked: string[] = [];
    const isWritable = async (path: string): Promise<boolean> => asked.push(path) > 0;
    const env = { HOME: '/root', XDG_CACHE_HOME: '/scratch' };
    expect(await defaultCacheFolder({ platform: 'linux', env, isWritable })).toBe('/var/cache/floe/oci');
    expect(asked).toEqual(['/var/cache/floe/oci']);
  });
});

it('asks the file system whether an operator has mounted a folder', async () => {
  const isMounted = await access('/var/cache/floe/oci', constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  const found = await defaultCacheFolder({ env: { HOME: '/home/me' }, platform: 'linux' });
  expect(found).toBe(isMounted ? '/var/cache/floe/oci' : '/home/me/.cache/floe/oci');
});
