import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fileCredentials } from '../../../src/oci/credentials/fileCredentials.ts';
import { eraseCredential, saveCredential } from '../../../src/oci/credentials/saveCredential.ts';
import { makeHelpers } from '../../support/credentialHelper.ts';
import { failure } from '../../support/failure.ts';
import { type FileTree, Link, makeFolder, readTree, removeFolder } from '../../support/fileTree.ts';

const ALICE = { username: 'alice', password: 'secret' };
const AUTH = Buffer.from('alice:secret').toString('base64');
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await removeFolder(folder);
});

async function config(tree: FileTree = {}) {
  const folder = await makeFolder(tree);
  folders.push(folder);
  const file = join(folder, 'config.json');
  return { folder, file, options: { file, environment: {} }, read: () => readFile(file, 'utf8') };
}

describe('a credential that is saved', () => {
  it('goes to a new file for its owner alone, where it is found again', async () => {
    const { folder } = await config();
    const file = join(folder, 'new/.docker/config.json');
    const options = { file, environment: {} };
    expect(await saveCredential(ALICE, 'r.example:5000', options)).toEqual({ place: file, isEncrypted: false });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'new/.docker'))).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).toBe(
      `{\n\t"auths": {\n\t\t"r.example:5000": {\n\t\t\t"auth": "${AUTH}"\n\t\t}\n\t}\n}\n`,
    );
    expect(await fileCredentials(file, options).credentialFor('r.example:5000')).toMatchObject(ALICE);
    expect(await readTree(join(folder, 'new/.docker'))).toHaveProperty(['config.json']);
    expect(Object.keys(await readTree(folder))).toHaveLength(3);
  });

  it('leaves everything else in the file as it was, and takes the place of what was there for the registry', async () => {
    const before =
      '{\n  "HttpHeaders": { "X": "y" },\n  "auths": {\n    "a.example": {"auth": "YTpi"},\n    "r.example": {"identitytoken": "old", "email": "x"}\n  },\n  "z": 1.50\n}';
    const { file, options, read } = await config({ 'config.json': before });
    await chmod(file, 0o644);
    await saveCredential(ALICE, 'r.example', options);
    const after = JSON.parse(await read());
    expect(after).toEqual({
      HttpHeaders: { X: 'y' },
      auths: { 'a.example': { auth: 'YTpi' }, 'r.example': { auth: AUTH } },
      z: 1.5,
    });
    expect(Object.keys(after)).toEqual(['HttpHeaders', 'auths', 'z']);
    expect(await read()).toMatch(/^\{\n {2}"HttpHeaders".*\}$/s);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("is under Docker's own name for Docker Hub", async () => {
    const { options, read } = await config();
    await saveCredential(ALICE, 'docker.io', options);
    expect(Object.keys(JSON.parse(await read()).auths)).toEqual(['https://index.docker.io/v1/']);
  });

  it('follows a link to the file that is meant', async () => {
    const { folder, options } = await config({ 'real.json': '{}', 'config.json': new Link('real.json') });
    await saveCredential(ALICE, 'r.example', options);
    const tree = await readTree(folder);
    expect(tree['config.json']).toBe('-> real.json');
    expect(tree['real.json']).toContain(AUTH);
  });

  it('is refused by a file that is no configuration, which stays as it is', async () => {
    for (const content of ['[]', '{ "auths": hunter2', '{"auths": 1}']) {
      const { options, read } = await config({ 'config.json': content });
      const error = await saveCredential(ALICE, 'r.example', options).catch((reason: unknown) => reason);
      expect(error).toEqual(failure('INVALID_DOCUMENT'));
      expect(JSON.stringify(error)).not.toContain('hunter2');
      expect(await read()).toBe(content);
    }
  });

  it('cannot go where a folder cannot be', async () => {
    const { folder } = await config({ file: '' });
    const options = { file: join(folder, 'file/config.json'), environment: {} };
    await expect(saveCredential(ALICE, 'r.example', options)).rejects.toEqual(failure('FILE_NOT_WRITABLE'));
  });

  it('goes to the store that the file names, and only its name into the file', async () => {
    await using helpers = await makeHelpers();
    await helpers.addStore('store');
    const auths = { 'r.example': { auth: 'b2xkOm9sZA==' } };
    const { file, read } = await config({ 'config.json': JSON.stringify({ credsStore: 'store', auths }) });
    const options = { file, environment: { PATH: helpers.path } };
    expect(await saveCredential(ALICE, 'r.example', options)).toEqual({
      place: 'docker-credential-store',
      isEncrypted: true,
    });
    expect(JSON.parse(await read())).toEqual({ credsStore: 'store', auths: { 'r.example': {} } });
    expect(await fileCredentials(file, options).credentialFor('r.example')).toMatchObject(ALICE);
    expect(await eraseCredential('r.example', options)).toBe(true);
    expect(await eraseCredential('r.example', options)).toBe(false);
    expect(JSON.parse(await read())).toEqual({ credsStore: 'store', auths: {} });
    expect(await fileCredentials(file, options).credentialFor('r.example')).toBeUndefined();
  });

  it('stays out of the file when the store fails', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('locked', "echo 'locked'; exit 1");
    const { file, read } = await config({ 'config.json': '{"credHelpers":{"r.example":"locked"}}' });
    const saved = saveCredential(ALICE, 'r.example', { file, environment: { PATH: helpers.path } });
    await expect(saved).rejects.toEqual(failure('MISSING_CREDENTIAL', { reference: 'docker-credential-locked' }));
    expect(await read()).toBe('{"credHelpers":{"r.example":"locked"}}');
  });
});

describe('a credential that is erased', () => {
  it('is gone under every spelling of its registry, and no other one is', async () => {
    const auths = {
      'r.example': {},
      'https://r.example/v1/': {},
      'r.example:5000': { auth: AUTH },
      'r.example/team': { auth: AUTH },
    };
    const { options, read } = await config({ 'config.json': JSON.stringify({ auths }) });
    expect(await eraseCredential('r.example', options)).toBe(true);
    expect(Object.keys(JSON.parse(await read()).auths)).toEqual(['r.example:5000', 'r.example/team']);
  });

  it('was not there: nothing is written', async () => {
    const { folder, file, options } = await config();
    expect(await eraseCredential('r.example', options)).toBe(false);
    expect(await readTree(folder)).toEqual({});
    await writeFile(file, '{"auths":{}}');
    expect(await eraseCredential('r.example', options)).toBe(false);
    expect(await readFile(file, 'utf8')).toBe('{"auths":{}}');
  });
});
