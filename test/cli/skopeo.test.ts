import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/oci/index.ts';
import { startDockerRegistry } from '../support/dockerRegistry.ts';
import { type ProcessResult, runBinary, runProgram } from './support/binary.ts';
import { makeWorkspace, sample, type Workspace } from './support/workspace.ts';

const users = { me: 'right-password' };
const env = { FLOE_REGISTRY_USERNAME: 'me', FLOE_REGISTRY_PASSWORD: 'right-password' };

/** Both in one folder: our command line and skopeo, each as a process. */
function tools({ folder }: Workspace, options: { readonly env?: typeof env } = {}) {
  const succeeded = async (running: Promise<ProcessResult>): Promise<Buffer> => {
    const { code, stdout, stderr } = await running;
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  return {
    floe: (...argv: string[]) => succeeded(runBinary(argv, { cwd: folder, ...options })),
    skopeo: (...argv: string[]) => succeeded(runProgram('skopeo', argv, folder)),
  };
}

describe('a layout', () => {
  it('that we wrote is read by skopeo byte for byte, and the other way round', async () => {
    await using workspace = await makeWorkspace();
    const { floe, skopeo } = tools(workspace);
    const digest = (await floe('push', '-a', 'doc.json', 'layout:ours:v1.0.0')).toString().trim();

    const raw = await skopeo('inspect', '--raw', 'oci:ours:v1.0.0');
    expect(raw).toEqual(await floe('inspect', 'layout:ours:v1.0.0', '--raw'));
    expect(digestOf(raw)).toBe(digest);

    await skopeo('copy', 'oci:ours:v1.0.0', 'oci:theirs:v2.0.0');
    expect((await floe('resolve', 'layout:theirs:v2.0.0')).toString().trim()).toBe(digest);
    expect(await floe('pull', '-r', 'layout:theirs', '-t', 'v2.0.0')).toEqual(sample);
    await floe('validate', 'layout:theirs');
  });
});

describe('a real registry', () => {
  it('holds what we pushed as skopeo reads it, and gives us what skopeo pushed', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startDockerRegistry();
    const { floe, skopeo } = tools(workspace);
    const orders = `${registry.host}/team/orders`;
    const digest = (await floe('push', '-a', 'doc.json', '-r', `oci://${orders}`, '-t', 'v1.0.0')).toString().trim();

    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${orders}:v1.0.0`);
    expect(digestOf(raw)).toBe(digest);
    expect(raw).toEqual(await floe('inspect', `${orders}:v1.0.0`, '--raw'));
    const answer = await fetch(`${registry.url}/v2/team/orders/manifests/v1.0.0`, {
      method: 'HEAD',
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    });
    expect(answer.headers.get('docker-content-digest')).toBe(digest);

    const copied = `docker://${registry.host}/team/copied:v1.0.0`;
    await skopeo('copy', '--src-tls-verify=false', `docker://${orders}:v1.0.0`, 'oci:theirs:v1.0.0');
    await skopeo('copy', '--dest-tls-verify=false', 'oci:theirs:v1.0.0', copied);
    expect(await floe('pull', '-r', 'layout:theirs', '-t', 'v1.0.0')).toEqual(sample);
    expect(await floe('pull', '-r', `oci://${registry.host}/team/copied`, '-t', 'v1.0.0')).toEqual(sample);
    const list = JSON.parse((await floe('list', `oci://${registry.host}/team/copied`, '--json')).toString());
    expect(list).toMatchObject({ tags: [{ name: 'v1.0.0', digest }], errors: [] });
  });

  it('with a password takes ours from the environment, and refuses any other', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startDockerRegistry({ users });
    const { floe, skopeo } = tools(workspace, { env });
    const orders = `${registry.host}/team/orders`;
    const digest = (await floe('push', '-a', 'doc.json', `${orders}:v1.0.0`)).toString().trim();
    const creds = ['--creds', 'me:right-password', '--tls-verify=false'];
    expect(digestOf(await skopeo('inspect', '--raw', ...creds, `docker://${orders}:v1.0.0`))).toBe(digest);
    expect(await floe('pull', '-r', orders, '-t', 'v1.0.0')).toEqual(sample);

    const wrong = { cwd: workspace.folder, env: { ...env, FLOE_REGISTRY_PASSWORD: 'wrong-password' } };
    const refused = await runBinary(['pull', '-r', orders, '-t', 'v1.0.0', '--verbose'], wrong);
    expect(refused.code).toBe(2);
    expect(refused.stderr).not.toContain('wrong-password');
    expect((await runBinary(['list', orders], { cwd: workspace.folder })).code).toBe(2);
  });

  it('that stops is exit 5', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startDockerRegistry();
    await registry.stop();
    const list = ['list', `oci://${registry.host}/team/orders`, '--max-attempts', '1'];
    expect((await runBinary(list, { cwd: workspace.folder })).code).toBe(5);
  });
});
