import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { EMPTY_DESCRIPTOR } from '../../../src/oci/index.ts';
import { readTree } from '../../support/fileTree.ts';
import { errorOf } from '../support/runCli.ts';
import { changedSample, makeWorkspace, sample, type Workspace } from '../support/workspace.ts';

async function pushed(...tags: readonly string[]): Promise<Workspace> {
  const workspace = await makeWorkspace();
  for (const tag of tags) await workspace.run('push', '-a', 'doc.json', '-r', 'layout:store', '-t', tag);
  return workspace;
}

/** Damages the blob of a digest, keeping its size. */
async function damage(workspace: Workspace, digest: string): Promise<void> {
  const path = workspace.path(`store/blobs/${digest.replace(':', '/')}`);
  const bytes = await readFile(path);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

describe('pull of compiled artifacts', () => {
  it('writes the exact bytes to stdout', async () => {
    await using workspace = await pushed('v1.0.0');
    const { code, bytes, stderr } = await workspace.run('pull', '-r', 'layout:store', '-t', 'v1.0.0');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(bytes).toEqual(sample);
    const dashed = await workspace.run('pull', '-r', 'layout:store', '-t', 'v1.0.0', '-o', '-');
    expect(dashed.bytes).toEqual(sample);
    const files = await workspace.run('pull', 'layout:store:v1.0.0', '-o', '-', '--json');
    expect([files.code, errorOf(files).code, existsSync(workspace.path('-'))]).toEqual([64, 'WRONG_USAGE', false]);
    // As from a variable that is not set.
    expect((await workspace.run('pull', 'layout:store:v1.0.0', '-o', '')).code).toBe(64);
  });

  it('replaces a file, and tells scripts what it wrote', async () => {
    await using workspace = await pushed('v1.0.0');
    await writeFile(workspace.path('out.json'), 'old');
    const pull = ['pull', '-r', 'layout:store', '-t', 'v1.0.0', '-o', 'out.json'];
    const { code, stdout } = await workspace.run(...pull, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      reference: 'layout:store:v1.0.0',
      digest: (await workspace.run('resolve', 'layout:store:v1.0.0')).stdout.trim(),
      source: 'registry',
      files: [{ path: workspace.path('out.json'), digest: expect.any(String), size: sample.length }],
    });
    expect(await readFile(workspace.path('out.json'))).toEqual(sample);
    expect((await workspace.run(...pull)).stdout).toBe('');
  });

  it('takes a digest in the place of a tag', async () => {
    await using workspace = await pushed('v1.0.0');
    const digest = (await workspace.run('resolve', 'layout:store:v1.0.0')).stdout.trim();
    expect((await workspace.run('pull', '-r', `layout:store@${digest}`)).bytes).toEqual(sample);
  });

  it('chooses the highest version in a range', async () => {
    await using workspace = await pushed('v1.2.0', 'v1.10.0-rc.1', 'v2.0.0', 'latest');
    await workspace.run('push', '-a', 'changed.json', 'layout:store:v1.9.0');
    const pull = ['pull', '-r', 'layout:store', '--version-constraint'];
    expect((await workspace.run(...pull, 'v1.*')).bytes).toEqual(changedSample);
    const none = await workspace.run(...pull, '^3.0.0', '--json');
    expect(none).toMatchObject({ code: 3, stdout: '' });
    expect(errorOf(none)).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('^3.0.0') });
    expect((await workspace.run(...pull, 'one')).code).toBe(64);
    expect((await workspace.run(...pull, 'v1.*', '-t', 'v1.2.0')).code).toBe(64);
  });

  it('leaves what was there when the content is damaged, in a file as on stdout', async () => {
    await using workspace = await pushed('v1.0.0');
    const { layers } = JSON.parse((await workspace.run('inspect', 'layout:store:v1.0.0', '--json')).stdout);
    await damage(workspace, layers[0].digest);
    await writeFile(workspace.path('out.json'), 'old');
    const pull = ['pull', '-r', 'layout:store', '-t', 'v1.0.0'];
    expect(await workspace.run(...pull)).toMatchObject({ code: 6, stdout: '' });
    const toFile = await workspace.run(...pull, '-o', 'out.json', '--json');
    expect(toFile).toMatchObject({ code: 6, stdout: '' });
    expect(errorOf(toFile).code).toBe('DIGEST_MISMATCH');
    expect(await readFile(workspace.path('out.json'), 'utf8')).toBe('old');
    expect(await readdir(workspace.folder)).toEqual(['changed.json', 'doc.json', 'out.json', 'store']);
  });

  it('needs a place to write to', async () => {
    await using workspace = await pushed('v1.0.0');
    await mkdir(workspace.path('folder'));
    const pull = ['pull', '-r', 'layout:store', '-t', 'v1.0.0', '--json', '-o'];
    for (const output of ['missing/out.json', 'folder', 'doc.json/out.json']) {
      const result = await workspace.run(...pull, output);
      expect(result).toMatchObject({ code: 73, stdout: '' });
      expect(errorOf(result).code).toBe('FILE_NOT_WRITABLE');
    }
  });

  it('refuses another kind of artifact', async () => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', 'layout:store:v1', 'doc.json:text/plain');
    await workspace.run('push', 'layout:store:v2', 'changed.json:text/plain');
    const result = await workspace.run('pull', '-r', 'layout:store', '-t', 'v1', '--json');
    expect(result).toMatchObject({ code: 65, stdout: '' });
    expect(errorOf(result)).toMatchObject({ code: 'WRONG_ARTIFACT_TYPE' });
  });

  it('warns when the document does not keep the contract, and pulls it all the same', async () => {
    await using workspace = await makeWorkspace({ 'odd.json': '{"version": "0.10.0"}' });
    await workspace.run('push', '-a', 'odd.json', 'layout:store:v1', '--no-validate');
    const { code, stdout, stderr } = await workspace.run('pull', '-r', 'layout:store', '-t', 'v1');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"version": "0.10.0"}' });
    expect(stderr).toMatch(/^warning: layout:store:v1: /);
  });

  it('is not found', async () => {
    await using workspace = await pushed('v1.0.0');
    for (const place of [
      ['-r', 'layout:store', '-t', 'v2'],
      ['-r', 'layout:missing', '-t', 'v1'],
    ]) {
      const result = await workspace.run('pull', ...place, '--json');
      expect(result).toMatchObject({ code: 3, stdout: '' });
      expect(errorOf(result).code).toBe('NOT_FOUND');
    }
  });
});

