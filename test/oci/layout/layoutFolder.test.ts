import { symlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LayoutFolder } from '../../../src/oci/layout/layoutFolder.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { parseRepositoryName, type RepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/storeContract.ts';
import { tagsOf } from './support/layouts.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

async function repositoriesOf(folder: LayoutFolder): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of folder.repositories()) names.push(name);
  return names;
}

describe('a folder of layouts', () => {
  it('has no repositories when it does not exist', async () => {
    expect(await repositoriesOf(new LayoutFolder(join(temporaryFolder(), 'missing')))).toEqual([]);
  });

  it('has each layout as a repository named by its path, in lexical order', async () => {
    const folder = new LayoutFolder(temporaryFolder());
    const names = ['team/product', 'team', 'team-a', 'team.b/x', 'a/b/c/d', 'zoo', 'team/product/part', 'team0'];
    for (const name of names) {
      await putGraph(await folder.open(parseRepositoryName(name), { create: true }), artifact(1), 'v1');
    }
    expect(await repositoriesOf(folder)).toEqual([...names].sort());
  });

  it('opens what is there, and says what is not', async () => {
    const folder = new LayoutFolder(temporaryFolder());
    const name = parseRepositoryName('team/product');
    await expect(folder.open(name)).rejects.toEqual(failure('NOT_FOUND', { kind: 'layout' }));
    expect(await repositoriesOf(folder)).toEqual([]);
    await putGraph(await folder.open(name, { create: true }), artifact(1), 'v1');
    expect(await tagsOf(await folder.open(name))).toEqual(['v1']);
    expect(folder.pathOf(name)).toBe(join(folder.root, 'team', 'product'));
  });

  it('keeps a repository apart from the files of the one above it', async () => {
    const folder = new LayoutFolder(temporaryFolder());
    const names = [
      'team',
      'team/blobs',
      'team/blobs/sha256',
      'team/index.json',
      'team/index.json.lock',
      'team/oci-layout',
      'nul',
    ];
    for (const name of names) {
      await putGraph(await folder.open(parseRepositoryName(name), { create: true }), artifact(1), 'v1');
    }
    expect(await repositoriesOf(folder)).toEqual([...names].sort());
    for (const name of names) expect(await tagsOf(await folder.open(parseRepositoryName(name)))).toEqual(['v1']);
  });

  it('does not see what is no layout or no repository name, nor what links lead to', async () => {
    const root = temporaryFolder();
    const folder = new LayoutFolder(root);
    await LayoutStore.open(join(root, 'Upper'), { create: true });
    await LayoutStore.open(join(root, '.hidden'), { create: true });
    await LayoutStore.open(join(root, '_team'), { create: true });
    await mkdir(join(root, 'plain', 'folder'), { recursive: true });
    await writeFile(join(root, 'file'), '');
    const outside = temporaryFolder();
    await LayoutStore.open(outside, { create: true });
    symlinkSync(outside, join(root, 'link'));
    await mkdir(join(root, 'marked'));
    symlinkSync(join(outside, 'oci-layout'), join(root, 'marked', 'oci-layout'));
    expect(await repositoriesOf(folder)).toEqual([]);
  });

  it('never leaves its root, whatever the name', async () => {
    const folder = new LayoutFolder(temporaryFolder());
    for (const name of ['../x', '/etc', 'a//b', 'a/../../x', '']) {
      await expect(async () => folder.open(name as RepositoryName, { create: true })).rejects.toEqual(
        failure('INVALID_REFERENCE', { part: 'repository' }),
      );
    }
  });

  it('stops listing when it is cancelled', async () => {
    const folder = new LayoutFolder(temporaryFolder());
    await expect(folder.repositories({ signal: AbortSignal.abort() }).next()).rejects.toEqual(failure('CANCELLED'));
  });
});
