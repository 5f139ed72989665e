import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../cli/support/workspace.ts';
import { readTree } from '../support/fileTree.ts';
import { startRegistry } from '../support/registry/index.ts';

/* Names that are more than names: references, helper programs, hosts of credentials, files of a layout. */

describe('a reference', () => {
  it.each([
    'oci://localhost:5000/team%2Forders:v1',
    'oci://localhost:5000/team/../../etc:v1',
    'oci://localhost:5000/team\torders:v1',
    'oci://localhost:5000/team/orders:v1\nX-Evil: 1',
    'oci://localhost:5000/team/orders:../v1',
    'oci://localhost:5000//team/orders:v1',
    'oci://localhost:5000/TEAM/orders:v1',
    'oci://localhost:5000/team/orders@sha256:../../x',
    'oci://user:password@localhost:5000/team/orders:v1',
    'oci://localhost:5000/team/orders:v1?x=1',
    'oci://localhost:5000/team/orders:v1#x',
    'oci://localhost:99999/team/orders:v1',
    'oci://[::1%25eth0]:5000/team/orders:v1',
    'oci://127.0.0.1\\@example.com/team/orders:v1',
    'oci://exаmple.com/team/orders:v1',
    'https://localhost:5000/team/orders:v1',
  ])('%j is refused before anybody is asked', async (reference) => {
    await using workspace = await makeWorkspace();
    const { code, stdout, stderr } = await workspace.run('inspect', reference, '--json');
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    expect(JSON.parse(stderr).error.code).toBe('INVALID_REFERENCE');
    expect(stderr).not.toContain('password');
  });
});

describe('a credential of somebody else', () => {
  it.each([
    (host: string) => `${host}0`,
    (host: string) => `1${host}`,
    (host: string) => host.slice(0, -1),
    (host: string) => host.replace(/:\d+/, ''),
    (host: string) => `https://example.com/${host}`,
    (host: string) => `example.com/${host}`,
  ])('is not used for a registry with a similar name', async (nameOf) => {
    await using registry = await startRegistry({ auth: { username: 'robot', password: 'p4ssw0rd' } });
    const auths = { [nameOf(registry.host)]: { auth: Buffer.from('robot:p4ssw0rd').toString('base64') } };
    await using workspace = await makeWorkspace({ 'docker/config.json': JSON.stringify({ auths }) });
    const env = { DOCKER_CONFIG: workspace.path('docker') };
    const { code } = await workspace.runIn({ env }, 'list', `${registry.host}/team/orders`);
    expect(code).toBe(2);
    expect(registry.requests().filter(({ headers }) => headers['authorization'] !== undefined)).toEqual([]);
  });
});

describe('a credential helper', () => {
  it.each(['../x', 'x; touch hacked', '$(touch hacked)', 'x\ny', '', '-x', 'x/../../y', '`touch hacked`'])(
    'called %j is not run',
    async (credsStore) => {
      await using registry = await startRegistry({ auth: { username: 'robot', password: 'p4ssw0rd' } });
      await using workspace = await makeWorkspace({ 'docker/config.json': JSON.stringify({ credsStore }) });
      const program = '#!/bin/sh\ntouch hacked\n';
      for (const name of ['docker-credential-x', 'docker-credential-', 'x', 'y']) {
        await writeFile(workspace.path(name), program);
        await chmod(workspace.path(name), 0o755);
      }
      const env = { DOCKER_CONFIG: workspace.path('docker'), PATH: workspace.folder };
      const { code } = await workspace.runIn({ env }, 'list', `${registry.host}/team/orders`);
      expect(code).not.toBe(0);
      expect(Object.keys(await readTree(workspace.folder))).not.toContain('hacked');
    },
  );
});

describe('a layout from somebody else', () => {
  it.each([
    ['a link to a file of the user', 'index.json'],
    ['a link to a file of the user', 'oci-layout'],
  ])('with %s in the place of %s shows nothing of that file', async (_, name) => {
    await using workspace = await makeWorkspace({ 'secret.txt': 'a secret of the user', shop: {} });
    await workspace.run('push', '-a', 'doc.json', 'layout:made:v1.0.0');
    await workspace.run('copy', 'layout:made:v1.0.0', 'layout:shop:v1.0.0');
    const { rm } = await import('node:fs/promises');
    await rm(workspace.path(join('shop', name)));
    await symlink(workspace.path('secret.txt'), workspace.path(join('shop', name)));
    const { code, stdout, stderr } = await workspace.run('list', 'layout:shop', '--verbose');
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).not.toContain('a secret of');
    expect((await readTree(workspace.folder))['secret.txt']).toBe('a secret of the user');
  });
});
