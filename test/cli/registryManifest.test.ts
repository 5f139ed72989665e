import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, sample, type Workspace } from './support/workspace.ts';

const basic = { username: 'me', password: 'right-password' };
const env = { FLOE_REGISTRY_USERNAME: 'me', FLOE_REGISTRY_PASSWORD: 'right-password' };
const PUSH = ['push', '-a', 'doc.json', '-t', 'v1.0.0', '--max-attempts', '1'];

const text = ({ host }: TestRegistry, more = '', auth = '{ type: anonymous }'): string =>
  `apiVersion: floe.dev/v1\nartifacts:\n  registry:\n    uri: oci://${host}/team/orders\n    auth: ${auth}\n${more}`;
const withSecret = '{ type: basic, credentials_ref: { source: env, name: orders-robot } }';

async function workspaceWith(manifest: string, name = 'manifest.yaml'): Promise<Workspace> {
  return makeWorkspace({ [name]: manifest });
}

describe('a manifest.yaml', () => {
  it('in the working folder, or named, stands for -r', async () => {
    await using registry = await startRegistry();
    await using workspace = await workspaceWith(text(registry));
    await writeFile(workspace.path('other.yaml'), text(registry));
    expect((await workspace.run(...PUSH)).code).toBe(0);
    expect((await workspace.run('pull', '-t', 'v1.0.0', '--config', 'other.yaml')).bytes).toEqual(sample);
    expect((await workspace.run('pull', '--version-constraint', 'v1.*')).bytes).toEqual(sample);
    const list = JSON.parse((await workspace.run('list', '--json')).stdout);
    expect(list).toMatchObject({ repository: `oci://${registry.host}/team/orders`, tags: [{ name: 'v1.0.0' }] });
    expect((await workspace.run('inspect', '-t', 'v1.0.0')).code).toBe(0);
    expect((await workspace.run('push', '-t', 'v2', 'doc.json')).code).toBe(0);
  });

  it('does not matter when the command names a place', async () => {
    await using registry = await startRegistry();
    await using workspace = await workspaceWith('artifacts: { registry: { uri: nonsense } }');
    expect((await workspace.run('push', '-a', 'doc.json', '-r', 'layout:out', '-t', 'v1')).code).toBe(0);
    expect(registry.requests()).toEqual([]);
  });

  it('of somebody else is passed over', async () => {
    await using workspace = await workspaceWith('apiVersion: v1\nkind: Pod\n');
    expect(errorOf(await workspace.run('list', '--json'))).toMatchObject({ code: 'WRONG_USAGE' });
    await mkdir(workspace.path('folder/manifest.yaml'), { recursive: true });
    expect((await workspace.runIn({ cwd: workspace.path('folder') }, 'list')).code).toBe(64);
  });

  it('that is named must be there and name a registry', async () => {
    await using workspace = await workspaceWith('apiVersion: v1\nkind: Pod\n');
    const missing = await workspace.run('list', '--config', 'missing.yaml', '--json');
    expect([missing.code, errorOf(missing).code]).toEqual([66, 'FILE_NOT_FOUND']);
    const foreign = await workspace.run('list', '--config', 'manifest.yaml', '--json');
    expect([foreign.code, errorOf(foreign).code]).toEqual([65, 'INVALID_DOCUMENT']);
  });

  it('with mistakes is exit 65, and each is named with its line', async () => {
    await using registry = await startRegistry();
    await using workspace = await workspaceWith(text(registry, '    token: x\n'));
    const wrong = await workspace.run('list');
    expect(wrong.code).toBe(65);
    expect(wrong.stderr).toContain('line 6: artifacts.registry.token');
    await writeFile(workspace.path('manifest.yaml'), `${text(registry)}  : [`);
    const broken = await workspace.run('list', '--json');
    expect([broken.code, errorOf(broken).code]).toEqual([65, 'INVALID_DOCUMENT']);
    expect(registry.requests()).toEqual([]);
  });

  it('says how often a request is tried', async () => {
    await using registry = await startRegistry({ faults: [{ fault: { kind: 'status', status: 503 } }] });
    const retry = '    resilience: { retry: { max_attempts: 2, initial_delay_ms: 100 } }\n';
    await using workspace = await workspaceWith(text(registry, retry));
    expect((await workspace.run('list')).code).toBe(5);
    expect(registry.requests()).toHaveLength(2);
    registry.clearRequests();
    expect((await workspace.run('list', '--max-attempts', '1')).code).toBe(5);
    expect(registry.requests()).toHaveLength(1);
  });

  it('says when a registry that is down is left alone', async () => {
    await using registry = await startRegistry();
    const breaker = '    resilience: { circuit_breaker: { failure_threshold: 2 } }\n';
    await using workspace = await workspaceWith(text(registry, breaker));
    for (const tag of ['v1', 'v2', 'v3', 'v4', 'v5']) registry.repository('team/orders').tags.set(tag, 'sha256:0');
    registry.fail({ path: /manifests/, fault: { kind: 'status', status: 503 } });
    const list = await workspace.run('list', '--max-attempts', '1', '--concurrency', '1', '--json');
    const codes = (JSON.parse(list.stdout) as { errors: { code: string }[] }).errors.map(({ code }) => code);
    expect(codes.toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => 'CIRCUIT_OPEN'),
      ...Array.from({ length: 2 }, () => 'REGISTRY_UNAVAILABLE'),
    ]);
    expect(registry.requests({ path: /manifests/ })).toHaveLength(2);
    expect(list.stderr).toContain('circuit_opened');
  });
});

