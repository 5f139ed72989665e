import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, sample } from './support/workspace.ts';

const auth = { username: 'me', password: 'right-password' };
const encoded = (user = 'me', password = 'right-password'): string =>
  Buffer.from(`${user}:${password}`).toString('base64');
const PUSH = ['push', '-a', 'doc.json', '-t', 'v1.0.0', '--max-attempts', '1'];

const configFor = (registry: TestRegistry, entry: object = { auth: encoded() }, path = ''): string =>
  JSON.stringify({ auths: { [`${registry.host}${path}`]: entry } });
const manifestFor = ({ host }: TestRegistry, more = ''): string =>
  `apiVersion: floe.dev/v1\nartifacts:\n  registry:\n    uri: oci://${host}/team/orders\n    auth: { type: basic, credentials_ref: { source: env, name: orders-robot } }\n${more}`;
const secrets = { FLOE_SECRET_ORDERS_ROBOT_USERNAME: 'me', FLOE_SECRET_ORDERS_ROBOT_PASSWORD: 'right-password' };
const authorized = (registry: TestRegistry): number =>
  registry.requests().filter(({ headers }) => headers['authorization'] !== undefined).length;

describe.each(['basic', 'bearer'] as const)('a registry with %s authentication', (scheme) => {
  it('takes what people signed in to with Docker or Podman', async () => {
    await using registry = await startRegistry({ auth: { ...auth, scheme } });
    await using workspace = await makeWorkspace({
      'docker/config.json': configFor(registry),
      'podman.json': configFor(registry, { auth: encoded() }, '/team'),
      'wrong.json': configFor(registry, { auth: encoded('me', 'wrong-password') }),
    });
    const place = ['-r', `oci://${registry.host}/team/orders`];
    const docker = { DOCKER_CONFIG: workspace.path('docker') };
    expect((await workspace.runIn({ env: docker }, ...PUSH, ...place)).code).toBe(0);
    const podman = { REGISTRY_AUTH_FILE: workspace.path('podman.json') };
    expect((await workspace.runIn({ env: podman }, 'pull', ...place, '-t', 'v1.0.0')).bytes).toEqual(sample);
    const elsewhere = await workspace.runIn({ env: podman }, 'list', `oci://${registry.host}/other/orders`);
    expect(elsewhere.code).toBe(2);
    const wrong = { REGISTRY_AUTH_FILE: workspace.path('wrong.json') };
    const refused = await workspace.runIn({ env: wrong }, ...PUSH, ...place, '--verbose');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('floe-oci login');
    expect(refused.stderr).not.toMatch(/wrong-password/);
    const both = await workspace.runIn({ env: { ...docker, ...wrong } }, 'list', place[1] ?? '', '--verbose');
    expect(both).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`source=${workspace.path('docker/config.json')} username=me`),
    });
  });
});

describe('a stale credential', () => {
  it('is done without for public content, and a warning says so', async () => {
    await using registry = await startRegistry({ auth: { ...auth, scheme: 'bearer', anonymousPull: true } });
    await using workspace = await makeWorkspace({
      'auth.json': configFor(registry, { auth: encoded('me', 'old-password') }),
    });
    const env = { REGISTRY_AUTH_FILE: workspace.path('auth.json') };
    const reference = `oci://${registry.host}/team/orders:v1.0.0`;
    const good = { FLOE_REGISTRY_USERNAME: 'me', FLOE_REGISTRY_PASSWORD: 'right-password' };
    expect((await workspace.runIn({ env: good }, 'push', '-a', 'doc.json', reference)).code).toBe(0);
    const resolved = await workspace.runIn({ env }, 'resolve', reference);
    expect(resolved.code).toBe(0);
    expect(resolved.stderr).toBe(
      `warning: credential_refused registry=${registry.host} source=${workspace.path('auth.json')} username=me instead=anonymous\n`,
    );
    expect((await workspace.runIn({ env }, 'push', '-a', 'doc.json', `${reference}-new`)).code).toBe(2);
  });
});

