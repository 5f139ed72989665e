import { beforeEach, describe, expect, it } from 'vitest';
import { parseRepositoryName, parseTag, type TagEntry } from '../../../src/oci/index.ts';
import type { RepositoryNode, TagNode } from '../../../src/views/tree/node.ts';
import { RowDetails } from '../../../src/views/tree/rowDetails.ts';
import { MemoryPlace } from '../support/places.ts';

const repository = parseRepositoryName('app');
const place = new MemoryPlace();
const root = { kind: 'place', id: place.id, place, parent: undefined } as const;
const parent: RepositoryNode = { kind: 'repository', id: 'r.example|app', place, repository, parent: root };

function row(at: number, more: Partial<TagEntry> = {}): TagNode {
  const tag = parseTag(`1.${at}.0`);
  const entry = { name: tag, ...more };
  return { kind: 'tag', id: `r.example|app|${tag}`, place, repository, tag, entry, parent };
}

/** Those that are being read, in the order in which they were begun; each ends when a test says so. */
let reading: { readonly node: TagNode; readonly signal: AbortSignal; end(error?: Error): void }[];
let read: TagNode[];
let dropped: number;
let details: RowDetails;
beforeEach(() => {
  reading = [];
  read = [];
  dropped = 0;
  details = new RowDetails({
    read: (node, signal) =>
      new Promise<void>((resolve, reject) => {
        reading.push({ node, signal, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
    onRead: (node) => read.push(node),
    onDropped: () => {
      dropped += 1;
    },
    logError: () => {},
  });
});

const settled = () => new Promise((resolve) => setImmediate(resolve));
const begun = () => reading.map(({ node }) => node.tag);

async function scrollTo(...nodes: readonly TagNode[]): Promise<void> {
  for (const node of nodes) details.want(node);
  await settled();
}

async function end(count: number): Promise<void> {
  for (const each of reading.slice(-count)) each.end();
  await settled();
}

const rows = (from: number, to: number): readonly TagNode[] =>
  Array.from({ length: to - from }, (_, at) => row(from + at));

describe('rows in view', () => {
  it('are looked into four at a time, from the top', async () => {
    await scrollTo(...rows(0, 6));
    expect(begun()).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.3.0']);
    await end(4);
    expect(begun().slice(4)).toEqual(['1.4.0', '1.5.0']);
    expect(read.map(({ tag }) => tag)).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.3.0']);
  });

  it('that came last come first', async () => {
    await scrollTo(...rows(0, 8));
    await scrollTo(...rows(20, 22));
    await end(4);
    expect(begun().slice(4)).toEqual(['1.20.0', '1.21.0', '1.4.0', '1.5.0']);
  });

  it('that were scrolled past are dropped, and those that are still in view asked for again', async () => {
    for (let screen = 0; screen < 20; screen += 1) await scrollTo(...rows(screen * 20, screen * 20 + 20));
    while (reading.length < 104) await end(4);
    await end(4);
    expect(reading.length).toBe(104);
    expect(dropped).toBe(1);
  });

  it('are not looked into where the list has told, or somebody has', async () => {
    const digest = 'sha256:0000000000000000000000000000000000000000000000000000000000000000' as NonNullable<
      TagEntry['digest']
    >;
    await scrollTo(row(1, { digest }));
    expect(begun()).toEqual([]);
  });

  it('are looked into once, however often they come into view', async () => {
    const node = row(1);
    await scrollTo(node, node);
    await scrollTo(node);
    reading[0]?.end(new Error('away'));
    await settled();
    await scrollTo(node);
    expect(begun()).toEqual(['1.1.0']);
  });

  it('are left when they are read anew or folded away', async () => {
    await scrollTo(...rows(0, 6));
    details.stop(() => true);
    expect(reading.map(({ signal }) => signal.aborted)).toEqual([true, true, true, true]);
    await end(4);
    expect([begun().length, read]).toEqual([4, []]);
  });
});
