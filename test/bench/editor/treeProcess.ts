// What the extension host does for the tree, without an editor around it: `node treeProcess.ts LARGE SLOW`, each the address of
// a registry of treePeer.ts. Sends its figures to whoever started it.
import '../unbuiltVersion.ts';

import { registerHooks } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { TagNode } from '../../../src/views/tree/node.ts';
import type { TreeFigures } from './tree.ts';

const standIn = new URL('../../support/vscode.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'vscode' ? standIn : specifier, context),
});
const { anonymous, createStores, parseReference, parseRepositoryName, silentLogger } = await import(
  '../../../src/oci/index.ts'
);
const { RepositoryTree } = await import('../../../src/views/tree/repositoryTree.ts');
const { MemoryPlace } = await import('../../views/support/places.ts');

const [large = '', slow = ''] = process.argv.slice(2);
/** Rows that a tall screen shows. */
const VISIBLE = 40;
const app = parseRepositoryName('app');

const stores = createStores({
  engine: 'undici',
  credentials: anonymous,
  logger: silentLogger,
  userAgent: 'floe-oci/bench',
});

/** The tree over one registry, and the tags of the first page, drawn. */
async function shown(host: string, pageSize: number) {
  const place = new MemoryPlace({ id: host });
  place.put('app', await stores.repository(parseReference(`oci://${host}/app`)));
  const tree = new RepositoryTree({
    places: () => [place],
    placesHaveRows: true,
    pageSize: () => pageSize,
    changed: () => {},
    logError: (_, error) => {
      throw error;
    },
  });
  await tree.children(undefined);
  const repository = await tree.find(place, app);
  const read = async (): Promise<readonly TagNode[]> => {
    const nodes = await tree.children(repository);
    for (const node of nodes) tree.item(node);
    return nodes.filter((node): node is TagNode => node.kind === 'tag');
  };
  return { place, tree, read };
}

async function timed<T>(act: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now();
  const result = await act();
  return [result, performance.now() - began];
}

async function longestBlock(act: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await act();
  delay.disable();
  return delay.max / 1e6;
}

// The first requests of a process load what they need.
await (await shown(large, 100)).read();

const first = await shown(large, 100);
const [, firstPage] = await timed(first.read);

const rows = await shown(slow, 100);
const [, visibleRows] = await timed(async () => {
  const tags = (await rows.read()).slice(0, VISIBLE);
  for (const { id } of tags) rows.tree.inView(id);
  while (tags.some(({ content }) => content === undefined)) await setTimeout(1);
});

const all = await shown(large, 1_000);
await all.read();
const filtering = await longestBlock(async () => {
  for (const filter of ['1.99*', '7', '*.0', '1.[0-4]*']) {
    await all.tree.arrange(all.place, app, { order: 'version', filter });
    await all.read();
  }
});
await all.tree.arrange(all.place, app, { order: 'version' });
const tags = await all.read();
const scrolling = await longestBlock(async () => {
  for (let at = 0; at < tags.length; at += VISIBLE) {
    for (const { id } of tags.slice(at, at + VISIBLE)) all.tree.inView(id);
    await setTimeout(1);
  }
});

const figures: TreeFigures = { firstPage, visibleRows, filtering, scrolling };
// What is still being read for rows in view is for nobody.
process.send?.(figures, undefined, undefined, () => process.exit());
