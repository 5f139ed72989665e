import { beforeEach, describe, expect, it } from 'vitest';
import type { TreeItem } from 'vscode';
import {
  OciError,
  type OciErrorCode,
  type OciErrorDetails,
  parseRepositoryName,
  parseTag,
} from '../../src/oci/index.ts';
import type { Node } from '../../src/views/tree/node.ts';
import { RepositoryTree } from '../../src/views/tree/repositoryTree.ts';
import { artifact, multiPlatform, putGraph } from '../support/artifacts.ts';
import { localPlace, MemoryPlace, type MemoryPlaceOptions } from './support/places.ts';

const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => {} }) };

let place: MemoryPlace;
let changed: (Node | undefined)[];
beforeEach(() => {
  place = new MemoryPlace();
  changed = [];
});

function treeOf(places: readonly MemoryPlace[], { pageSize = 100, placesHaveRows = true } = {}): RepositoryTree {
  return new RepositoryTree({
    places: () => places,
    placesHaveRows,
    pageSize: () => pageSize,
    changed: (node) => changed.push(node),
    logError: () => {},
  });
}

/** The rows below the row with these labels. */
async function rows(tree: RepositoryTree, ...path: readonly string[]): Promise<readonly Node[]> {
  let level = await tree.children(undefined);
  for (const label of path) {
    const node = level.find((row) => tree.item(row).label === label);
    if (node === undefined) throw new Error(`No row ${label} among ${level.map((row) => tree.item(row).label)}`);
    level = await tree.children(node);
  }
  return level;
}

async function labels(tree: RepositoryTree, ...path: readonly string[]): Promise<unknown[]> {
  return (await rows(tree, ...path)).map((row) => tree.item(row).label);
}

async function item(tree: RepositoryTree, ...path: readonly string[]): Promise<TreeItem> {
  const label = path.at(-1);
  const node = (await rows(tree, ...path.slice(0, -1))).find((row) => tree.item(row).label === label);
  if (node === undefined) throw new Error(`No row ${label}`);
  return tree.item(node);
}

describe('repositories', () => {
  it('ask nothing of a registry before its row is unfolded', async () => {
    expect(await labels(treeOf([place]))).toEqual(['r.example']);
    expect(place.requests).toBe(0);
  });

  it('are nested by the parts of their names; a name that is also a folder is both', async () => {
    for (const name of ['team/b', 'team', 'team/a/deep', 'other']) place.repository(name);
    const tree = treeOf([place]);
    expect(await labels(tree, 'r.example')).toEqual(['other', 'team', 'team']);
    const [, repository, folder] = await rows(tree, 'r.example');
    expect([repository?.kind, folder?.kind]).toEqual(['repository', 'folder']);
    expect((await tree.children(folder)).map((row) => row.id)).toEqual(['r.example|team/a/', 'r.example|team/b']);
  });

  it('come page by page, and folders are made over what is there so far', async () => {
    for (const name of ['a/1', 'a/2', 'b/1']) place.repository(name);
    const tree = treeOf([place], { pageSize: 2 });
    expect(await labels(tree, 'r.example')).toEqual(['a', 'Load more…']);
    const [, more] = await rows(tree, 'r.example');
    if (more) tree.loadMore(more);
    expect(await labels(tree, 'r.example')).toEqual(['a', 'b']);
    expect(await labels(tree, 'r.example', 'b')).toEqual(['1']);
  });

  it('have no "Load more" when the last page is full', async () => {
    for (const name of ['a', 'b']) place.repository(name);
    expect(await labels(treeOf([place], { pageSize: 2 }), 'r.example')).toEqual(['a', 'b']);
  });

  it('that are pinned show without being listed, once', async () => {
    place = new MemoryPlace({ pinned: ['z/pinned', 'listed'] });
    place.repository('listed');
    expect(await labels(treeOf([place]), 'r.example')).toEqual(['listed', 'z']);
  });

  it('that a registry does not have yet are a row that says so, and pushes the first', async () => {
    const [row] = await rows(treeOf([place]), 'r.example');
    expect(row && treeOf([place]).item(row)).toMatchObject({
      label: 'No repositories: Push…',
      command: { command: 'floeOci.pushHere', arguments: [{ parent: { id: 'r.example' } }] },
    });
    expect(await rows(treeOf([localPlace()], { placesHaveRows: false }))).toEqual([]);
  });

  it('of the Local store are the top rows', async () => {
    const local = localPlace();
    local.repository('floe/product');
    const tree = treeOf([local], { placesHaveRows: false });
    expect(await labels(tree)).toEqual(['floe']);
    const [folder] = await rows(tree);
    expect(folder && tree.parent(folder)).toBeUndefined();
  });
});

