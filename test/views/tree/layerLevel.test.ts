import { beforeEach, describe, expect, it } from 'vitest';
import { parseRepositoryName } from '../../../src/oci/index.ts';
import { parseDocumentUri } from '../../../src/views/documentUri.ts';
import { LayerConsent } from '../../../src/views/layerConsent.ts';
import type { ContentNode, Node, TagNode } from '../../../src/views/tree/node.ts';
import { RepositoryTree } from '../../../src/views/tree/repositoryTree.ts';
import { blob, emptyConfig, imageManifest, putGraph } from '../../support/artifacts.ts';
import { type RawEntry, tarOf } from '../../support/tar.ts';
import { MemoryPlace } from '../support/places.ts';

const repository = parseRepositoryName('app');

let place: MemoryPlace;
let tree: RepositoryTree;
let allowed: boolean;
beforeEach(() => {
  place = new MemoryPlace();
  allowed = true;
  tree = new RepositoryTree({
    places: () => [place],
    placesHaveRows: true,
    pageSize: () => 100,
    consent: Object.assign(new LayerConsent(), { isAllowed: () => allowed }),
    changed: () => {},
    logError: () => {},
  });
});

async function layerOf(...entries: readonly RawEntry[]): Promise<ContentNode> {
  const layer = blob(tarOf(...entries), { mediaType: 'application/vnd.oci.image.layer.v1.tar' });
  const root = imageManifest([layer]);
  await putGraph(place.repository('app'), { root, contents: [emptyConfig, layer, root] }, 'latest');
  const tag = await tree.find(place, repository, 'latest' as TagNode['tag']);
  const found = (await tree.children(tag)).find((node) => node.kind === 'content' && node.role === 'layer');
  if (found?.kind !== 'content') throw new Error('No layer');
  return found;
}

/** Rows with all below them, as `label description`. */
async function shown(node: Node): Promise<unknown[]> {
  const rows = await tree.children(node);
  return await Promise.all(
    rows.map(async (row) => {
      const { label, description } = tree.item(row);
      const below = await shown(row);
      const text = description === undefined ? label : `${label} ${description}`;
      return below.length === 0 ? text : { [String(text)]: below };
    }),
  );
}

describe('a layer that is a tar archive', () => {
  it('opens as a folder, the folders first, and has those that only names tell of', async () => {
    const layer = await layerOf(
      { name: 'readme.txt', content: 'hello' },
      { name: './src/main/app.py', content: 'x' },
      { name: 'src/link', type: '2', target: '/etc/passwd' },
      { name: 'empty/', type: '5' },
      { name: 'pipe', type: '6' },
    );
    expect(tree.item(layer).collapsibleState).toBe(1);
    expect(await shown(layer)).toEqual([
      'empty',
      { src: [{ main: ['app.py 1 B'] }, 'link → /etc/passwd'] },
      'pipe',
      'readme.txt 5 B',
    ]);
  });

  it('shows names that lead elsewhere or say something else as text', async () => {
    const layer = await layerOf(
      { name: '../../$(trash)', content: 'x' },
      { name: 'a\u202eb', content: 'x' },
      { name: '/etc/passwd', content: 'x' },
    );
    expect(await shown(layer)).toEqual([{ '..': [{ '..': ['$ (trash) 1 B'] }] }, { etc: ['passwd 1 B'] }, 'ab 1 B']);
  });

  it('has files that open as documents of their path in the layer', async () => {
    const layer = await layerOf({ name: 'src/a&b=c.json', content: '{}' });
    const [folder] = await tree.children(layer);
    const [file] = await tree.children(folder);
    const { command } = tree.item(file as Node);
    const uri = command?.arguments?.[0];
    expect(command?.command).toBe('vscode.open');
    expect(parseDocumentUri(uri)).toMatchObject({ entry: 'src/a&b=c.json', digest: layer.descriptor.digest });
    expect(uri.path).toMatch(/\/app@latest\.a&b=c\.json$/);
  });

  it('of two files of one name shows one, the last', async () => {
    const layer = await layerOf({ name: 'a', content: 'x' }, { name: './a', content: 'xx' });
    expect(await shown(layer)).toEqual(['a 2 B']);
  });

  it('of any depth unfolds to thirty-two folders', async () => {
    const layer = await layerOf({ name: 'x', pax: { path: 'd/'.repeat(2_000) }, content: 'x' });
    let depth = 0;
    for (let rows = await tree.children(layer); rows.length > 0; rows = await tree.children(rows[0])) depth += 1;
    expect(depth).toBe(32);
  });

  it('that is large says how large before it is read', async () => {
    allowed = false;
    const layer = await layerOf({ name: 'a', content: 'x' });
    const before = place.requests;
    const [row] = await tree.children(layer);
    expect(tree.item(row as Node)).toMatchObject({
      label: '2.05 kB to read: List What Is in It…',
      command: { command: 'floeOci.readLayer' },
    });
    expect(place.requests).toBe(before);
    allowed = true;
    tree.refresh(layer);
    expect(await shown(layer)).toEqual(['a 1 B']);
  });

  it('that is none says so where its files should be', async () => {
    const layer = blob('{"json": true}'.repeat(100), { mediaType: 'application/vnd.oci.image.layer.v1.tar' });
    const root = imageManifest([layer]);
    await putGraph(place.repository('app'), { root, contents: [emptyConfig, layer, root] }, 'latest');
    const tag = await tree.find(place, repository, 'latest' as TagNode['tag']);
    const found = (await tree.children(tag)).at(-1);
    expect(await tree.children(found)).toMatchObject([{ kind: 'error', error: { code: 'INVALID_ARCHIVE' } }]);
  });
});

it('small layers may be read without a question, large ones when the user wants it', () => {
  const consent = new LayerConsent();
  const { descriptor } = blob(1);
  const large = { ...descriptor, size: 33 * 1024 * 1024 };
  expect([consent.isAllowed(descriptor), consent.isAllowed(large)]).toEqual([true, false]);
  consent.allow(large);
  expect(consent.isAllowed(large)).toBe(true);
});
