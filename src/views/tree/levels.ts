import {
  type Descriptor,
  edgesOf,
  isManifestDescriptor,
  isOciError,
  type OciErrorCode,
  type RepositoryName,
} from '../../oci/index.ts';
import { type ReadManifest, readManifest } from '../readManifest.ts';
import type { Level, LevelOptions } from './level.ts';
import { nestRepositories } from './nestRepositories.ts';
import type { ContentNode, Node, NodeOf, PlaceNode, TagNode } from './node.ts';
import { Pager } from './pager.ts';
import { readTag } from './readTag.ts';
import { referrerRows, referrersOf } from './referrerRows.ts';
import { readTags } from './tagLevel.ts';

type ReadLevel<Kind extends Node['kind']> = (node: NodeOf<Kind>, options: LevelOptions) => Promise<Level>;

const nothing = async (): Promise<Level> => ({ nodes: [] });

const LEVELS: { readonly [Kind in Node['kind']]: ReadLevel<Kind> } = {
  place: readRepositories,
  folder: async (node) => ({ nodes: node.children }),
  repository: readTags,
  tag: readContents,
  content: readNestedContents,
  referrers: async (node) => ({ nodes: referrersOf(node) }),
  more: nothing,
  closedCatalog: nothing,
  error: nothing,
};

/** Reads what is below a row. */
export function readLevel(node: Node, options: LevelOptions): Promise<Level> {
  return (LEVELS[node.kind] as ReadLevel<Node['kind']>)(node, options);
}

async function readRepositories(node: PlaceNode, options: LevelOptions): Promise<Level> {
  const { place } = node;
  const pager = new Pager(place.repositories({ signal: options.signal }));
  const show = async (names: readonly RepositoryName[]): Promise<readonly Node[]> =>
    nestRepositories(node, [...place.pinned, ...names]);
  try {
    return await page(node, pager, options, show);
  } catch (error) {
    const closed: Node = { kind: 'closedCatalog', id: `${node.id}|closed`, place, parent: node };
    if (await isClosedCatalog(node, error, options)) return { nodes: [...(await show([])), closed] };
    if (place.pinned.length === 0 || !isOciError(error, 'UNAUTHORIZED')) throw error;
    // What was added by name may be public, whatever the registry thinks of us.
    return { nodes: [...(await show([])), { kind: 'error', id: `${node.id}|error`, error, parent: node }] };
  }
}

const CLOSED: readonly OciErrorCode[] = ['UNAUTHORIZED', 'DENIED', 'NOT_FOUND', 'UNSUPPORTED'];

/** A registry that lets us in and yet does not list its repositories keeps its catalog closed; most hosted ones do. */
async function isClosedCatalog({ place }: PlaceNode, error: unknown, { signal }: LevelOptions): Promise<boolean> {
  if (!isOciError(error) || !CLOSED.includes(error.code)) return false;
  if (error.code !== 'UNAUTHORIZED') return true;
  return await place.ping({ signal }).then(
    () => true,
    () => false,
  );
}

async function readContents(node: TagNode, options: LevelOptions): Promise<Level> {
  return { nodes: await contentsOf(node, await readTag(node, options), options) };
}

async function readNestedContents(node: ContentNode, { signal }: LevelOptions): Promise<Level> {
  if (!isManifestDescriptor(node.descriptor)) return { nodes: [] };
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

async function page<T>(
  parent: Node,
  pager: Pager<T>,
  options: LevelOptions,
  show: (items: readonly T[]) => Promise<readonly Node[]>,
): Promise<Level> {
  await pager.take(options.pageSize);
  const nodes = await show(pager.items);
  if (!pager.hasMore) return { nodes };
  return {
    nodes: [...nodes, { kind: 'more', id: `${parent.id}|more`, parent }],
    more: () => page(parent, pager, options, show),
  };
}
