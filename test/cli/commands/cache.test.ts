import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { age } from '../support/age.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

/** Pulled into the cache: `latest` and `v1.0.0`, which share their content. */
async function cached(registry: TestRegistry): Promise<Workspace> {
  const workspace = await makeWorkspace();
  for (const tag of ['latest', 'v1.0.0']) {
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', tag];
    await workspace.run('push', '-a', 'doc.json', ...place);
    await workspace.run('pull', ...place);
  }
  return workspace;
}

const inJson = async (workspace: Workspace, ...argv: readonly string[]) =>
  JSON.parse((await workspace.run('cache', ...argv, '--json')).stdout);

describe('cache status', () => {
  it('says where the cache is and how much is in it', async () => {
    await using registry = await startRegistry();
    await using workspace = await cached(registry);
    const { code, stdout, stderr } = await workspace.run('cache', 'status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^Cache Path: ${workspace.cache}\nTotal Size: [\\d.]+ k?B of [\\d.]+ GB\nEntries: +2\nExpired: +0\n$`),
    );
    expect(await inJson(workspace, 'status')).toEqual({
      path: workspace.cache,
      totalSizeBytes: expect.any(Number),
      entries: 2,
      expired: 0,
      maxSizeBytes: 10 * 1024 ** 3,
    });
  });

  it('of no cache is that of an empty one, and makes none', async () => {
    await using workspace = await makeWorkspace();
    expect(await inJson(workspace, 'status')).toMatchObject({ totalSizeBytes: 0, entries: 0, expired: 0 });
    expect(await inJson(workspace, 'list')).toEqual({ path: workspace.cache, entries: [] });
    expect(await inJson(workspace, 'verify')).toMatchObject({ checked: 0, removed: [] });
    expect(await inJson(workspace, 'prune')).toMatchObject({ removed: 0 });
    expect(await inJson(workspace, 'clear')).toMatchObject({ removed: 0 });
    expect((await workspace.run('resolve', `layout:${workspace.cache}:v1`)).code).toBe(3);
  });
});

describe('cache list', () => {
  it('shows every reference, with what the other commands call it', async () => {
    await using registry = await startRegistry();
    await using workspace = await cached(registry);
    const orders = `oci://${registry.host}/team/orders`;
    const digest = (await workspace.run('resolve', `${orders}:latest`)).stdout.trim();
    const { stdout } = await workspace.run('cache', 'list');
    const [head, latest, version] = stdout.split('\n');
    expect(head).toMatch(/^REFERENCE +DIGEST +SIZE +CHECKED +EXPIRES$/);
    expect(latest).toMatch(new RegExp(`^${orders}:latest +${digest} .* ago +\\d{4}-\\d\\d-\\d\\dT`));
    expect(version).toMatch(new RegExp(`^${orders}:v1.0.0 +${digest} .* ago +never$`));
    const { entries } = await inJson(workspace, 'list');
    expect(entries).toMatchObject([
      { reference: `${orders}:latest`, digest, expired: false, expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      { reference: `${orders}:v1.0.0`, digest, expired: false, expiresAt: null },
    ]);
  });
});

describe('cache verify', () => {
  it('is content with what is as it should be', async () => {
    await using registry = await startRegistry();
    await using workspace = await cached(registry);
    expect(await workspace.run('cache', 'verify')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ checked, all as they should be\n$/),
      stderr: '',
    });
  });

  it('removes what is damaged, and ends with exit 6', async () => {
    await using registry = await startRegistry();
    await using workspace = await cached(registry);
    const digest = (await workspace.run('resolve', `oci://${registry.host}/team/orders:latest`)).stdout.trim();
    const path = join(workspace.cache, 'blobs', digest.replace(':', '/'));
    for (const json of [[], ['--json']]) {
      await writeFile(path, '{}');
      const result = await workspace.run('cache', 'verify', ...json);
      expect(result.code).toBe(6);
      expect(result.stdout).toContain(path);
      if (json.length > 0) {
        expect(JSON.parse(result.stdout)).toMatchObject({ removed: [{ path }] });
        expect(errorOf(result)).toMatchObject({ code: 'VERIFICATION_FAILED', details: { problems: 1 } });
      }
      expect((await workspace.run('cache', 'verify')).code).toBe(0);
    }
    expect((await workspace.run('pull', '-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0')).code).toBe(0);
  });
});

describe('cache prune and clear', () => {
  it('remove what has expired, and everything', async () => {
    await using registry = await startRegistry();
    await using workspace = await cached(registry);
    expect(await workspace.run('cache', 'prune')).toMatchObject({ code: 0, stdout: '0 entries removed, 0 B freed\n' });
    await age(workspace, 25);
    expect(await inJson(workspace, 'status')).toMatchObject({ entries: 2, expired: 1 });
    expect((await workspace.run('cache', 'list')).stdout).toMatch(/:latest .* 1 day ago +expired$/m);
    expect((await workspace.run('cache', 'prune')).stdout).toMatch(/^1 entry removed, \d+ B freed\n$/);
    const { totalSizeBytes } = await inJson(workspace, 'status');
    expect(await inJson(workspace, 'clear')).toEqual({ path: workspace.cache, removed: 1, freedBytes: totalSizeBytes });
    expect(await inJson(workspace, 'status')).toMatchObject({ totalSizeBytes: 0, entries: 0 });
    expect(await workspace.run('cache', 'clear')).toMatchObject({ code: 0, stdout: '0 entries removed, 0 B freed\n' });
  });
});
