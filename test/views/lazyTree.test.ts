import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TreeItem } from 'vscode';
import { LazyTree } from '../../src/views/lazyTree.ts';

interface Row {
  readonly name: string;
  readonly parent?: Row;
}

const repository: Row = { name: 'repository' };
const other: Row = { name: 'other' };
const tag: Row = { name: 'tag', parent: repository };
const layer: Row = { name: 'layer', parent: tag };

/** What is being read, by the name of the row it is below. */
let reads: Map<string | undefined, PromiseWithResolvers<readonly Row[]>>;
let tree: LazyTree<Row>;
beforeEach(() => {
  reads = new Map();
  tree = new LazyTree<Row>(async () => ({
    children: (row) => {
      const read = Promise.withResolvers<readonly Row[]>();
      reads.set(row?.name, read);
      return read.promise;
    },
    item: ({ name }) => ({ id: name }) as TreeItem,
    parent: ({ parent }) => parent,
  }));
});

/** Has begun to read, after the microtasks that takes. */
async function begin(row: Row | undefined): Promise<{ readonly rows: Promise<Row[]> }> {
  const rows = tree.getChildren(row);
  await new Promise(setImmediate);
  return { rows };
}

describe('rows that are being read', () => {
  it('are given when they are there', async () => {
    const { rows } = await begin(tag);
    reads.get('tag')?.resolve([layer]);
    expect(await rows).toEqual([layer]);
  });

  it('are none when the view asks for a row above again: it has forgotten where they belong', async () => {
    const { rows } = await begin(tag);
    await tree.getTreeItem(repository);
    expect(await rows).toEqual([]);
    // It asks for them anew.
    const again = await begin(tag);
    reads.get('tag')?.resolve([layer]);
    expect(await again.rows).toEqual([layer]);
  });

  it.each([repository, undefined])('are none when the view reads again what is below a row above', async (above) => {
    const { rows } = await begin(tag);
    await begin(above);
    expect(await rows).toEqual([]);
  });

  it.each([other, tag, layer])(
    'come all the same when the view asks for another row, the same or one below',
    async (row) => {
      const { rows } = await begin(tag);
      await tree.getTreeItem(row);
      await begin(row === tag ? other : row);
      reads.get('tag')?.resolve([layer]);
      expect(await rows).toEqual([layer]);
    },
  );
});

describe('a row that has changed just after what is below it was given', () => {
  const changes: (Row | undefined)[] = [];
  beforeEach(async () => {
    changes.length = 0;
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    tree.onDidChangeTreeData((row) => changes.push(row));
    const { rows } = await begin(repository);
    reads.get('repository')?.resolve([tag]);
    await rows;
    tree.changed(repository);
    vi.advanceTimersByTime(1);
    expect(changes).toEqual([repository]);
    return () => vi.useRealTimers();
  });

  it('is told of again where the view has not asked for what is below it: it may have mistaken one for the other', () => {
    vi.advanceTimersByTime(1_000);
    expect(changes).toEqual([repository, repository]);
    vi.advanceTimersByTime(60_000);
    expect(changes).toHaveLength(2);
  });

  it('is not where the view has asked', async () => {
    const { rows } = await begin(repository);
    reads.get('repository')?.resolve([tag]);
    await rows;
    vi.advanceTimersByTime(60_000);
    expect(changes).toEqual([repository]);
  });
});
