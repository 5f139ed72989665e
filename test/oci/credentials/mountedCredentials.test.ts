import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mountedCredentials } from '../../../src/oci/credentials/mountedCredentials.ts';
import { makeFolder, removeFolder } from '../../support/fileTree.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => removeFolder(folder));

const source = () => mountedCredentials({ environment: { FLOE_OCI_SECRETS_DIR: folder } });

async function mount(secret: string, file: string, content: string): Promise<void> {
  await mkdir(join(folder, secret), { recursive: true });
  await writeFile(join(folder, secret, file), content);
}

function pullSecret(registry: string, username: string): string {
  return JSON.stringify({ auths: { [registry]: { username, password: 'x' } } });
}

it('finds the pull secret that is for a registry, by the names of the secrets', async () => {
  await mount('b-team', '.dockerconfigjson', pullSecret('r.example', 'second'));
  await mount('a-team', '.dockerconfigjson', pullSecret('r.example', 'first'));
  await mount('other', '.dockerconfigjson', pullSecret('s.example', 'other'));
  expect(await source().credentialFor('r.example')).toMatchObject({
    username: 'first',
    source: join(folder, 'a-team', '.dockerconfigjson'),
  });
  expect(await source().credentialFor('s.example')).toMatchObject({ username: 'other' });
  expect(await source().credentialFor('t.example')).toBeUndefined();
});

it('has none where nothing is mounted, or secrets of other kinds', async () => {
  await mount('robot', 'password', 'horse');
  expect(await source().credentialFor('r.example')).toBeUndefined();
  const absent = mountedCredentials({ environment: { FLOE_OCI_SECRETS_DIR: join(folder, 'absent') } });
  expect(await absent.credentialFor('r.example')).toBeUndefined();
});

it('names a secret that cannot be understood, and no value in it', async () => {
  await mount('team', '.dockerconfigjson', '{"auths": hunter2');
  const error = await source()
    .credentialFor('r.example')
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'INVALID_DOCUMENT' });
  expect(String(error)).not.toContain('hunter2');
});
