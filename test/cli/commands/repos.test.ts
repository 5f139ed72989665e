import { expect, it } from 'vitest';
import { startRegistry } from '../../support/registry/index.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace } from '../support/workspace.ts';

it('repositories of a registry are listed in order, one a line, or those that match', async () => {
  await using workspace = await makeWorkspace();
  await using registry = await startRegistry({ quirks: { maxPageSize: 2 } });
  for (const name of ['team/b', 'team/a', 'other', 'team/deep/c']) registry.repository(name);
  const all = await workspace.run('repos', registry.host);
  expect(all).toMatchObject({ code: 0, stdout: 'other\nteam/a\nteam/b\nteam/deep/c\n', stderr: '' });
  const some = await workspace.run('repos', `oci://${registry.host}/`, '--filter', 'team/?', '--json');
  expect(JSON.parse(some.stdout)).toEqual({ registry: registry.host, repositories: ['team/a', 'team/b'] });
});

it('repositories of a registry that wants to know who asks are listed with a credential', async () => {
  const auth = { username: 'me', password: 'right-password' };
  await using workspace = await makeWorkspace();
  await using registry = await startRegistry({ auth });
  registry.repository('team/a');
  const env = { FLOE_REGISTRY_USERNAME: auth.username, FLOE_REGISTRY_PASSWORD: auth.password };
  expect((await workspace.runIn({ env }, 'repos', registry.host)).stdout).toBe('team/a\n');
  expect((await workspace.run('repos', registry.host)).code).toBe(2);
});

it('repositories of a registry without a catalog are an error, and not an empty list', async () => {
  await using workspace = await makeWorkspace();
  await using registry = await startRegistry();
  registry.fail({ path: /_catalog/, fault: { kind: 'status', status: 404 } });
  const result = await workspace.run('repos', registry.host, '--json');
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(errorOf(result).code).toBe('UNSUPPORTED');
});

it('layouts in a folder are listed as its repositories', async () => {
  await using workspace = await makeWorkspace();
  for (const name of ['team/b', 'team/a']) await workspace.run('push', '-a', 'doc.json', `layout:local/${name}:v1`);
  expect((await workspace.run('repos', 'layout:local')).stdout).toBe('team/a\nteam/b\n');
  const json = JSON.parse((await workspace.run('repos', 'layout:local', '--json')).stdout);
  expect(json).toEqual({ registry: 'layout:local', repositories: ['team/a', 'team/b'] });
  expect((await workspace.run('repos', 'layout:nowhere')).code).toBe(3);
});

it('repositories of what is no registry are wrong usage or an invalid reference', async () => {
  await using workspace = await makeWorkspace();
  expect((await workspace.run('repos')).code).toBe(64);
  expect((await workspace.run('repos', 'localhost:5000', 'more')).code).toBe(64);
  expect((await workspace.run('repos', 'not a host')).code).toBe(65);
  for (const project of ['..', 'a/../../b', './a', 'a//b'])
    expect((await workspace.run('repos', `localhost:5000/${project}`)).code).toBe(65);
  expect((await workspace.run('repos', 'localhost:5000', '--filter', '[')).code).toBe(64);
});
