import { beforeEach, describe, expect, it } from 'vitest';
import { parseRepositoryName } from '../../src/oci/index.ts';
import type { Node } from '../../src/views/tree/node.ts';
import { RepositoryTree } from '../../src/views/tree/repositoryTree.ts';
import { compileTagFilter } from '../../src/views/tree/tagView.ts';
import { artifact, blob, emptyConfig, imageManifest, type ManifestContent, putGraph } from '../support/artifacts.ts';
import { MemoryPlace } from './support/places.ts';

const repository = parseRepositoryName('app');

let place: MemoryPlace;
let pageSize: number;
let tree: RepositoryTree;
beforeEach(() => {
  place = new MemoryPlace();
  pageSize = 100;
  tree = new RepositoryTree({
    places: () => [place],
    placesHaveRows: true,
    pageSize: () => pageSize,
    changed: () => {},
    logError: () => {},
  });
});

async function rowsAt(...path: readonly string[]): Promise<readonly Node[]> {
  let level = await tree.children(undefined);
  for (const label of path) {
    const node = level.find((row) => tree.item(row).label === label);
    if (node === undefined) throw new Error(`No row ${label} among ${level.map((row) => tree.item(row).label)}`);
    level = await tree.children(node);
  }
  return level;
}

const labels = async (...path: readonly string[]) => (await rowsAt(...path)).map((row) => tree.item(row).label);
const tags = () => labels('r.example', 'app');

async function repositoryRow() {
  const [row] = await rowsAt('r.example');
  if (row === undefined) throw new Error('No repository');
  return tree.item(row);
}

async function push(...names: readonly string[]): Promise<void> {
  for (const [at, name] of names.entries()) await putGraph(place.repository('app'), artifact(at + 1), name);
}

describe('tags', () => {
  it('are shown by version, the highest first, whatever order the registry has', async () => {
    await push('1.2.0', 'latest', '1.10.0', '1.9.0');
    expect(await tags()).toEqual(['1.10.0', '1.9.0', '1.2.0', 'latest']);
    expect((await repositoryRow()).description).toBeUndefined();
  });

  it('come page by page in that order', async () => {
    pageSize = 2;
    await push('1.0.0', '3.0.0', '2.0.0');
    expect(await tags()).toEqual(['3.0.0', '2.0.0', 'Load more…']);
    const more = (await rowsAt('r.example', 'app')).at(-1);
    if (more) tree.loadMore(more);
    expect(await tags()).toEqual(['3.0.0', '2.0.0', '1.0.0']);
  });

  it('are sorted by name when that is wanted, and their repository says so', async () => {
    await push('b', '1.0.0', 'a');
    await tree.arrange(place, repository, { order: 'name' });
    expect(await tags()).toEqual(['1.0.0', 'a', 'b']);
    expect((await repositoryRow()).description).toBe('by name');
  });

  it('are sorted by date when that is wanted, those without one last', async () => {
    const made = (seed: number, created: string): ManifestContent =>
      imageManifest([blob(seed)], { annotations: { 'org.opencontainers.image.created': created } });
    const store = place.repository('app');
    for (const [tag, root] of [
      ['old', made(1, '2024-01-01T00:00:00Z')],
      ['new', made(2, '2026-01-01T00:00:00Z')],
      ['undated', imageManifest([blob(3)])],
    ] as const) {
      const blobs = [emptyConfig, blob(1), blob(2), blob(3)];
      await putGraph(store, { root, contents: [...blobs, root] }, tag);
    }
    await tree.arrange(place, repository, { order: 'created' });
    expect(await tags()).toEqual(['new', 'old', 'undated']);
  });

  it('are filtered, and their repository says how many of how many there are', async () => {
    await push('1.0.0', '1.1.0', '2.0.0');
    await tree.arrange(place, repository, { order: 'version', filter: '1.*' });
    expect(await tags()).toEqual(['1.1.0', '1.0.0']);
    const row = await repositoryRow();
    expect(row.description).toBe('1.*: 2 of 3');
    expect(row.contextValue).toBe('repository;filtered');
    expect(row.accessibilityInformation?.label).toBe('repository app, 1.*: 2 of 3');
    await tree.arrange(place, repository, { order: 'version' });
    expect(await tags()).toEqual(['2.0.0', '1.1.0', '1.0.0']);
    expect((await repositoryRow()).description).toBeUndefined();
  });

  it('that the filter hides all are a row that offers to change it', async () => {
    await push('1.0.0', '2.0.0');
    await tree.arrange(place, repository, { order: 'version', filter: 'rc' });
    const [row, ...others] = await rowsAt('r.example', 'app');
    expect(others).toEqual([]);
    expect(row && tree.item(row)).toMatchObject({
      label: 'No tag matches: Change Filter…',
      command: { command: 'floeOci.filterTags', arguments: [{ kind: 'repository', repository: 'app' }] },
    });
    expect((await repositoryRow()).description).toBe('rc: 0 of 2');
  });

  it('stay filtered when they are read again', async () => {
    await push('1.0.0', '2.0.0');
    await tree.arrange(place, repository, { order: 'version', filter: '2' });
    tree.refresh();
    expect(await tags()).toEqual(['2.0.0']);
  });

  it('that only carry what refers to something else are not shown', async () => {
    const { digest } = artifact(1).root.descriptor;
    const carrier = digest.replace(':', '-');
    await push('1.0.0', carrier, `${carrier}.sig`);
    expect(await tags()).toEqual(['1.0.0']);
    expect((await repositoryRow()).tooltip).toMatchObject({ value: expect.stringContaining('2 tags that carry') });
  });
});

