import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace, sample, type Workspace } from '../support/workspace.ts';

async function pushed(...tags: readonly string[]): Promise<Workspace> {
  const workspace = await makeWorkspace();
  for (const tag of tags) await workspace.run('push', '-a', 'doc.json', '-r', 'layout:store', '-t', tag);
  return workspace;
}

const firstColumn = (table: string): readonly string[] =>
  table
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ', 1)[0] ?? '');

describe('list', () => {
  it('is a table of tags', async () => {
    await using workspace = await pushed('v1.0.0', 'latest');
    const digest = (await workspace.run('resolve', 'layout:store:latest')).stdout.trim();
    const { code, stdout, stderr } = await workspace.run('list', 'layout:store');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, ...rows] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(head).toEqual(['TAG', 'DIGEST', 'SIZE', 'CREATED']);
    expect(rows).toEqual([
      ['latest', digest, '3.64 kB', '2026-05-06T09:30:00Z'],
      ['v1.0.0', digest, '3.64 kB', '2026-05-06T09:30:00Z'],
    ]);
  });

  it('has the same as JSON', async () => {
    await using workspace = await pushed('v1.0.0', 'latest');
    const { stdout } = await workspace.run('list', '-r', 'layout:store', '--json');
    const row = {
      digest: expect.stringMatching(/^sha256:/),
      size: sample.length,
      created: '2026-05-06T09:30:00Z',
      artifactType: 'application/vnd.floe.compiled-artifacts.v1+json',
    };
    expect(JSON.parse(stdout)).toEqual({
      repository: 'layout:store',
      tags: [
        { name: 'latest', ...row, immutable: false },
        { name: 'v1.0.0', ...row, immutable: true },
      ],
      errors: [],
    });
  });

  it('leaves out the tags of referrers and signatures, and says so; all are shown on demand', async () => {
    const hex = '0123456789abcdef'.repeat(4);
    const machine = [`sha256-${hex}`, `sha256-${hex}.sig`];
    await using workspace = await pushed('v1.0.0', ...machine);
    const text = await workspace.run('list', 'layout:store');
    expect(firstColumn(text.stdout)).toEqual(['TAG', 'v1.0.0']);
    expect(text.stderr).toMatch(/^2 more .*--all.*\n$/);
    expect(firstColumn((await workspace.run('list', 'layout:store', '--all')).stdout)).toEqual([
      'TAG',
      ...machine,
      'v1.0.0',
    ]);
    const names = async (...options: string[]): Promise<readonly string[]> =>
      JSON.parse((await workspace.run('list', 'layout:store', '--json', ...options)).stdout).tags.map(
        ({ name }: { readonly name: string }) => name,
      );
    expect(await names()).toEqual(['v1.0.0']);
    expect(await names('--all', '--filter', '*.sig')).toEqual([machine[1]]);
  });

  it('filters, sorts and limits', async () => {
    await using workspace = await pushed('v1.10.0', 'v1.2.0', 'v2.0.0', 'latest');
    const list = async (...options: string[]): Promise<readonly string[]> =>
      firstColumn((await workspace.run('list', 'layout:store', ...options)).stdout).slice(1);
    expect(await list()).toEqual(['latest', 'v1.10.0', 'v1.2.0', 'v2.0.0']);
    expect(await list('--sort', 'version')).toEqual(['v2.0.0', 'v1.10.0', 'v1.2.0', 'latest']);
    expect(await list('--filter', 'v1.*', '--sort', 'version', '--limit', '1')).toEqual(['v1.10.0']);
    expect(await list('--filter', 'x*')).toEqual([]);
  });

  it('prints the rows that can be read, and fails for the others', async () => {
    await using workspace = await pushed('v1.0.0');
    const other = await workspace.run('push', '-a', 'changed.json', 'layout:store:v2.0.0');
    await rm(workspace.path(`store/blobs/${other.stdout.trim().replace(':', '/')}`));
    const text = await workspace.run('list', 'layout:store');
    expect(text.code).toBe(1);
    expect(firstColumn(text.stdout)).toEqual(['TAG', 'v1.0.0']);
    expect(text.stderr).toMatch(/^warning: v2\.0\.0: .*\nerror: .*1 of 2.*\nhint: .*\n$/);
    const json = await workspace.run('list', 'layout:store', '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      tags: [{ name: 'v1.0.0' }],
      errors: [{ tag: 'v2.0.0', code: 'NOT_FOUND', message: expect.any(String) }],
    });
    expect(errorOf(json)).toMatchObject({ code: 'INCOMPLETE', details: { missing: 1, of: 2 } });
  });

  it('refuses what it cannot use', async () => {
    await using workspace = await pushed('v1.0.0');
    const code = async (...options: string[]): Promise<number> => (await workspace.run('list', ...options)).code;
    expect(await code('layout:store:v1.0.0')).toBe(64);
    expect(await code('layout:store', '--limit', '0')).toBe(64);
    expect(await code('layout:store', '--limit', 'many')).toBe(64);
    expect(await code('layout:store', '--sort', 'size')).toBe(64);
    expect(await code('layout:store', '--filter', '')).toBe(64);
    expect(await code('layout:store', '-t', 'v1.0.0')).toBe(64);
    expect(await code('layout:missing')).toBe(3);
    expect(await code('layout:doc.json')).toBe(65);
  });
});
