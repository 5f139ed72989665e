import { cp, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startDockerRegistry } from '../../support/dockerRegistry.ts';
import { startRegistry } from '../../support/registry/index.ts';
import { runProgram } from '../support/binary.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

/** Pushes the sample as 1.0.0 and 1.0.1, and something else as latest. */
async function pushSome(workspace: Workspace, place: string): Promise<void> {
  for (const [file, tag] of [
    ['doc.json', '1.0.0'],
    ['changed.json', '1.0.1'],
  ] as const) {
    expect((await workspace.run('push', '-a', file, `${place}:${tag}`)).code).toBe(0);
  }
  expect((await workspace.run('push', `${place}:latest`, 'doc.json')).code).toBe(0);
}

async function tagsOf(
  workspace: Workspace,
  place: string,
  ...options: readonly string[]
): Promise<readonly { name: string; digest: string }[]> {
  return JSON.parse((await workspace.run('list', place, '--json', ...options)).stdout).tags.map(
    ({ name, digest }: { name: string; digest: string }) => ({ name, digest }),
  );
}

/** Backs up `one`, and changes a blob of the backup. @returns its digest */
async function damageOneBlob(workspace: Workspace): Promise<string> {
  const report = JSON.parse((await workspace.run('backup', 'layout:one', 'saved', '--json')).stdout);
  const { digest, size } = report.blobs.find(({ size }: { size: number }) => size > 2);
  await writeFile(workspace.path(`saved/blobs/${digest.replace(':', '/')}`), Buffer.alloc(size));
  return digest;
}