describe('what refers to a manifest', () => {
  const { digest, mediaType, size } = artifact(1).root.descriptor;
  async function refer(seed: number, artifactType: string): Promise<void> {
    const root = imageManifest([blob(seed)], { artifactType, subject: { digest, mediaType, size } });
    await putGraph(place.repository('app'), { root, contents: [emptyConfig, blob(seed), root] });
  }

  it('is below it by kind, and unfolds to what it consists of', async () => {
    await push('1.0.0');
    await refer(90, 'application/vnd.cncf.notary.signature');
    await refer(91, 'application/spdx+json');
    await refer(92, 'application/vnd.cncf.notary.signature');
    const parts = ['config', 'file-0.bin', 'file-1.bin'];
    expect(await labels('r.example', 'app', '1.0.0')).toEqual([...parts, '2 signatures', '1 SBOM']);
    const rows = (await rowsAt('r.example', 'app', '1.0.0')).map((row) => tree.item(row));
    // Nobody has verified them, and nothing looks as if somebody had.
    expect(rows.at(-2)).toMatchObject({ description: 'not verified', iconPath: { id: 'unverified' } });
    expect(rows.at(-1)?.description).toBeUndefined();
    expect(await labels('r.example', 'app', '1.0.0', '1 SBOM')).toEqual(['SPDX']);
    expect(await labels('r.example', 'app', '1.0.0', '1 SBOM', 'SPDX')).toEqual(['config', 'layer']);
    const [row] = await rowsAt('r.example', 'app', '1.0.0', '1 SBOM');
    expect(row && tree.item(row).contextValue).toBe('manifest;referrer');
  });

  it('is also what cosign keeps under a tag of its own', async () => {
    await push('1.0.0', `${digest.replace(':', '-')}.sig`);
    expect((await labels('r.example', 'app', '1.0.0')).at(-1)).toBe('1 signature');
  });

  it('is a row of its own when it cannot be listed, below what the manifest consists of', async () => {
    await push('1.0.0');
    const broken = Object.assign(place.repository('app'), {
      referrers: async function* () {
        yield* [];
        throw new Error('no list');
      },
    });
    place.put('app', broken);
    expect(await labels('r.example', 'app', '1.0.0')).toEqual(['config', 'file-0.bin', 'file-1.bin', 'no list']);
  });
});

describe('reading a repository again', () => {
  it('leaves what is beside it as it is', async () => {
    await push('1.0.0');
    await putGraph(place.repository('other'), artifact(9), '1.0.0');
    await rowsAt('r.example', 'app');
    const [, other] = await rowsAt('r.example');
    const before = await rowsAt('r.example', 'other');
    await push('1.0.0', '2.0.0');
    await tree.rereadRepository(place, repository);
    expect(await tags()).toEqual(['2.0.0', '1.0.0']);
    expect((await rowsAt('r.example'))[1]).toBe(other);
    expect(await rowsAt('r.example', 'other')).toBe(before);
  });

  it('reads its place when there is no row of it', async () => {
    await push('1.0.0');
    await rowsAt('r.example');
    place.repository('fresh');
    expect((await tree.rereadRepository(place, parseRepositoryName('fresh')))?.id).toBe('r.example|fresh');
  });
});

describe('a filter', () => {
  it('is a glob where it has a character of one, else a part of the tag in either case', () => {
    expect(['v1.0', 'v2.0'].filter(compileTagFilter('v1.*'))).toEqual(['v1.0']);
    expect(['1.0-RC1', '1.0'].filter(compileTagFilter('rc'))).toEqual(['1.0-RC1']);
  });

  it('that is no glob is refused', () => {
    expect(() => compileTagFilter('[')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