describe('the order of credentials', () => {
  it('is the environment, the secret of manifest.yaml, then the files of other clients', async () => {
    await using registry = await startRegistry({ auth });
    await using workspace = await makeWorkspace({
      'manifest.yaml': manifestFor(registry),
      'auth.json': configFor(registry),
    });
    const file = { REGISTRY_AUTH_FILE: workspace.path('auth.json') };
    const environment = { FLOE_REGISTRY_USERNAME: 'me', FLOE_REGISTRY_PASSWORD: 'right-password' };
    for (const [source, env] of [
      ['FLOE_REGISTRY_USERNAME', { ...file, ...secrets, ...environment }],
      ['env/orders-robot', { ...file, ...secrets }],
      [workspace.path('auth.json'), file],
    ] as const) {
      const result = await workspace.runIn({ env }, 'list', '--config', 'manifest.yaml', '--verbose');
      expect(result.code).toBe(3);
      expect(result.stderr).toContain(`debug: credential registry=${registry.host} source=${source} username=me`);
    }
  });

  it('ends with an error that says what to set when manifest.yaml asks for a secret that nobody has', async () => {
    await using registry = await startRegistry({ auth });
    await using workspace = await makeWorkspace({ 'manifest.yaml': manifestFor(registry) });
    const result = await workspace.run('list', '--config', 'manifest.yaml', '--json');
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({
      code: 'MISSING_CREDENTIAL',
      details: { reference: 'env/orders-robot', reason: expect.stringContaining(Object.keys(secrets).join(' and ')) },
    });
  });

  it('takes a secret that is mounted', async () => {
    await using registry = await startRegistry({ auth });
    await using workspace = await makeWorkspace({
      'manifest.yaml': manifestFor(registry).replace('source: env', 'source: kubernetes'),
      'secrets/orders-robot/.dockerconfigjson': configFor(registry),
    });
    const env = { FLOE_OCI_SECRETS_DIR: workspace.path('secrets') };
    expect((await workspace.runIn({ env }, ...PUSH, '--config', 'manifest.yaml')).code).toBe(0);
  });
});

describe('a registry that only a found manifest.yaml names', () => {
  it.each(['a secret of manifest.yaml', "a file of another client's"])(
    'gets %s when a person or FLOE_REGISTRY_HOST says so, and not otherwise',
    async (which) => {
      await using registry = await startRegistry({ auth });
      await using workspace = await makeWorkspace({
        'manifest.yaml': manifestFor(registry),
        'auth.json': configFor(registry),
      });
      const env = which.startsWith('a secret') ? secrets : { REGISTRY_AUTH_FILE: workspace.path('auth.json') };
      for (const world of [
        { env },
        { env, confirm: async () => false },
        { env: { ...env, FLOE_REGISTRY_HOST: 'other.example' } },
      ]) {
        const result = await workspace.runIn(world, ...PUSH, '--json');
        expect([result.code, errorOf(result).code]).toEqual([2, 'MISSING_CREDENTIAL']);
      }
      expect(authorized(registry)).toBe(0);
      expect((await workspace.runIn({ env, confirm: async () => true }, ...PUSH)).code).toBe(0);
      expect((await workspace.runIn({ env: { ...env, FLOE_REGISTRY_HOST: registry.host } }, ...PUSH)).code).toBe(0);
    },
  );
});

it("headers that Docker's file has for Docker's own daemon go to no registry", async () => {
  await using registry = await startRegistry({ auth });
  const config = { ...JSON.parse(configFor(registry)), HttpHeaders: { 'X-Meta': 'hidden-word' } };
  await using workspace = await makeWorkspace({ 'docker/config.json': JSON.stringify(config) });
  const env = { DOCKER_CONFIG: workspace.path('docker') };
  const pushed = await workspace.runIn({ env }, ...PUSH, '-r', `oci://${registry.host}/team/orders`, '--verbose');
  expect(pushed.code).toBe(0);
  expect(authorized(registry)).toBeGreaterThan(0);
  expect(JSON.stringify(registry.requests().map(({ headers }) => headers))).not.toContain('hidden-word');
  expect(pushed.stderr).not.toContain('hidden-word');
});

it('a file of credentials that is broken is exit 65, and names the part', async () => {
  await using registry = await startRegistry({ auth });
  await using workspace = await makeWorkspace({ 'auth.json': configFor(registry, { auth: 'hunter2!' }) });
  const env = { REGISTRY_AUTH_FILE: workspace.path('auth.json') };
  const result = await workspace.runIn({ env }, 'list', `oci://${registry.host}/r`);
  expect(result.code).toBe(65);
  expect(result.stderr).toContain(`auths.${registry.host}.auth must be the base64`);
  expect(result.stderr).not.toContain('hunter2');
});