describe('a catalog that is closed', () => {
  const CLOSED = 'Repositories not listed: Add…';
  const refusal = <Code extends OciErrorCode>(code: Code, details: OciErrorDetails[Code]): MemoryPlaceOptions => ({
    catalogError: new OciError(code, 'x', details),
    pinned: ['team/product'],
  });

  it.each([
    refusal('UNSUPPORTED', { what: 'listing' }),
    refusal('DENIED', { registry: 'r.example', reason: '' }),
    refusal('UNAUTHORIZED', { registry: 'r.example', reason: '' }),
  ])('is a row that says so, below what is pinned', async (options) => {
    const tree = treeOf([new MemoryPlace(options)]);
    expect(await labels(tree, 'r.example')).toEqual(['team', CLOSED]);
    const row = await item(tree, 'r.example', CLOSED);
    expect(row.command).toMatchObject({ command: 'floeOci.addRepository', arguments: [{ kind: 'closedCatalog' }] });
  });

  it('is opened for the projects that the user has named', async () => {
    const options = { ...refusal('UNSUPPORTED', { what: 'listing' }), projects: ['acme'] };
    const closed = new MemoryPlace(options);
    for (const name of ['acme/a', 'acme/b', 'other/c']) closed.repository(name);
    const tree = treeOf([closed], { pageSize: 1 });
    const rest = 'Others not listed: Add…';
    expect(await labels(tree, 'r.example')).toEqual(['acme', 'team', rest, 'Load more…']);
    expect(await labels(tree, 'r.example', 'acme')).toEqual(['a']);
    const more = (await rows(tree, 'r.example')).at(-1);
    if (more) tree.loadMore(more);
    expect(await labels(tree, 'r.example')).toEqual(['acme', 'team', rest]);
    expect(await labels(tree, 'r.example', 'acme')).toEqual(['a', 'b']);
    expect((await item(tree, 'r.example', 'acme')).contextValue).toBe('folder;pinned');
  });

  it('is not taken for one when the registry does not let us in at all', async () => {
    const options = { ...refusal('UNAUTHORIZED', { registry: 'r.example', reason: '' }), open: false };
    const row = (await rows(treeOf([new MemoryPlace(options)]), 'r.example')).at(-1);
    expect(row).toMatchObject({ kind: 'error', error: { code: 'UNAUTHORIZED' } });
  });
});

describe('tags', () => {
  it('of a repository without any make its description say so', async () => {
    place.repository('empty');
    const tree = treeOf([place]);
    expect(await rows(tree, 'r.example', 'empty')).toEqual([]);
    const row = await item(tree, 'r.example', 'empty');
    expect(row.description).toBe('no tags');
    expect(row.accessibilityInformation?.label).toBe('repository empty, no tags');
    expect(changed).toMatchObject([{ id: 'r.example|empty' }]);
  });

  it('show config and layers, and then their digest and size', async () => {
    const graph = artifact(1, { layers: 2, size: 50 });
    const { digest } = await putGraph(place.repository('app'), graph, '1.0.0');
    const tree = treeOf([place]);
    expect((await item(tree, 'r.example', 'app', '1.0.0')).description).toBeUndefined();
    expect(await labels(tree, 'r.example', 'app', '1.0.0')).toEqual(['config', 'file-0.bin', 'file-1.bin']);
    expect((await item(tree, 'r.example', 'app', '1.0.0')).description).toBe(`100 B · ${digest.slice(7, 19)}`);
    expect((await item(tree, 'r.example', 'app', '1.0.0', 'file-0.bin')).description).toMatch(
      /^50 B · octet-stream · [0-9a-f]{12}$/,
    );
  });

  it('of an index show its manifests, and they what they consist of', async () => {
    await putGraph(place.repository('app'), multiPlatform(1), 'latest');
    const tree = treeOf([place]);
    expect(await labels(tree, 'r.example', 'app', 'latest')).toEqual(['manifest', 'manifest']);
    expect(await labels(tree, 'r.example', 'app', 'latest', 'manifest')).toContain('config');
  });

  it('have ids that are the same after a refresh', async () => {
    await putGraph(place.repository('app'), artifact(1), '1.0.0');
    const tree = treeOf([place]);
    const ids = async () => (await rows(tree, 'r.example', 'app', '1.0.0')).map((row) => row.id);
    const before = await ids();
    tree.refresh();
    expect(await ids()).toEqual(before);
    expect(before[0]).toMatch(/^r\.example\|app\|1\.0\.0\|sha256:[0-9a-f]{64}$/);
    expect(new Set(before).size).toBe(before.length);
  });

  it('have a tooltip with everything, free of markup from the registry', async () => {
    await putGraph(place.repository('app'), artifact(1), '1.0.0');
    const tree = treeOf([place]);
    const [tag] = await rows(tree, 'r.example', 'app');
    if (tag === undefined) throw new Error('No tag');
    const { tooltip } = await tree.resolve(tree.item(tag), tag, never);
    expect(tooltip).toMatchObject({ value: expect.stringContaining('sha256:') });
    expect(tooltip).not.toHaveProperty('isTrusted', true);
  });
});

