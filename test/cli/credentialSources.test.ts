import { describe, expect, it } from 'vitest';
import { CREDENTIAL_SOURCES, sourceOrder } from '../../src/cli/credentialSources.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const auth = { username: 'me', password: 'right-password' };
const configFor = ({ host }: TestRegistry): string =>
  JSON.stringify({ auths: { [host]: { auth: Buffer.from('me:right-password').toString('base64') } } });

/** A registry, and a credential for it in every place where there can be one on any machine. */
async function everywhere(registry: TestRegistry): Promise<{ workspace: Workspace; env: Record<string, string> }> {
  const workspace = await makeWorkspace({
    'manifest.yaml': `apiVersion: floe.dev/v1\nartifacts:\n  registry:\n    uri: oci://${registry.host}/r\n    auth: { type: basic, credentials_ref: { source: env, name: robot } }\n`,
    'docker/config.json': configFor(registry),
    'podman.json': configFor(registry),
    'secrets/pull/.dockerconfigjson': configFor(registry),
  });
  const env = {
    FLOE_REGISTRY_USERNAME: 'me',
    FLOE_REGISTRY_PASSWORD: 'right-password',
    FLOE_SECRET_ROBOT: 'me:right-password',
    DOCKER_CONFIG: workspace.path('docker'),
    REGISTRY_AUTH_FILE: workspace.path('podman.json'),
    FLOE_OCI_SECRETS_DIR: workspace.path('secrets'),
  };
  return { workspace, env };
}

describe('the sources of credentials', () => {
  it('are asked in the order of the option, else of the variable, and what is left out is not asked', async () => {
    await using registry = await startRegistry({ auth });
    const { workspace, env } = await everywhere(registry);
    await using _ = workspace;
    const sources = {
      environment: 'FLOE_REGISTRY_USERNAME',
      manifest: 'env/robot',
      docker: workspace.path('docker/config.json'),
      podman: workspace.path('podman.json'),
      kubernetes: workspace.path('secrets/pull/.dockerconfigjson'),
    };
    const cases: readonly (readonly [string | undefined, string | undefined, keyof typeof sources])[] = [
      [undefined, undefined, 'environment'],
      ['manifest,environment', undefined, 'manifest'],
      [undefined, 'docker, podman', 'docker'],
      ['podman,docker', 'environment', 'podman'],
      ['kubernetes', 'docker', 'kubernetes'],
      ['cloud,kubernetes,podman', undefined, 'kubernetes'],
    ];
    for (const [option, variable, expected] of cases) {
      const result = await workspace.runIn(
        { env: { ...env, ...(variable !== undefined && { FLOE_OCI_CREDENTIAL_SOURCES: variable }) } },
        ...['list', '--config', 'manifest.yaml', '--verbose'],
        ...(option === undefined ? [] : ['--credential-sources', option]),
      );
      expect([option, result.code]).toEqual([option, 3]);
      expect(result.stderr).toContain(`debug: credential registry=${registry.host} source=${sources[expected]} `);
    }
  });

  it('are none with "anonymous", and those that know nothing leave the request anonymous', async () => {
    await using registry = await startRegistry({ auth });
    const { workspace, env } = await everywhere(registry);
    await using _ = workspace;
    for (const names of ['anonymous', 'cloud']) {
      const argv = ['list', `oci://${registry.host}/r`, '--credential-sources', names];
      expect((await workspace.runIn({ env }, ...argv)).code).toBe(2);
    }
    expect(registry.requests().every(({ headers }) => headers['authorization'] === undefined)).toBe(true);
  });

  it('send nothing to a host that only a found manifest.yaml names, though that file is left out of them', async () => {
    await using registry = await startRegistry({ auth });
    const { workspace, env } = await everywhere(registry);
    await using _ = workspace;
    for (const names of ['docker', 'kubernetes,podman']) {
      const refused = await workspace.runIn({ env }, 'list', '--json', '--credential-sources', names);
      expect([refused.code, errorOf(refused).code]).toEqual([2, 'MISSING_CREDENTIAL']);
    }
    expect(registry.requests().some(({ headers }) => headers['authorization'] !== undefined)).toBe(false);
    const world = { env, confirm: async () => true };
    expect((await workspace.runIn(world, 'list', '--credential-sources', 'docker')).code).toBe(3);
  });

  it('that are misspelt are wrong usage, with what is accepted', async () => {
    await using workspace = await makeWorkspace();
    for (const names of ['dockr', 'docker,docker', '', 'docker,', 'anonymous,docker']) {
      const result = await workspace.run('list', 'oci://r.invalid/r', '--json', '--credential-sources', names);
      expect([names, result.code]).toEqual([names, 64]);
      expect(errorOf(result).hint).toContain(CREDENTIAL_SOURCES.join(', '));
    }
    const env = { FLOE_OCI_CREDENTIAL_SOURCES: 'nowhere' };
    const byVariable = await workspace.runIn({ env }, 'list', 'oci://r.invalid/r', '--json');
    expect([byVariable.code, errorOf(byVariable).message]).toEqual([
      64,
      expect.stringContaining('FLOE_OCI_CREDENTIAL_SOURCES'),
    ]);
  });

  it('are told by doctor, with what says so', async () => {
    await using workspace = await makeWorkspace();
    const told = await workspace.run('doctor', '--credential-sources', 'podman,docker');
    expect(told.stdout).toMatch(/^ok +Sources +podman, docker, else anonymous, by --credential-sources$/m);
    const wrong = await workspace.runIn({ env: { FLOE_OCI_CREDENTIAL_SOURCES: 'x' } }, 'doctor');
    expect(wrong.code).toBe(64);
    expect(wrong.stdout).toMatch(/^FAILED +Sources/m);
  });
});

it('an empty variable says nothing', () => {
  expect(sourceOrder({}, { FLOE_OCI_CREDENTIAL_SOURCES: '' })).toEqual({ names: CREDENTIAL_SOURCES, by: undefined });
});
