import { afterEach, describe, expect, it, vi } from 'vitest';
import { ecrEnvironment, startEcrApi } from '../support/cloud/ecrApi.ts';
import { type HarborProject, harborApi } from '../support/registry/apis.ts';
import { startRegistry } from '../support/registry/index.ts';
import { PROFILES } from '../support/registry/profiles.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace } from './support/workspace.ts';

const { options } = PROFILES.Harbor;
const env = { FLOE_REGISTRY_USERNAME: options.auth.username, FLOE_REGISTRY_PASSWORD: options.auth.password };

afterEach(() => {
  vi.unstubAllEnvs();
});

async function start() {
  const projects = new Map<string, HarborProject>([['acme', { immutable: /^v9/ }]]);
  const adapters = [harborApi(options.auth, projects), ...(options.adapters ?? [])];
  const server = await startRegistry({ ...options, adapters });
  const workspace = await makeWorkspace({ 'notes.txt': 'hello' });
  const run = (...argv: string[]) => workspace.runIn({ env }, ...argv);
  const harbor = (...argv: string[]) => run(...argv, '--provider', 'harbor');
  return {
    server,
    projects,
    run,
    harbor,
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

describe('a Harbor, on the command line', () => {
  it('is found out, and lists its repositories by its API', async () => {
    await using it = await start();
    const { host } = it.server;
    expect((await it.run('push', `${host}/acme/notes:v1.0.0`, 'notes.txt')).code).toBe(0);
    const all = await it.run('repos', host);
    expect([all.code, all.stdout]).toEqual([0, 'acme/notes\n']);
    expect((await it.run('repos', `${host}/acme`, '--json')).stdout).toContain('"acme/notes"');
  });

  it('lists tags with digest, size and date in one request', async () => {
    await using it = await start();
    const { host } = it.server;
    for (const tag of ['v1.0.0', 'v1.1.0', 'v9.0.0']) await it.run('push', `${host}/acme/notes:${tag}`, 'notes.txt');
    it.server.clearRequests();
    const listed = await it.harbor('list', `${host}/acme/notes`, '--json');
    const { tags, errors } = JSON.parse(listed.stdout);
    expect([listed.code, errors]).toEqual([0, []]);
    expect(tags).toEqual(
      ['v1.0.0', 'v1.1.0', 'v9.0.0'].map((name) =>
        expect.objectContaining({
          name,
          size: 5,
          created: '2026-02-14T12:22:32.000Z',
          digest: expect.stringMatching(/^sha256:/),
        }),
      ),
    );
    expect(it.server.requests()).toHaveLength(1);
  });

  it('has a tag removed in its own way, and says which it keeps', async () => {
    await using it = await start();
    const { host } = it.server;
    for (const tag of ['v1.0.0', 'v9.0.0']) await it.run('push', `${host}/acme/notes:${tag}`, 'notes.txt');
    expect((await it.harbor('delete', `${host}/acme/notes:v1.0.0`, '--yes')).code).toBe(0);
    expect([...it.server.repository('acme/notes').tags.keys()]).toEqual(['v9.0.0']);
    const kept = await it.harbor('delete', `${host}/acme/notes:v9.0.0`, '--yes', '--json');
    expect([kept.code, errorOf(kept).code]).toEqual([2, 'DENIED']);
    expect(errorOf(kept).message).toContain('immutable');
  });

  it('is found out when a tag cannot be removed by the spec', async () => {
    await using it = await start();
    const { host } = it.server;
    await it.run('push', `${host}/acme/notes:v1.0.0`, 'notes.txt');
    expect((await it.run('delete', `${host}/acme/notes:v1.0.0`, '--yes')).code).toBe(0);
    expect(it.server.repository('acme/notes').tags.size).toBe(0);
  });

  it('by the spec alone keeps its tags, which is said in words', async () => {
    await using it = await start();
    const { host } = it.server;
    await it.run('push', `${host}/acme/notes:v1.0.0`, 'notes.txt');
    const kept = await it.run('delete', `${host}/acme/notes:v1.0.0`, '--yes', '--json', '--provider', 'distribution');
    expect([kept.code, errorOf(kept).code]).toEqual([1, 'UNSUPPORTED']);
  });

  it('gets the project that a push needs', async () => {
    await using it = await start();
    const { host } = it.server;
    const pushed = await it.run('push', `${host}/fresh/notes:v1.0.0`, 'notes.txt', '--create');
    expect([pushed.code, it.projects.has('fresh')]).toEqual([0, true]);
    expect(pushed.stderr).toContain('Created what fresh/notes needs in Harbor');
  });

  it('is asked by the spec when its API answers nonsense, with a line in the log', async () => {
    await using it = await start();
    const { host } = it.server;
    await it.run('push', `${host}/acme/notes:v1.0.0`, 'notes.txt');
    it.server.fail({ path: /^\/api/, fault: { kind: 'html' } });
    const listed = await it.harbor('list', `${host}/acme/notes`);
    expect([listed.code, listed.stdout.includes('v1.0.0')]).toEqual([0, true]);
    expect(listed.stderr).toContain('registry_api_not_used');
  });

  it('whose lists are closed says that content may be read all the same', async () => {
    await using it = await start();
    it.server.fail({ path: /^\/api\/v2.0\/repositories/, fault: { kind: 'status', status: 403 } });
    const closed = await it.harbor('repos', it.server.host);
    expect(closed.code).toBe(2);
    expect(closed.stderr).toContain('may be read all the same');
  });
});

it('a kind of registry that there is not is wrong, with those there are', async () => {
  await using it = await start();
  const wrong = await it.run('repos', it.server.host, '--provider', 'harbour', '--json');
  expect([wrong.code, errorOf(wrong).code]).toEqual([64, 'INVALID_ARGUMENT']);
  expect(errorOf(wrong).hint).toContain('harbor');
});

it('a registry of Amazon has its repository made, its tags described and its manifests removed by its API', async () => {
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const profile = PROFILES.ECR.options;
  await using server = await startRegistry(profile);
  await using api = await startEcrApi({ keys, account: undefined, content: server.content });
  await using workspace = await makeWorkspace({ 'notes.txt': 'hello' });
  const identity = ecrEnvironment(api, keys);
  for (const [name, value] of Object.entries(identity)) vi.stubEnv(name, value);
  const { username, password } = profile.auth;
  const own = { ...identity, FLOE_REGISTRY_USERNAME: username, FLOE_REGISTRY_PASSWORD: password };
  const run = (...argv: string[]) => workspace.runIn({ env: own }, ...argv, '--provider', 'ecr');
  const place = `${server.host}/acme/notes`;

  const refused = await run('push', `${place}:v1.0.0`, 'notes.txt', '--json');
  expect([refused.code, errorOf(refused).code]).toEqual([3, 'NOT_FOUND']);
  expect(errorOf(refused).hint).toContain('push --create');
  const pushed = await run('push', `${place}:v1.0.0`, 'notes.txt', '--create');
  const digest = pushed.stdout.trim();
  expect(pushed.code).toBe(0);
  const { tags } = JSON.parse((await run('list', place, '--json')).stdout);
  expect(tags).toEqual([
    expect.objectContaining({ name: 'v1.0.0', digest, size: 5, created: '2019-08-08T21:38:06.000Z' }),
  ]);
  expect((await run('repos', server.host)).stdout).toBe('acme/notes\n');
  // An identity that is left out is not used for the API either: the specification's way is taken.
  const asked = api.requests.length;
  const without = await run('list', place, '--json', '--credential-sources', 'environment');
  expect(JSON.parse(without.stdout).tags).toEqual([expect.objectContaining({ name: 'v1.0.0', digest, created: null })]);
  expect(api.requests).toHaveLength(asked);
  const alone = await run('delete', `${place}:v1.0.0`, '--yes', '--json');
  expect([alone.code, errorOf(alone).code]).toEqual([1, 'UNSUPPORTED']);
  expect((await run('delete', `${place}@${digest}`, '--yes')).code).toBe(0);
  expect(server.repository('acme/notes').manifests.size).toBe(0);
  expect(api.violations).toEqual([]);
});
