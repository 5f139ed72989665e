import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environmentRealm } from '../../../src/oci/credentials/environment.ts';
import { readRealm, realmFolder, removeRealm, writeRealm } from '../../../src/oci/credentials/realmFile.ts';
import { makeFolder, removeFolder } from '../../support/fileTree.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => removeFolder(folder));

describe('the token server of a registry', () => {
  it.each(['r.example', 'r.example:5000', '[::1]:5000'])(
    'is kept under a name that every system takes: %s',
    async (registry) => {
      expect(await readRealm(folder, registry)).toBeUndefined();
      await writeRealm(folder, registry, 'https://a.example');
      await writeRealm(folder, registry, 'https://b.example');
      await writeRealm(folder, 'other.example', 'https://c.example');
      expect(await readRealm(folder, registry)).toBe('https://b.example');
      expect((await readdir(folder)).join()).toMatch(/^[\w.%,-]+$/);
      await removeRealm(folder, registry);
      await removeRealm(folder, registry);
      expect(await readRealm(folder, registry)).toBeUndefined();
      expect(await readRealm(folder, 'other.example')).toBe('https://c.example');
    },
  );

  it('is no other registry’s, whatever the file is called', async () => {
    await writeRealm(folder, 'r.example', 'https://a.example');
    await writeFile(`${folder}/s.example.json`, await readFile(`${folder}/r.example.json`));
    expect(await readRealm(folder, 's.example')).toBeUndefined();
  });

  it.each(['', '{', '5', '{"registry":"r.example"}', '{"registry":"r.example","realm":"https://a.example/path"}'])(
    'is not guessed from %j',
    async (text) => {
      await writeFile(`${folder}/r.example.json`, text);
      await expect(readRealm(folder, 'r.example')).rejects.toMatchObject({ code: 'INVALID_DOCUMENT' });
    },
  );
});

it.each([
  ['linux', { XDG_STATE_HOME: '/state', HOME: '/home/me' }, '/state/floe/oci/realms'],
  ['linux', { XDG_STATE_HOME: 'state', HOME: '/home/me' }, '/home/me/.local/state/floe/oci/realms'],
  ['darwin', { HOME: '/Users/me' }, '/Users/me/Library/Application Support/floe/oci/realms'],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\me\\Local' }, 'C:\\Users\\me\\Local\\floe\\oci\\realms'],
  ['linux', { HOME: '/' }, undefined],
  ['linux', {}, undefined],
] as const)('on %s with %j they are kept in %s', (platform, environment, expected) => {
  expect(realmFolder(environment, platform)).toBe(expected);
});

describe('FLOE_REGISTRY_REALM', () => {
  const realm = { FLOE_REGISTRY_REALM: 'https://auth.example/token' };

  it('is for the one registry, or for that of FLOE_REGISTRY_HOST', () => {
    const origin = 'https://auth.example';
    expect(environmentRealm(realm, ['r.example'])).toEqual({ registry: 'r.example', origin });
    const bound = { ...realm, FLOE_REGISTRY_HOST: 's.example' };
    expect(environmentRealm(bound, ['r.example', 's.example'])).toEqual({ registry: 's.example', origin });
    expect(environmentRealm(realm, [])).toBeUndefined();
    expect(environmentRealm({ FLOE_REGISTRY_REALM: '' }, ['r.example', 's.example'])).toBeUndefined();
  });

  it.each(['auth.example', 'ftp://auth.example', 'https://me:hidden@auth.example'])('is not %s', (value) => {
    expect(() => environmentRealm({ FLOE_REGISTRY_REALM: value }, ['r.example'])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.not.stringContaining('hidden') }),
    );
  });

  it('without a host is an error where several registries are named', () => {
    expect(() => environmentRealm(realm, ['r.example', 's.example'])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