describe('a secret', () => {
  const authorized = (registry: TestRegistry): number =>
    registry.requests().filter(({ headers }) => headers['authorization'] !== undefined).length;

  it('does not go to a host that only a found manifest.yaml names', async () => {
    await using registry = await startRegistry({ auth: basic });
    await using workspace = await workspaceWith(text(registry, '', withSecret));
    const result = await workspace.runIn({ env }, ...PUSH, '--json');
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({
      code: 'MISSING_CREDENTIAL',
      message: expect.stringContaining('FLOE_REGISTRY_HOST'),
    });
    expect(authorized(registry)).toBe(0);
  });

  it('goes there when it is bound to that host, when the file or the place is named, or when a person agrees', async () => {
    await using registry = await startRegistry({ auth: basic });
    await using workspace = await workspaceWith(text(registry, '', withSecret));
    const bound = { ...env, FLOE_REGISTRY_HOST: registry.host };
    expect((await workspace.runIn({ env: bound }, ...PUSH)).code).toBe(0);
    expect((await workspace.runIn({ env }, ...PUSH, '--config', 'manifest.yaml')).code).toBe(0);
    expect((await workspace.runIn({ env }, ...PUSH, '-r', `oci://${registry.host}/team/orders`)).code).toBe(0);
    const questions: string[] = [];
    const confirm = (answer: boolean) => async (question: string) => {
      questions.push(question);
      return answer;
    };
    expect((await workspace.runIn({ env, confirm: confirm(true) }, ...PUSH)).code).toBe(0);
    expect((await workspace.runIn({ env, confirm: confirm(false) }, ...PUSH)).code).toBe(2);
    expect(questions).toHaveLength(2);
    expect(questions[0]).toContain(registry.host);
  });

  it('does not go, even bound to the host, where a found file switches the proof of identity off', async () => {
    await using registry = await startRegistry({ auth: basic });
    await using workspace = await workspaceWith(text(registry, '    tls_verify: false\n', withSecret));
    const bound = { ...env, FLOE_REGISTRY_HOST: registry.host };
    const result = await workspace.runIn({ env: bound }, ...PUSH, '--plain-http');
    expect(result.code).toBe(2);
    expect(authorized(registry)).toBe(0);
  });

  it('goes nowhere when two registries are named and none is bound', async () => {
    await using registry = await startRegistry({ auth: basic });
    await using workspace = await workspaceWith(text(registry, '', withSecret));
    const elsewhere = ['-r', `oci://127.0.0.1:1/team/orders`, '--config', 'manifest.yaml', '--json'];
    const result = await workspace.runIn({ env }, ...PUSH, ...elsewhere);
    expect(result.code).toBe(64);
    expect(errorOf(result)).toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: 'FLOE_REGISTRY_HOST' } });
    expect(registry.requests()).toEqual([]);
  });

  it('that the file asks for and nobody gives is exit 2, and named', async () => {
    await using registry = await startRegistry({ auth: basic });
    await using workspace = await workspaceWith(text(registry, '', withSecret));
    const result = await workspace.run(...PUSH, '--json');
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({ code: 'MISSING_CREDENTIAL', details: { reference: 'env/orders-robot' } });
  });

  it('is not sent where the file says anonymous', async () => {
    await using registry = await startRegistry({ auth: { ...basic, anonymousPull: true } });
    await using workspace = await workspaceWith(text(registry));
    expect((await workspace.runIn({ env }, 'list', '--config', 'manifest.yaml')).code).toBe(3);
    expect((await workspace.runIn({ env }, ...PUSH, '--config', 'manifest.yaml')).code).toBe(2);
    expect(authorized(registry)).toBe(0);
  });
});
