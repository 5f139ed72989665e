import { type CallOptions, isOciError, type OciErrorCode, type RepositoryName } from '../../oci/index.ts';
import type { Place } from '../places.ts';
import type { Level, LevelOptions } from './level.ts';
import { nestRepositories } from './nestRepositories.ts';
import type { Node, PlaceNode } from './node.ts';
import { Pager } from './pager.ts';

type Options = Pick<LevelOptions, 'pageSize' | 'signal'>;

/**
 * The repositories of a place, page by page, with those that are shown by name. Where the place does not list all, those of
 * the projects that the user has named are listed, and a row says so: that is no error.
 */
export async function readRepositories(node: PlaceNode, options: Options): Promise<Level> {
  const { place } = node;
  const { signal } = options;
  const show = (names: readonly RepositoryName[], rest: readonly Node[] = []): readonly Node[] => [
    ...nestRepositories(node, [...place.pinned, ...names]),
    ...rest,
  ];
  try {
    const level = await page(node, new Pager(place.repositories({ signal })), options, show);
    // The Local store without any shows what its view has to say.
    const isEmpty = level.nodes.length === 0 && place.kind === 'registry';
    return isEmpty ? { nodes: [{ kind: 'noRepositories', id: `${node.id}|none`, parent: node }] } : level;
  } catch (error) {
    if (await isClosed(node, error, options)) {
      const closed: Node = { kind: 'closedCatalog', id: `${node.id}|closed`, place, error, parent: node };
      return await readProjects(node, options, (names, rest = []) => show(names, [...rest, closed]));
    }
    if (place.pinned.length === 0 || !isOciError(error, 'UNAUTHORIZED')) throw error;
    // What was added by name may be public, whatever the registry thinks of us.
    return { nodes: show([], [errorRow(node, error)]) };
  }
}

type Show = (names: readonly RepositoryName[], rest?: readonly Node[]) => readonly Node[];

/** A project that cannot be listed hides nothing that was added by name. */
async function readProjects(node: PlaceNode, options: Options, show: Show): Promise<Level> {
  try {
    return await page(node, new Pager(repositoriesInProjects(node.place, options)), options, show);
  } catch (error) {
    if (options.signal.aborted) throw error;
    return { nodes: show([], [errorRow(node, error)]) };
  }
}

/** What is in the projects that the user has named. */
export async function* repositoriesInProjects(
  place: Place,
  { signal }: CallOptions = {},
): AsyncGenerator<RepositoryName> {
  for (const within of place.projects ?? []) yield* place.repositories({ within, ...(signal && { signal }) });
}

function errorRow(parent: PlaceNode, error: unknown): Node {
  return { kind: 'error', id: `${parent.id}|error`, error, parent };
}

const CLOSED: readonly OciErrorCode[] = ['UNAUTHORIZED', 'DENIED', 'NOT_FOUND', 'UNSUPPORTED'];

/** A registry that lets us in and yet does not list its repositories keeps its catalog closed; most hosted ones do. */
async function isClosed({ place }: PlaceNode, error: unknown, { signal }: Options): Promise<boolean> {
  if (!isOciError(error) || !CLOSED.includes(error.code)) return false;
  if (error.code !== 'UNAUTHORIZED') return true;
  return await place.ping({ signal }).then(
    () => true,
    () => false,
  );
}

async function page(parent: PlaceNode, pager: Pager<RepositoryName>, options: Options, show: Show): Promise<Level> {
  await pager.take(options.pageSize);
  const nodes = show(pager.items);
  if (!pager.hasMore) return { nodes };
  return {
    nodes: [...nodes, { kind: 'more', id: `${parent.id}|more`, parent }],
    more: () => page(parent, pager, options, show),
  };
}
