import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const PLACES: Readonly<Record<string, (registry: TestRegistry) => string>> = {
  'a layout': () => 'layout:out',
  'a registry': ({ host }) => `oci://${host}/team/orders`,
};

async function withTags(place: (registry: TestRegistry) => string, quirks = {}) {
  const workspace = await makeWorkspace({ 'notes.txt': 'good' });
  const registry = await startRegistry({ quirks });
  const repository = place(registry);
  const digest = (await workspace.run('push', '-a', 'doc.json', `${repository}:v1.0.0`)).stdout.trim();
  await workspace.run('push', '-a', 'doc.json', `${repository}:latest`);
  await workspace.run('push', '-a', 'changed.json', `${repository}:v1.0.1`);
  return {
    workspace,
    repository,
    digest,
    registry,
    async [Symbol.asyncDispose]() {
      await registry.close();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

async function tagsIn(workspace: Workspace, repository: string): Promise<readonly string[]> {
  const { tags } = JSON.parse((await workspace.run('list', repository, '--json')).stdout);
  return tags.map(({ name }: { name: string }) => name);
}

describe.each(Object.entries(PLACES))('delete in %s', (_, place) => {
  it('removes a tag alone', async () => {
    await using all = await withTags(place);
    const deleted = await all.workspace.run('delete', `${all.repository}:v1.0.0`, '--yes');
    expect(deleted).toEqual(
      expect.objectContaining({ code: 0, stdout: `Removed the tag v1.0.0 from ${all.repository}.\n`, stderr: '' }),
    );
    expect(await tagsIn(all.workspace, all.repository)).toEqual(['latest', 'v1.0.1']);
    expect((await all.workspace.run('resolve', `${all.repository}:latest`)).stdout.trim()).toBe(all.digest);
  });

  it.each([
    ['by digest', (repository: string, digest: string) => [`${repository}@${digest}`]],
    ['by tag and digest', (repository: string, digest: string) => [`${repository}:v1.0.1@${digest}`]],
    ['by tag with --manifest', (repository: string) => ['-r', repository, '-t', 'latest', '--manifest']],
  ] as const)('removes a manifest %s, with all its tags and no other', async (_way, operands) => {
    await using all = await withTags(place);
    const argv = ['delete', ...operands(all.repository, all.digest), '--yes', '--json'];
    const { code, stdout } = await all.workspace.run(...argv);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        reference: expect.any(String),
        removed: 'manifest',
        digest: all.digest,
        tags: ['latest', 'v1.0.0'],
        referrers: [],
      },
    ]);
    expect(await tagsIn(all.workspace, all.repository)).toEqual(['v1.0.1']);
  });

  it('asks on a terminal, naming what goes and what stays', async () => {
    await using all = await withTags(place);
    const attach = [
      'attach',
      `${all.repository}:latest`,
      'notes.txt',
      '--artifact-type',
      'application/vnd.example.notes',
    ];
    const notes = (await all.workspace.run(...attach)).stdout.trim();
    const questions: string[] = [];
    const answering = (answer: boolean) => ({
      confirm: async (question: string) => {
        questions.push(question);
        return answer;
      },
    });
    const argv = ['delete', `${all.repository}:latest`, '--manifest'];
    const refused = await all.workspace.runIn(answering(false), ...argv);
    expect(refused).toMatchObject({ code: 130, stdout: '' });
    expect(await tagsIn(all.workspace, all.repository)).toHaveLength(3);
    expect(await all.workspace.runIn(answering(true), ...argv)).toMatchObject({ code: 0 });
    for (const part of [all.digest, 'latest, v1.0.0', notes]) expect(questions[0]).toContain(part);
    expect(await tagsIn(all.workspace, all.repository)).toEqual(['v1.0.1']);
  });

  it.each([[], ['--manifest']])('needs --yes where nobody can be asked %j', async (...flags) => {
    await using all = await withTags(place);
    const result = await all.workspace.run('delete', `${all.repository}:latest`, ...flags, '--json');
    expect(result).toMatchObject({ code: 64, stdout: '' });
    expect(errorOf(result).hint).toContain('--yes');
    expect(await tagsIn(all.workspace, all.repository)).toHaveLength(3);
  });

  it('is exit 3 for what is not there, and 64 for no version or too much', async () => {
    await using all = await withTags(place);
    const { workspace, repository, digest } = all;
    const codeOf = async (...operands: string[]) => (await workspace.run('delete', ...operands, '--yes')).code;
    expect(await codeOf(`${repository}:v9`)).toBe(3);
    expect(await codeOf(`${repository}:v9`, '--manifest')).toBe(3);
    expect(await codeOf(`${repository}@${digest.replace(/.{4}$/, '0000')}`)).toBe(3);
    expect(await codeOf(repository)).toBe(64);
    expect(await codeOf(`${repository}:v1.0.0`, `${repository}:v1.0.1`)).toBe(64);
    expect(await tagsIn(workspace, repository)).toHaveLength(3);
  });
});

describe('delete in a registry that cannot', () => {
  const inRegistry = ({ host }: TestRegistry) => `oci://${host}/team/orders`;

  it('remove a tag says why, and removes nothing', async () => {
    await using all = await withTags(inRegistry, { tagDeletion: false });
    const result = await all.workspace.run('delete', `${all.repository}:v1.0.0`, '--yes', '--json');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('without its manifest'),
    });
    expect(await tagsIn(all.workspace, all.repository)).toHaveLength(3);
    expect(all.registry.requests({ method: 'DELETE', path: /manifests/ })).toHaveLength(1);
    expect(errorOf(result).hint).toMatch(/takes all its tags along/);
  });

  it('remove anything says so', async () => {
    await using all = await withTags(inRegistry, { deletion: false });
    const result = await all.workspace.run('delete', `${all.repository}@${all.digest}`, '--yes', '--json');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(result).code).toBe('UNSUPPORTED');
  });
});