describe('mirror', () => {
  it('copies every tag, from a real registry to a layout and on', async () => {
    await using workspace = await makeWorkspace();
    await using real = await startDockerRegistry();
    await using registry = await startRegistry();
    const place = `${real.host}/team/orders`;
    await pushSome(workspace, place);
    const expected = await tagsOf(workspace, place);
    for (const [from, to] of [
      [place, 'layout:copy'],
      ['layout:copy', `${registry.host}/orders`],
    ] as const) {
      const { code, stdout, stderr } = await workspace.run('mirror', from, to);
      expect({ code, lines: stdout.trim().split('\n').length }).toEqual({ code: 0, lines: 4 });
      expect(stderr).toContain('copied 3 of 3 tags');
      expect(await tagsOf(workspace, to)).toEqual(expected);
      expect((await workspace.run('validate', to)).code).toBe(0);
    }
    const listed = await runProgram(
      'skopeo',
      ['list-tags', '--tls-verify=false', `docker://${registry.host}/orders`],
      '.',
    );
    expect(JSON.parse(listed.stdout.toString()).Tags.sort()).toEqual(['1.0.0', '1.0.1', 'latest']);
  });

  it('asks each side once for a tag that is unchanged, and no more', async () => {
    await using workspace = await makeWorkspace();
    await using near = await startRegistry();
    await using far = await startRegistry();
    const places = [`${near.host}/a`, `${far.host}/b`] as const;
    await pushSome(workspace, places[0]);
    await workspace.run('mirror', ...places);
    near.clearRequests();
    far.clearRequests();
    const again = await workspace.run('mirror', ...places, '--json');
    const report = JSON.parse(again.stdout);
    expect(report.tags.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(3).fill('unchanged'));
    expect(report).toMatchObject({ blobs: [], errors: [] });
    expect(near.requests().length).toBe(4);
    expect(far.requests().length).toBe(3);
  });

  it('takes the tags that the filter lets pass', async () => {
    await using workspace = await makeWorkspace();
    await pushSome(workspace, 'layout:one');
    await workspace.run('mirror', 'layout:one', 'layout:two', '--filter', '1.*');
    expect((await tagsOf(workspace, 'layout:two')).map(({ name }) => name)).toEqual(['1.0.0', '1.0.1']);
    expect((await workspace.run('mirror', 'layout:one', 'layout:two', '--filter', '[')).code).toBe(64);
  });

  it('reports the tags that fail, copies the others, and is exit 1', async () => {
    await using workspace = await makeWorkspace();
    await pushSome(workspace, 'layout:one');
    await workspace.run('push', '-a', 'doc.json', 'layout:two:1.0.1');
    const result = await workspace.run('mirror', 'layout:one', 'layout:two', '--json');
    expect(result.code).toBe(1);
    expect(errorOf(result)).toMatchObject({ code: 'INCOMPLETE', details: { missing: 1, of: 3 } });
    expect(JSON.parse(result.stdout)).toMatchObject({
      tags: [{ name: '1.0.0' }, { name: 'latest' }],
      errors: [{ tag: '1.0.1', code: 'TAG_IMMUTABLE' }],
    });
    const text = await workspace.run('mirror', 'layout:one', 'layout:two');
    expect(text).toMatchObject({ code: 1, stderr: expect.stringContaining('warning: 1.0.1:') });
  });

  it('that can do nothing at all ends with the reason', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    expect((await workspace.run('mirror', 'layout:none', 'layout:two')).code).toBe(3);
    expect((await workspace.run('mirror', `${registry.host}/none`, 'layout:two')).code).toBe(3);
    await pushSome(workspace, `${registry.host}/a`);
    registry.fail({ path: /manifests/, fault: { kind: 'status', status: 403, code: 'DENIED' } });
    expect((await workspace.run('mirror', `${registry.host}/a`, 'layout:two')).code).toBe(2);
  });

  it('shows in a dry run what it would move, and moves nothing', async () => {
    await using workspace = await makeWorkspace();
    await pushSome(workspace, 'layout:one');
    const result = await workspace.run('mirror', 'layout:one', 'layout:two', '--dry-run', '--json');
    const { blobs, dryRun } = JSON.parse(result.stdout);
    expect(dryRun).toBe(true);
    expect(blobs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(3).fill('written'));
    expect((await workspace.run('list', 'layout:two')).code).toBe(3);
    expect(await readdir(workspace.folder)).not.toContain('two');
  });

  it('takes referrers along when asked to', async () => {
    await using workspace = await makeWorkspace();
    await using old = await startDockerRegistry();
    const place = `${old.host}/orders`;
    await pushSome(workspace, place);
    await workspace.run('attach', `${place}:1.0.0`, 'doc.json', '--artifact-type', 'application/spdx+json');
    await workspace.run('mirror', place, 'layout:two', '--referrers');
    const referrers = JSON.parse((await workspace.run('referrers', 'layout:two:1.0.0', '--json')).stdout).referrers;
    expect(referrers).toMatchObject([{ artifactType: 'application/spdx+json' }]);
    expect((await tagsOf(workspace, 'layout:two')).map(({ name }) => name)).toEqual(['1.0.0', '1.0.1', 'latest']);
  });

  it("never copies the lists of referrers that are kept under tags, but cosign's tags, which are signatures", async () => {
    await using workspace = await makeWorkspace();
    await using old = await startRegistry({ quirks: { referrersApi: false } });
    const place = `oci://${old.host}/orders`;
    const { stdout } = await workspace.run('push', '-a', 'doc.json', `${place}:1.0.0`);
    const cosign = `${stdout.trim().replace(':', '-')}.sig`;
    await workspace.run('push', '-a', 'changed.json', `${place}:${cosign}`);
    await workspace.run('attach', `${place}:1.0.0`, 'doc.json', '--artifact-type', 'application/spdx+json');
    expect(await tagsOf(workspace, place, '--all')).toHaveLength(3);
    for (const [to, ...options] of [
      ['layout:two'],
      ['layout:three', '--filter', '*'],
      ['layout:four', '--referrers'],
    ]) {
      await workspace.run('mirror', place, to ?? '', ...options);
      expect((await tagsOf(workspace, to ?? '', '--all')).map(({ name }) => name)).toEqual(['1.0.0', cosign]);
    }
  });

  it.each([
    ['layout:one:v1', 'layout:two'],
    ['layout:one', 'layout:two:v1'],
    ['layout:one', 'layout:two', 'layout:three'],
  ])('refuses %s %s %s', async (...argv) => {
    await using workspace = await makeWorkspace();
    expect((await workspace.run('mirror', ...argv)).code).toBe(64);
  });
});

