import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { isTag } from '../../src/oci/index.ts';
import { RepositoryTree } from '../../src/views/tree/repositoryTree.ts';
import { artifact, putGraph } from '../support/artifacts.ts';
import { CancellationTokenSource } from '../support/vscode.ts';
import { MemoryPlace } from './support/places.ts';

/** What floe itself captured from its own classifier. */
const table: Readonly<Record<string, { readonly is_immutable: boolean }>> = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/floe/tag_classification.json'), 'utf8'),
).output;

it("floe's own table of tags holds for what the tree says of them", async () => {
  const place = new MemoryPlace();
  const known = Object.entries(table).filter(([tag]) => isTag(tag));
  for (const [tag] of known) await putGraph(place.repository('app'), artifact(1), tag);
  const tree = new RepositoryTree({
    places: () => [place],
    placesHaveRows: false,
    pageSize: () => 100,
    changed: () => {},
    logError: (_, error) => expect.fail(String(error)),
  });
  const [repository] = await tree.children(undefined);
  const said: Record<string, boolean> = {};
  for (const node of await tree.children(repository)) {
    const item = tree.item(node);
    const { tooltip } = await tree.resolve(item, node, new CancellationTokenSource().token);
    said[String(item.label)] = JSON.stringify(tooltip).includes('protected: never moved');
  }
  expect(said).toEqual(Object.fromEntries(known.map(([tag, { is_immutable }]) => [tag, is_immutable])));
});