describe('pull of files', () => {
  async function withFiles(): Promise<Workspace> {
    const workspace = await makeWorkspace({ docs: { 'a.txt': 'alpha' }, 'b.txt': 'beta' });
    await workspace.run('push', 'layout:store:v1', 'docs/a.txt', 'b.txt');
    return workspace;
  }

  it('puts each where its title says, below a folder', async () => {
    await using workspace = await withFiles();
    const { code, stdout } = await workspace.run('pull', 'layout:store:v1', '-o', 'out', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      reference: 'layout:store:v1',
      source: 'registry',
      files: [
        { path: workspace.path('out/docs/a.txt'), size: 5 },
        { path: workspace.path('out/b.txt'), size: 4 },
      ],
    });
    expect(await readTree(workspace.path('out'))).toEqual({ docs: null, 'docs/a.txt': 'alpha', 'b.txt': 'beta' });
  });

  it('takes an identical file as pulled, and a different one only with --force', async () => {
    await using workspace = await withFiles();
    expect((await workspace.run('pull', 'layout:store:v1')).code).toBe(0);
    await writeFile(workspace.path('b.txt'), 'other');
    const refused = await workspace.run('pull', 'layout:store:v1', '--json');
    expect(refused).toMatchObject({ code: 73, stdout: '' });
    expect(errorOf(refused)).toMatchObject({ code: 'FILE_EXISTS', details: { path: workspace.path('b.txt') } });
    expect(await readFile(workspace.path('b.txt'), 'utf8')).toBe('other');
    expect((await workspace.run('pull', 'layout:store:v1', '--force')).code).toBe(0);
    expect(await readFile(workspace.path('b.txt'), 'utf8')).toBe('beta');
  });

  it('pulls compiled artifacts too', async () => {
    await using workspace = await pushed('v1.0.0');
    expect((await workspace.run('pull', 'layout:store:v1.0.0', '-o', 'out')).code).toBe(0);
    expect(await readFile(workspace.path('out/compiled_artifacts.json'))).toEqual(sample);
  });

  it('does not pass for success when a layer has no name', async () => {
    await using workspace = await withFiles();
    const named = { ...EMPTY_DESCRIPTOR, mediaType: 'text/plain' };
    const index = JSON.parse(await readFile(workspace.path('store/index.json'), 'utf8'));
    const path = workspace.path(`store/blobs/${index.manifests[0].digest.replace(':', '/')}`);
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    for (const layer of manifest.layers) delete layer.annotations;
    await writeFile(workspace.path('m.json'), JSON.stringify({ ...manifest, config: named }));
    const { digestOf } = await import('../../../src/oci/index.ts');
    const bytes = await readFile(workspace.path('m.json'));
    const digest = digestOf(bytes);
    await writeFile(workspace.path(`store/blobs/${digest.replace(':', '/')}`), bytes);
    const result = await workspace.run('pull', `layout:store@${digest}`, '-o', 'out', '--json');
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout).files).toEqual([]);
    expect(errorOf(result)).toMatchObject({ code: 'INCOMPLETE', details: { missing: 2, of: 2 } });
  });

  it('has options of its own', async () => {
    await using workspace = await withFiles();
    expect((await workspace.run('pull', 'layout:store:v1', '--version-constraint', 'v1.*')).code).toBe(64);
    expect((await workspace.run('pull', '-r', 'layout:store', '-t', 'v1', '--force')).code).toBe(64);
    expect((await workspace.run('pull', 'layout:store')).code).toBe(64);
    expect((await workspace.run('pull', 'layout:store:v1', 'layout:store:v2')).code).toBe(64);
    expect((await workspace.run('pull')).code).toBe(64);
  });
});
