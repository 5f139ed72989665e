import {
  type Descriptor,
  edgesOf,
  isManifestDescriptor,
  isOciError,
  type OciErrorCode,
  type RepositoryName,
} from '../../oci/index.ts';
import { type ReadManifest, readManifest } from '../readManifest.ts';
import { nestRepositories } from './nestRepositories.ts';
import type { ContentNode, Node, NodeOf, PlaceNode, RepositoryNode, TagNode } from './node.ts';
import { Pager } from './pager.ts';

/** The rows below one row, as far as they have been read. */
export interface Level {
  readonly nodes: readonly Node[];
  /** Reads the next page; the answer has the old rows too. Absent when there is no more. */
  readonly more?: () => Promise<Level>;
}

export interface LevelOptions {
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

type ReadLevel<Kind extends Node['kind']> = (node: NodeOf<Kind>, options: LevelOptions) => Promise<Level>;

const nothing = async (): Promise<Level> => ({ nodes: [] });

const LEVELS: { readonly [Kind in Node['kind']]: ReadLevel<Kind> } = {
  place: readRepositories,
  folder: async (node) => ({ nodes: node.children }),
  repository: readTags,
  tag: readContents,
  content: readNestedContents,
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

async function readTags(node: RepositoryNode, options: LevelOptions): Promise<Level> {
  const { place, repository } = node;
  const { signal } = options;
  const store = await place.open(repository, { signal });
  // Rows of earlier pages stay the same rows: something may be known of them by now.
  const nodes: TagNode[] = [];
  return await page(node, new Pager(store.tags({ signal })), options, async (tags) => {
    const added = tags.slice(nodes.length).map((tag): TagNode => {
      return { kind: 'tag', id: `${place.id}|${repository}|${tag}`, place, repository, tag, parent: node };
    });
    if (place.kind === 'local') await Promise.all(added.map((tag) => lookInto(tag, signal)));
    nodes.push(...added);
    node.empty = nodes.length === 0;
    return [...nodes];
  });
}

/** On this machine it costs next to nothing to know at once what a tag points at. */
async function lookInto(node: TagNode, signal: AbortSignal): Promise<void> {
  try {
    node.content = await readTag(node, signal);
  } catch {
    // It is told when the tag is unfolded, where its contents should be.
  }
}

async function readContents(node: TagNode, { signal }: LevelOptions): Promise<Level> {
  node.content = await readTag(node, signal);
  return { nodes: contentsOf(node, node.content) };
}

/** What a tag points at now. */
export async function readTag({ place, repository, tag }: TagNode, signal: AbortSignal): Promise<ReadManifest> {
  return await readManifest(await place.open(repository, { signal }), tag, { signal });
}

async function readNestedContents(node: ContentNode, { signal }: LevelOptions): Promise<Level> {
  if (!isManifestDescriptor(node.descriptor)) return { nodes: [] };
  const store = await node.place.open(node.repository, { signal });
  return { nodes: contentsOf(node, await readManifest(store, node.descriptor.digest, { signal })) };
}

function contentsOf(
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