describe('what goes wrong', () => {
  it('is one row where it went wrong, and leaves the others alone', async () => {
    const broken = new MemoryPlace({
      id: 'broken.example',
      catalogError: new OciError('REGISTRY_UNAVAILABLE', 'x', { registry: 'broken.example', reason: '', status: 503 }),
    });
    place.repository('app');
    const tree = treeOf([broken, place]);
    const row = await item(tree, 'broken.example', 'Cannot be reached');
    expect(row.contextValue).toBe('error;retry');
    expect(row.description).toBe('broken.example cannot be reached (HTTP 503).');
    expect(await labels(tree, 'r.example')).toEqual(['app']);
  });

  it('is tried again by refreshing its row', async () => {
    const store = place.repository('app');
    const tree = treeOf([place]);
    const [tagless] = await rows(tree, 'r.example');
    expect(tagless && (await tree.children(tagless))).toEqual([]);
    await putGraph(store, artifact(1), '1.0.0');
    if (tagless) tree.refresh(tagless);
    expect(await labels(tree, 'r.example', 'app')).toEqual(['1.0.0']);
  });

  it('is never that a refresh ended what was being read', async () => {
    await putGraph(place.repository('app'), artifact(1), '1.0.0');
    const tree = treeOf([place]);
    const [app] = await rows(tree, 'r.example');
    const early = tree.children(app);
    if (app) tree.refresh(app);
    expect((await early).map((row) => tree.item(row).label)).toEqual(['1.0.0']);
  });
});

describe('finding a row again', () => {
  it('reads further pages on the way', async () => {
    const store = place.repository('team/app');
    for (const tag of ['1', '2', '3', '4', '5']) await putGraph(store, artifact(Number(tag)), tag);
    const tree = treeOf([place], { pageSize: 2 });
    const row = await tree.find(place, parseRepositoryName('team/app'), parseTag('5'));
    expect(row?.id).toBe('r.example|team/app|5');
    const ancestors = [row, row && tree.parent(row), row?.parent && tree.parent(row.parent)].map((node) => node?.id);
    expect(ancestors).toEqual(['r.example|team/app|5', 'r.example|team/app', 'r.example|team/']);
  });

  it('gives nothing when it is not there', async () => {
    place.repository('app');
    const tree = treeOf([place]);
    expect(await tree.find(place, parseRepositoryName('app'), parseTag('1'))).toBeUndefined();
    expect(await tree.find(place, parseRepositoryName('other'))).toBeUndefined();
  });
});

describe('the credential of a registry', () => {
  const account = { username: 'ada', source: '/home/ada/.docker/config.json' };

  async function tooltipOf(shown: MemoryPlace): Promise<string> {
    const tree = treeOf([shown]);
    const [node] = await rows(tree);
    if (node === undefined) throw new Error('No registry');
    return String(Object(await tree.resolve(tree.item(node), node, never)).tooltip.value);
  }

  it('is in its tooltip: whose it is, and where it is from', async () => {
    const text = await tooltipOf(new MemoryPlace({ account }));
    expect(text).toContain('Signed in as: ada');
    expect(text).toContain('Credential from: /home/ada/.docker/config.json');
  });

  it('is none where nobody is signed in', async () => {
    expect(await tooltipOf(place)).toContain('nobody');
  });

  it('may go to anybody where the certificate is not verified, and its row says so', async () => {
    const unverified = new MemoryPlace({ label: 'Mine', account, isUnverified: true });
    const row = await item(treeOf([unverified]), 'Mine');
    expect(row.description).toBe('r.example · certificate not verified');
    expect(row.iconPath).toMatchObject({ id: 'warning' });
    expect(await tooltipOf(unverified)).toContain('Certificate: Not verified');
  });

  it('that was refused is on its row, which offers to edit it', async () => {
    const refused = new MemoryPlace({ label: 'Mine', account, refused: account });
    const row = await item(treeOf([refused]), 'Mine');
    expect(row.description).toBe('r.example · credentials refused, reading what is public');
    expect(row.contextValue).toBe('registry;credentials');
    expect(row.accessibilityInformation?.label).toContain('credentials refused');
    expect(await tooltipOf(refused)).toContain('Refused: ada from');
  });

  it('is shown anew on the row alone, without reading anything again', async () => {
    await putGraph(place.repository('app'), artifact(1), '1.0.0');
    const tree = treeOf([place]);
    await rows(tree, 'r.example');
    const before = place.requests;
    tree.redraw('r.example');
    tree.redraw('s.example');
    expect(changed).toEqual([expect.objectContaining({ kind: 'place', id: 'r.example' })]);
    await rows(tree, 'r.example');
    expect(place.requests).toBe(before);
  });

  it('that is wanted hides no repository that was added by name', async () => {
    const catalogError = new OciError('UNAUTHORIZED', 'x', { registry: 'r.example', reason: '' });
    const closed = new MemoryPlace({ pinned: ['team/product'], catalogError, open: false });
    expect(await labels(treeOf([closed]), 'r.example')).toEqual(['team', 'Sign in to see this']);
  });
});
