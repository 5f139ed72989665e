import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/index.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { blob, type Content, emptyConfig, imageIndex, imageManifest, put, tagOf } from '../../support/artifacts.ts';
import { startDockerRegistry } from '../../support/dockerRegistry.ts';
import { startRegistry } from '../../support/registry/index.ts';
import { runProgram } from '../support/binary.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

async function jsonOf(workspace: Workspace, ...argv: readonly string[]) {
  const result = await workspace.run(...argv, '--json');
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(result.stdout);
}

/** A layout `multi` with an index `v1` for two platforms; returns the digests. */
async function multiPlatform(workspace: Workspace): Promise<readonly string[]> {
  const [amd64, arm64] = [1, 2].map((seed) => imageManifest([blob(seed)])) as [Content, Content];
  const on = (architecture: string, { descriptor, bytes }: Content): Content => ({
    bytes,
    descriptor: { ...descriptor, platform: { os: 'linux', architecture } },
  });
  const index = imageIndex([on('amd64', amd64), on('arm64', arm64)]);
  const memory = new MemoryStore();
  for (const content of [emptyConfig, blob(1), blob(2), amd64, arm64, index]) await put(memory, content);
  const layout = await LayoutStore.open(workspace.path('multi'), { create: true });
  await copy(memory, index.descriptor.digest, layout, { tags: [tagOf('v1')] });
  return [index, amd64, arm64].map(({ descriptor }) => descriptor.digest);
}

