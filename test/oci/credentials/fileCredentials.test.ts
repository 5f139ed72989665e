import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  dockerConfigFile,
  podmanAuthFiles,
  signedInCredentials,
} from '../../../src/oci/credentials/credentialFiles.ts';
import type { CredentialSource } from '../../../src/oci/credentials/credentials.ts';
import { fileCredentials } from '../../../src/oci/credentials/fileCredentials.ts';
import { failure } from '../../support/failure.ts';
import { makeFolder, removeFolder } from '../../support/fileTree.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await removeFolder(folder);
});

async function fileOf(content: unknown): Promise<{ readonly path: string; readonly source: CredentialSource }> {
  const folder = await makeFolder({ 'config.json': typeof content === 'string' ? content : JSON.stringify(content) });
  folders.push(folder);
  const path = join(folder, 'config.json');
  return { path, source: fileCredentials(path, { environment: {} }) };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('an entry of auths', () => {
  it.each<[string, object, object]>([
    ['auth', { auth: base64('alice:secret') }, { kind: 'basic', username: 'alice', password: 'secret' }],
    ['auth with a colon', { auth: base64('alice:a:b') }, { username: 'alice', password: 'a:b' }],
    ['auth without padding', { auth: base64('alice:12').replace(/=+$/, '') }, { username: 'alice', password: '12' }],
    [
      'auth for addresses',
      { auth: base64('a:>>>???').replaceAll('+', '-').replaceAll('/', '_') },
      { password: '>>>???' },
    ],
    ['auth padded with NUL', { auth: base64('alice:secret\0\0') }, { password: 'secret' }],
    [
      'auth, which goes before its parts',
      { auth: base64('alice:secret'), username: 'bob', password: 'x' },
      { username: 'alice' },
    ],
    ['username and password', { username: 'bob', password: 'x' }, { kind: 'basic', username: 'bob', password: 'x' }],
    ['username with an empty password', { username: 'bob', password: '' }, { username: 'bob', password: '' }],
    [
      'identitytoken',
      { auth: base64('bob:'), identitytoken: 't' },
      { kind: 'identityToken', username: 'bob', token: 't' },
    ],
    ['registrytoken', { identitytoken: 'x', registrytoken: 't' }, { kind: 'registryToken', token: 't' }],
  ])('with %s is a credential', async (_, entry, credential) => {
    const { source, path } = await fileOf({ auths: { 'r.example': entry } });
    expect(await source.credentialFor('r.example')).toMatchObject({ ...credential, source: path });
    expect(await source.credentialFor('other.example')).toBeUndefined();
  });

  it('that is empty is none', async () => {
    for (const entry of [{}, null, { auth: '' }, { email: 'a@b.example' }]) {
      const { source } = await fileOf({ auths: { 'r.example': entry } });
      expect(await source.credentialFor('r.example')).toBeUndefined();
    }
  });

  it('is chosen by the longest path of the repository', async () => {
    const { source } = await fileOf({
      auths: { 'r.example': { auth: base64('all:1') }, 'r.example/team': { auth: base64('team:2') } },
    });
    expect(await source.credentialFor('r.example', { repository: 'team/app' })).toMatchObject({ username: 'team' });
    expect(await source.credentialFor('r.example', { repository: 'teams/app' })).toMatchObject({ username: 'all' });
    expect(await source.credentialFor('r.example')).toMatchObject({ username: 'all' });
  });

  it.each<[string, unknown, string]>([
    ['auth that is no base64', { auth: 'hunter2 hunter2' }, 'auths.r.example.auth'],
    ['auth without a user', { auth: base64('hunter2') }, 'auths.r.example.auth'],
    ['auth that is a number', { auth: 42 }, 'auths.r.example.auth'],
    ['a password alone', { password: 'hunter2' }, 'auths.r.example.username'],
    ['text for an entry', 'hunter2', 'auths.r.example'],
  ])('with %s is an error that names the part, not the value', async (_, entry, path) => {
    const { source, path: file } = await fileOf({
      auths: { 'r.example': entry, 'ok.example': { auth: base64('a:b') } },
    });
    const asked = source.credentialFor('r.example');
    await expect(asked).rejects.toEqual(
      failure('INVALID_DOCUMENT', { file, problems: [expect.objectContaining({ path })] }),
    );
    expect(JSON.stringify(await asked.catch((error: unknown) => error))).not.toContain('hunter2');
    expect(await source.credentialFor('ok.example')).toMatchObject({ username: 'a' });
  });
});

describe('a file of credentials', () => {
  it('that is not there, or empty, knows nothing', async () => {
    expect(
      await fileCredentials('/nowhere/config.json', { environment: {} }).credentialFor('r.example'),
    ).toBeUndefined();
    for (const content of ['', '{}', '{"auths":null}']) {
      const { source } = await fileOf(content);
      expect(await source.credentialFor('r.example')).toBeUndefined();
    }
  });

  it('that is not JSON is an error with its line, and without its content', async () => {
    const { source, path: file } = await fileOf('{\n"auths": {\n"r.example": { "auth": "hunter2" ');
    const asked = source.credentialFor('r.example');
    await expect(asked).rejects.toEqual(failure('INVALID_DOCUMENT', { file }));
    const error = (await asked.catch((reason: unknown) => reason)) as Error;
    expect(`${error.message}${error.cause}${JSON.stringify(error)}`).not.toContain('hunter2');
    expect(JSON.stringify(error)).toContain('"line":3');
  });

  it.each([
    ['[]', ''],
    ['{"auths":[]}', 'auths'],
    ['{"auths":{},"credsStore":42}', 'credsStore'],
    ['{"credHelpers":"x"}', 'credHelpers'],
  ])('%s is an error that names the part', async (content, path) => {
    const { source } = await fileOf(content);
    await expect(source.credentialFor('r.example')).rejects.toEqual(
      failure('INVALID_DOCUMENT', { problems: [expect.objectContaining({ path })] }),
    );
  });

  it('that is a folder, or beyond all measure, is an error', async () => {
    const { path } = await fileOf('');
    await mkdir(join(path, '..', 'folder'));
    const folder = fileCredentials(join(path, '..', 'folder'), { environment: {} });
    await expect(folder.credentialFor('r.example')).rejects.toEqual(failure('FILE_NOT_READABLE'));
    await writeFile(path, ' '.repeat(1024 * 1024 + 1));
    const huge = fileCredentials(path, { environment: {} });
    await expect(huge.credentialFor('r.example')).rejects.toEqual(failure('LIMIT_EXCEEDED'));
  });
});

describe('the variable DOCKER_AUTH_CONFIG', () => {
  it('that cannot be read is named without its value', async () => {
    const source = signedInCredentials({ environment: { DOCKER_AUTH_CONFIG: '{"auths": hunter2' } });
    const error = await source.credentialFor('r.example').catch((reason: unknown) => reason);
    expect(error).toEqual(failure('INVALID_DOCUMENT', { file: 'DOCKER_AUTH_CONFIG' }));
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('runs no helper', async () => {
    const environment = { DOCKER_AUTH_CONFIG: '{"credsStore":"absent","auths":{"r.example":{}}}' };
    expect(await signedInCredentials({ environment }).credentialFor('r.example')).toBeUndefined();
  });
});

describe('the files of other clients', () => {
  it('are where these clients look for them', () => {
    expect(dockerConfigFile({ HOME: '/home/me' })).toBe('/home/me/.docker/config.json');
    expect(dockerConfigFile({ HOME: '/home/me', DOCKER_CONFIG: '/etc/docker' })).toBe('/etc/docker/config.json');
    expect(dockerConfigFile({})).toBeUndefined();
    expect(podmanAuthFiles({ HOME: '/home/me', XDG_RUNTIME_DIR: '/run/user/1' })).toEqual([
      '/run/user/1/containers/auth.json',
      '/home/me/.config/containers/auth.json',
    ]);
    expect(podmanAuthFiles({ HOME: '/home/me', REGISTRY_AUTH_FILE: '/x.json' })).toEqual(['/x.json']);
    expect(podmanAuthFiles({})).toEqual([]);
  });

  it("are asked in order: Docker's, then Podman's", async () => {
    const auths = (user: string, ...hosts: string[]): string =>
      JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { auth: base64(`${user}:x`) }])) });
    const folder = await makeFolder({
      '.docker/config.json': auths('docker', '1.example', 'a.example'),
      'run/containers/auth.json': auths('runtime', 'a.example', 'b.example'),
      '.config/containers/auth.json': auths('home', 'a.example', 'b.example', 'c.example'),
    });
    folders.push(folder);
    const environment = {
      HOME: folder,
      XDG_RUNTIME_DIR: join(folder, 'run'),
      DOCKER_AUTH_CONFIG: auths('variable', '0.example', '1.example'),
    };
    const source = signedInCredentials({ environment });
    const users = ['0', '1', 'a', 'b', 'c', 'd'].map(
      async (name) => (await source.credentialFor(`${name}.example`))?.username,
    );
    expect(await Promise.all(users)).toEqual(['variable', 'variable', 'docker', 'runtime', 'home', undefined]);
  });
});
