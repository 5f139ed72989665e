import { type Descriptor, edgesOf, isManifestDescriptor, isTarLayer } from '../../oci/index.ts';
import { type ReadManifest, readManifest } from '../readManifest.ts';
import { readLayerEntries } from './layerLevel.ts';
import type { Level, LevelOptions } from './level.ts';
import type { ContentNode, Node, NodeOf, TagNode } from './node.ts';
import { readTag } from './readTag.ts';
import { referrerRows, referrersOf } from './referrerRows.ts';
import { readRepositories } from './repositoryLevel.ts';
import { readTags } from './tagLevel.ts';

type ReadLevel<Kind extends Node['kind']> = (node: NodeOf<Kind>, options: LevelOptions) => Promise<Level>;

const nothing = async (): Promise<Level> => ({ nodes: [] });

const LEVELS: { readonly [Kind in Node['kind']]: ReadLevel<Kind> } = {
  place: readRepositories,
  folder: async (node) => ({ nodes: node.children }),
  repository: readTags,
  tag: readContents,
  content: readNestedContents,
  entry: async (node) => ({ nodes: node.children }),
  largeLayer: nothing,
  cutLayer: nothing,
  referrers: async (node) => ({ nodes: referrersOf(node) }),
  more: nothing,
  noMatch: nothing,
  noRepositories: nothing,
  closedCatalog: nothing,
  error: nothing,
};

/** Reads what is below a row. */
export function readLevel(node: Node, options: LevelOptions): Promise<Level> {
  return (LEVELS[node.kind] as ReadLevel<Node['kind']>)(node, options);
}

async function readContents(node: TagNode, options: LevelOptions): Promise<Level> {
  return { nodes: await contentsOf(node, await readTag(node, options), options) };
}

async function readNestedContents(node: ContentNode, options: LevelOptions): Promise<Level> {
  if (!isManifestDescriptor(node.descriptor)) {
    return isTarLayer(node.descriptor) ? await readLayerEntries(node, options) : { nodes: [] };
  }
  const { signal } = options;
  const store = await node.place.reader(node.repository, { signal });
  const content = await readManifest(store, node.descriptor.digest, { signal });
  return { nodes: await contentsOf(node, content, { signal }) };
}

/** What a manifest consists of, and then what refers to it. */
async function contentsOf(
  parent: TagNode | ContentNode,
  content: ReadManifest,
  options: Pick<LevelOptions, 'signal'>,
): Promise<readonly Node[]> {
  return [...partsOf(parent, content), ...(await referrerRows(parent, content.descriptor.digest, options))];
}

function partsOf(
  parent: TagNode | ContentNode,
  { manifest, descriptor: { digest } }: ReadManifest,
): readonly ContentNode[] {
  const { place, repository, tag } = parent;
  const seen = new Map<Descriptor['digest'], number>();
  return edgesOf(manifest).flatMap(({ kind: role, descriptor }) => {
    if (role === 'subject') return [];
    const times = seen.get(descriptor.digest) ?? 0;
    seen.set(descriptor.digest, times + 1);
    // A manifest may name the same content twice, and every row needs an id of its own.
    const id = `${parent.id}|${descriptor.digest}${times === 0 ? '' : `|${times}`}`;
    return [{ kind: 'content', id, place, repository, tag, role, descriptor, manifest: digest, parent }];
  });
}