describe('backup', () => {
  it('is a layout that is checked, and that restore brings back with all that refers to it', async () => {
    await using workspace = await makeWorkspace();
    await using real = await startDockerRegistry();
    await using other = await startRegistry();
    const place = `oci://${real.host}/team/orders`;
    await pushSome(workspace, place);
    await workspace.run('attach', `${place}:1.0.0`, 'doc.json', '--artifact-type', 'application/spdx+json');
    const expected = (await tagsOf(workspace, place)).filter(({ name }) => !name.startsWith('sha256-'));

    const saved = JSON.parse((await workspace.run('backup', place, 'saved', '--json')).stdout);
    expect(saved).toMatchObject({ destination: 'layout:saved', errors: [], problems: [] });
    expect(saved.checked).toBeGreaterThan(6);
    const theirs = await runProgram('skopeo', ['inspect', '--raw', 'oci:saved:1.0.0'], workspace.folder);
    expect(theirs.stdout).toEqual((await workspace.run('inspect', `${place}:1.0.0`, '--raw')).bytes);

    const restored = `oci://${other.host}/orders`;
    expect(await workspace.run('restore', 'saved', restored)).toMatchObject({ code: 0 });
    expect(await tagsOf(workspace, restored)).toEqual(expected);
    const referrers = JSON.parse((await workspace.run('referrers', `${restored}:1.0.0`, '--json')).stdout).referrers;
    expect(referrers).toMatchObject([{ artifactType: 'application/spdx+json' }]);
  });

  it('of one tag has that tag alone, and is added to', async () => {
    await using workspace = await makeWorkspace();
    await pushSome(workspace, 'layout:one');
    await workspace.run('backup', 'layout:one:1.0.0', 'saved');
    expect((await tagsOf(workspace, 'layout:saved')).map(({ name }) => name)).toEqual(['1.0.0']);
    await workspace.run('backup', '-r', 'layout:one', '-t', 'latest', 'layout:saved');
    expect((await tagsOf(workspace, 'layout:saved')).map(({ name }) => name)).toEqual(['1.0.0', 'latest']);
    expect((await workspace.run('backup', 'layout:one:none', 'saved')).code).toBe(3);
  });

  it('in a folder that was damaged puts it right', async () => {
    await using workspace = await makeWorkspace();
    await pushSome(workspace, 'layout:one');
    const damaged = await damageOneBlob(workspace);
    const result = await workspace.run('backup', 'layout:one', 'saved', '--json');
    expect(result.code).toBe(0);
    const { blobs, problems } = JSON.parse(result.stdout);
    expect(problems).toEqual([]);
    expect(blobs.filter(({ outcome }: { outcome: string }) => outcome === 'written')).toMatchObject([
      { digest: damaged },
    ]);
  });

  it('of what is damaged in both places is exit 6', async () => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0');
    const damaged = (await damageOneBlob(workspace)).replace(':', '/');
    await cp(workspace.path(`saved/blobs/${damaged}`), workspace.path(`one/blobs/${damaged}`));
    const result = await workspace.run('backup', 'layout:one', 'saved', '--json');
    expect(result.code).toBe(6);
    expect(errorOf(result).code).toBe('DIGEST_MISMATCH');
  });

  it('and restore refuse what names no folder or no repository', async () => {
    await using workspace = await makeWorkspace();
    await pushSome(workspace, 'layout:one');
    expect((await workspace.run('backup', 'layout:one')).code).toBe(64);
    expect((await workspace.run('backup', 'layout:one', 'layout:saved:v1')).code).toBe(64);
    expect((await workspace.run('restore', 'one', 'layout:two:v1')).code).toBe(64);
    expect((await workspace.run('restore', 'none', 'layout:two')).code).toBe(3);
    expect((await workspace.run('restore', 'one')).code).toBe(64);
  });
});