describe('copy', () => {
  it('goes from a layout to a registry, to another registry, and back', async () => {
    await using workspace = await makeWorkspace();
    await using near = await startRegistry();
    await using far = await startDockerRegistry();
    const digest = (await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0')).stdout;
    for (const [from, to] of [
      ['layout:one:1.0.0', `${near.host}/team/orders`],
      [`${near.host}/team/orders:1.0.0`, `oci://${far.host}/orders:2.0.0`],
      [`${far.host}/orders:2.0.0`, 'layout:two:3.0.0'],
    ] as const) {
      expect(await workspace.run('copy', from, to)).toMatchObject({ code: 0, stdout: digest });
    }
    expect((await workspace.run('resolve', 'layout:two:3.0.0')).stdout).toBe(digest);
    expect((await workspace.run('validate', 'layout:two')).code).toBe(0);
    const theirs = await runProgram('skopeo', ['inspect', '--raw', 'oci:two:3.0.0'], workspace.folder);
    expect(theirs.stdout).toEqual((await workspace.run('inspect', 'layout:one:1.0.0', '--raw')).bytes);
  });

  it('says what became of each blob', async () => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0');
    const first = await jsonOf(workspace, 'copy', 'layout:one:1.0.0', 'layout:two');
    expect(first).toMatchObject({
      source: 'layout:one:1.0.0',
      reference: 'layout:two:1.0.0',
      outcome: 'copied',
      dryRun: false,
      blobs: [{ size: 2, outcome: 'written' }, { outcome: 'written' }],
      referrers: [],
    });
    const second = await jsonOf(workspace, 'copy', 'layout:one:1.0.0', 'layout:two');
    expect(second).toMatchObject({ digest: first.digest, outcome: 'unchanged', blobs: [] });
  });

  it('moves no blob within a registry', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    await workspace.run('push', '-a', 'doc.json', `${registry.host}/a:1.0.0`);
    registry.clearRequests();
    const { blobs } = await jsonOf(workspace, 'copy', `${registry.host}/a:1.0.0`, `${registry.host}/b`);
    expect(blobs).toMatchObject([{ outcome: 'mounted' }, { outcome: 'mounted' }]);
    expect(registry.requests({ method: 'GET', path: /blobs/ })).toEqual([]);
    expect(registry.requests({ method: 'PUT', path: /blobs/ })).toEqual([]);
  });

  it('never moves a protected tag to other content', async () => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0');
    await workspace.run('push', '-a', 'changed.json', 'layout:two:1.0.0');
    const before = await workspace.run('resolve', 'layout:two:1.0.0');
    const refused = await workspace.run('copy', 'layout:one:1.0.0', 'layout:two', '--json');
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(errorOf(refused).code).toBe('TAG_IMMUTABLE');
    expect((await workspace.run('copy', 'layout:one:1.0.0', 'layout:two:1.0.0', '--dry-run')).code).toBe(4);
    expect(await workspace.run('resolve', 'layout:two:1.0.0')).toEqual(before);
    expect((await workspace.run('copy', 'layout:one:1.0.0', 'layout:two:latest')).code).toBe(0);
    expect((await workspace.run('copy', 'layout:two:1.0.0', 'layout:two:latest')).code).toBe(0);
  });

  it('copies one platform, and says which digest that is', async () => {
    await using workspace = await makeWorkspace();
    const [index, , arm64] = await multiPlatform(workspace);
    const all = await workspace.run('copy', 'layout:multi:v1', 'layout:all');
    expect(all).toMatchObject({ code: 0, stdout: `${index}\n` });
    const theirs = await runProgram('skopeo', ['copy', '--all', 'oci:all:v1', 'oci:theirs:v1'], workspace.folder);
    expect(theirs.code).toBe(0);
    expect((await workspace.run('resolve', 'layout:theirs:v1')).stdout).toBe(`${index}\n`);
    const one = await workspace.run('copy', 'layout:multi:v1', 'layout:one', '--platform', 'linux/arm64');
    expect(one).toMatchObject({
      code: 0,
      stdout: `${arm64}\n`,
      stderr: expect.stringContaining(`linux/arm64 is ${arm64}`),
    });
    expect((await workspace.run('resolve', 'layout:one:v1')).stdout).toBe(`${arm64}\n`);
    const none = await workspace.run('copy', 'layout:multi:v1', 'layout:none', '--platform', 'linux/s390x');
    expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining('linux/amd64, linux/arm64') });
    const wrong = await workspace.run('copy', 'layout:multi:v1', 'layout:none', '--platform', 'linux');
    expect(wrong).toMatchObject({ code: 64, stderr: expect.stringContaining('OS/ARCHITECTURE') });
  });

  it('takes referrers along when asked to, through the API and through the fallback tag', async () => {
    await using workspace = await makeWorkspace({ 'sbom.json': '{}' });
    await using registry = await startRegistry();
    await using old = await startDockerRegistry();
    await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0');
    const sbom = (
      await workspace.run('attach', 'layout:one:1.0.0', 'sbom.json', '--artifact-type', 'application/spdx+json')
    ).stdout.trim();
    const { referrers: none } = await jsonOf(workspace, 'copy', 'layout:one:1.0.0', `${registry.host}/without`);
    expect(none).toEqual([]);
    let from = 'layout:one:1.0.0';
    for (const to of [`${registry.host}/with:1.0.0`, `${old.host}/with:1.0.0`, 'layout:back:1.0.0']) {
      const { referrers, blobs } = await jsonOf(workspace, 'copy', from, to, '--referrers');
      expect(referrers).toMatchObject([{ digest: sbom, outcome: 'written' }]);
      expect(blobs.length).toBeGreaterThan(1);
      const listed = await jsonOf(workspace, 'referrers', to);
      expect(listed.referrers).toMatchObject([{ digest: sbom, artifactType: 'application/spdx+json' }]);
      from = to;
    }
  });

  it('shows in a dry run what it would move, and moves nothing', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    await workspace.run('push', '-a', 'doc.json', `${registry.host}/a:1.0.0`);
    registry.clearRequests();
    const toLayout = await workspace.run('copy', `${registry.host}/a:1.0.0`, 'layout:new', '--dry-run');
    expect(toLayout).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ACTION +DIGEST +SIZE\nmove .*\nmove .*\n$/),
    });
    expect(toLayout.stderr).toContain('would move 2 of 2 blobs');
    expect((await workspace.run('list', 'layout:new')).code).toBe(3);
    const mounted = await jsonOf(workspace, 'copy', `${registry.host}/a:1.0.0`, `${registry.host}/b`, '--dry-run');
    expect(mounted).toMatchObject({ dryRun: true, blobs: [{ outcome: 'mounted' }, { outcome: 'mounted' }] });
    expect(registry.requests().filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    expect(registry.requests({ path: /blobs/, method: 'GET' })).toEqual([]);
  });

  it('copies by digest without a tag, and holds a digest in the destination against it', async () => {
    await using workspace = await makeWorkspace();
    const digest = (await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0')).stdout.trim();
    const copied = await jsonOf(workspace, 'copy', `layout:one@${digest}`, 'layout:two');
    expect(copied.reference).toBe(`layout:two@${digest}`);
    expect(await jsonOf(workspace, 'list', 'layout:two')).toMatchObject({ tags: [] });
    expect((await workspace.run('copy', 'layout:one:1.0.0', `layout:two@${digest}`)).code).toBe(0);
    const other = `layout:two@sha256:${'0'.repeat(64)}`;
    expect((await workspace.run('copy', 'layout:one:1.0.0', other)).code).toBe(64);
  });

  it.each<[what: string, ...argv: string[]]>([
    ['no destination', 'layout:one:v1'],
    ['too much', 'layout:one:v1', 'layout:two', 'layout:three'],
    ['no version', 'layout:one', 'layout:two'],
    ['a tag and a digest', 'layout:one:v1', `layout:two:v1@sha256:${'0'.repeat(64)}`],
  ])('refuses %s', async (_what, ...argv) => {
    await using workspace = await makeWorkspace();
    expect(await workspace.run('copy', ...argv)).toMatchObject({ code: 64, stdout: '' });
  });

  it('sends the credential of the environment to neither of two registries unless it is bound to one', async () => {
    await using workspace = await makeWorkspace();
    const auth = { kind: 'basic', username: 'me', password: 'right-password' } as const;
    await using locked = await startRegistry({ auth });
    await using open = await startRegistry();
    const env = { FLOE_REGISTRY_USERNAME: 'me', FLOE_REGISTRY_PASSWORD: 'right-password' };
    await workspace.runIn({ env }, 'push', '-a', 'doc.json', `${locked.host}/a:1.0.0`);
    const argv = ['copy', `${locked.host}/a:1.0.0`, `${open.host}/b`] as const;
    const unbound = await workspace.runIn({ env }, ...argv, '--json');
    expect(unbound.code).toBe(64);
    expect(errorOf(unbound).message).toContain('FLOE_REGISTRY_HOST');
    expect(await workspace.runIn({ env: { ...env, FLOE_REGISTRY_HOST: locked.host } }, ...argv)).toMatchObject({
      code: 0,
    });
    expect(open.requests().filter(({ headers }) => headers['authorization'] !== undefined)).toEqual([]);
  });

  it('sends the secret of a manifest.yaml to the registry that it is about, and to no other', async () => {
    await using locked = await startRegistry({ auth: { username: 'me', password: 'right-password' } });
    await using open = await startRegistry();
    await using workspace = await makeWorkspace({
      'floe.yaml': [
        'apiVersion: floe.dev/v1',
        'artifacts:',
        '  registry:',
        `    uri: oci://${locked.host}/orders`,
        '    auth: { type: basic, credentials_ref: { source: env, name: orders-robot } }',
        '',
      ].join('\n'),
    });
    const env = { FLOE_SECRET_ORDERS_ROBOT_USERNAME: 'me', FLOE_SECRET_ORDERS_ROBOT_PASSWORD: 'right-password' };
    const run = (...argv: readonly string[]) => workspace.runIn({ env }, ...argv, '--config', 'floe.yaml');
    expect((await run('push', '-a', 'doc.json', '-t', '1.0.0')).code).toBe(0);
    expect(await run('copy', '-t', '1.0.0', `${open.host}/copy`)).toMatchObject({ code: 0 });
    expect(await run('copy', `${open.host}/copy:1.0.0`, `${locked.host}/orders:again`)).toMatchObject({ code: 0 });
    expect(open.requests().length).toBeGreaterThan(0);
    expect(open.requests().filter(({ headers }) => headers['authorization'] !== undefined)).toEqual([]);
  });
});
