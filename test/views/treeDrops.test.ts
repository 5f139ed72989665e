import { beforeEach, describe, expect, it } from 'vitest';
import type { DataTransfer } from 'vscode';
import { DataTransferItem } from 'vscode';
import { type Dropped, TreeDrops } from '../../src/views/treeDrops.ts';

/** As VS Code's: several items of one type, of which `get` gives the first. */
class Data {
  readonly items: [string, DataTransferItem][];
  constructor(...items: readonly (readonly [string, string])[]) {
    this.items = items.map(([type, text]) => [type, new DataTransferItem(text)]);
  }
  set(type: string, item: DataTransferItem): void {
    this.items.push([type, item]);
  }
  get(type: string): DataTransferItem | undefined {
    return this.items.find(([each]) => each === type)?.[1];
  }
  [Symbol.iterator]() {
    return this.items[Symbol.iterator]();
  }
}

const LOCAL = 'application/vnd.code.tree.floeoci.local';
const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => {} }) };

let dropped: { target: string | undefined; dropped: Dropped }[];
let text: string;
const drops = new TreeDrops<string>('floeOci.local', async () => ({
  drag: async (nodes) => ({
    text,
    uris: nodes.map((node) => ({ toString: () => `oci-layout://local/${node}` })) as never,
  }),
  drop: async (target, what) => void dropped.push({ target, dropped: what }),
}));
beforeEach(() => {
  dropped = [];
  text = '[1]';
});

const drag = (data: Data) => drops.handleDrag(['a', 'b'], data as unknown as DataTransfer, never);
const drop = (data: Data) => drops.handleDrop('row', data as unknown as DataTransfer);

describe('rows that are dragged', () => {
  it('are what they stand for under the type of their view, and the addresses of their documents', async () => {
    const data = new Data();
    await drag(data);
    expect(await data.get(LOCAL)?.asString()).toBe('[1]');
    expect(await data.get('text/uri-list')?.asString()).toBe('oci-layout://local/a\r\noci-layout://local/b');
  });

  it('are nothing where they stand for nothing that can be dragged', async () => {
    text = '';
    const data = new Data();
    await drag(data);
    expect(data.items).toEqual([]);
  });
});

describe('what is dropped', () => {
  it('has our own text although VS Code puts its own before it', async () => {
    await drop(new Data([LOCAL, '{"id":"floeOci.local"}'], ['text/uri-list', 'oci-layout://local/a'], [LOCAL, '[1]']));
    expect(dropped).toMatchObject([{ target: 'row', dropped: { rows: ['{"id":"floeOci.local"}', '[1]'] } }]);
    expect(dropped[0]?.dropped.uris.map(({ scheme }) => scheme)).toEqual(['oci-layout']);
  });

  it('from the Explorer is files, each once', async () => {
    await drop(new Data(['text/uri-list', 'file:///w/a.txt\r\nfile:///w/b%20c'], ['text/uri-list', 'file:///w/a.txt']));
    expect(dropped[0]?.dropped.uris.map(({ path }) => path)).toEqual(['/w/a.txt', '/w/b c']);
    expect(dropped[0]?.dropped.rows).toEqual([]);
  });

  it('that came as an address and is none is told of, not lost', async () => {
    await drop(new Data(['text/uri-list', 'no address\r\nfile:///w/a.txt']));
    expect(dropped[0]?.dropped.unreadable).toEqual(['no address']);
  });

  it('that is nothing of ours does nothing', async () => {
    await drop(new Data(['text/html', '<b>x</b>'], ['text/uri-list', '']));
    expect(dropped).toEqual([]);
  });
});
