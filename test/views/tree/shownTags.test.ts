import { beforeEach, describe, expect, it } from 'vitest';
import { parseRepositoryName } from '../../../src/oci/index.ts';
import { SeenTags } from '../../../src/views/seenTags.ts';
import type { Node, TagNode } from '../../../src/views/tree/node.ts';
import { RepositoryTree } from '../../../src/views/tree/repositoryTree.ts';
import { artifact, multiPlatform, putGraph } from '../../support/artifacts.ts';
import { MemoryPlace } from '../support/places.ts';
import { MemoryState } from '../support/state.ts';

const repository = parseRepositoryName('app');
/** On a machine that has other things to do. */
const PATIENCE = { timeout: 20_000 };

let place: MemoryPlace;
let state: MemoryState;
let seen: SeenTags;
let changed: (Node | undefined)[];
let marks: (string | undefined)[];
let tree: RepositoryTree;
beforeEach(async () => {
  place = new MemoryPlace();
  state = new MemoryState();
  await putGraph(place.repository('app'), artifact(1), 'latest');
  open();
});

/** As in a window of its own. */
function open(): void {
  changed = [];
  marks = [];
  seen = new SeenTags(state, { warn: () => {} });
  tree = new RepositoryTree({
    places: () => [place],
    placesHaveRows: true,
    pageSize: () => 100,
    seen,
    changed: (node) => changed.push(node),
    marksChanged: (id) => marks.push(id),
    logError: () => {},
  });
}

async function row(): Promise<TagNode> {
  await tree.children(undefined);
  const node = await tree.find(place, repository, 'latest' as TagNode['tag']);
  if (node?.kind !== 'tag') throw new Error('No row');
  return node;
}

/** The row is drawn, comes into view, and is drawn anew when it says something else. */
async function lookedAt(): Promise<TagNode> {
  const node = await row();
  tree.item(node);
  tree.inView(node.id);
  await expect.poll(() => node.content, PATIENCE).toBeDefined();
  await expect.poll(() => changed.includes(node), PATIENCE).toBe(true);
  return node;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const short = (seed: number): string => artifact(seed).root.descriptor.digest.slice('sha256:'.length).slice(0, 12);

describe('a tag in view', () => {
  it('shows its digest and size without being unfolded', async () => {
    const node = await lookedAt();
    expect(tree.item(node).description).toBe(`128 B · ${short(1)}`);
  });

  it('is asked about again when it was read anew, for VS Code does not by itself', async () => {
    await lookedAt();
    tree.refresh();
    tree.item(await row());
    await expect.poll(() => marks, PATIENCE).toEqual([undefined]);
  });
});

describe('a tag that is unfolded', () => {
  it('shows its digest and size before it is folded', async () => {
    const node = await row();
    tree.item(node);
    await tree.children(node);
    await expect.poll(() => changed.includes(node), PATIENCE).toBe(true);
    expect(tree.item(node).description).toContain(short(1));
  });

  it('waits until it is folded where a row below it can be unfolded, for that would stay empty', async () => {
    await putGraph(place.repository('app'), multiPlatform(3), 'latest');
    const node = await row();
    tree.item(node);
    await tree.children(node);
    await settled();
    expect(changed).not.toContain(node);
    tree.folded(node);
    expect(changed).toContain(node);
  });

  it('is known before it is shown again, when it is read anew', async () => {
    const node = await row();
    tree.item(node);
    await tree.children(node);
    await settled();
    tree.refresh();
    expect((await row()).content).toBeDefined();
  });

  it('is not drawn anew when it says the same as before', async () => {
    const node = await lookedAt();
    tree.item(node);
    changed = [];
    await tree.children(node);
    await tree.children(node);
    expect(changed).toEqual([]);
  });
});

describe('a tag that leads elsewhere than when it was seen', () => {
  it('says so in its row, its tooltip and its mark, in the next window too', async () => {
    await lookedAt();
    seen.dispose();
    await putGraph(place.repository('app'), artifact(2), 'latest');
    open();
    const node = await lookedAt();
    const item = tree.item(node);
    expect(item.description).toBe(`moved · 128 B · ${short(2)}`);
    expect(item.contextValue).toBe('tag;moved');
    expect(item.accessibilityInformation?.label).toContain('moved');
    expect(item.tooltip).toMatchObject({ value: expect.stringContaining(short(1)) });
    expect(tree.inView(node.id)).toMatchObject({ badge: '≠', tooltip: expect.stringContaining(short(1)) });
    expect(marks).toEqual([node.id]);
    seen.dispose();
  });
});
