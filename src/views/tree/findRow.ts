import type { RepositoryName, Tag } from '../../oci/index.ts';
import type { Node } from './node.ts';
import type { OpenLevels } from './openLevels.ts';

/** Further pages are for the user to ask for. */
const MAX_PAGES = 10;

/**
 * The row of a tag, or of the repository, below a place; reads what is on the way to it, page by page. Undefined when it
 * is not there.
 */
export async function findRow(
  levels: Pick<OpenLevels, 'read' | 'readMore'>,
  root: Node,
  repository: RepositoryName,
  tag?: Tag,
): Promise<Node | undefined> {
  const search = async (parent: Node, matches: (node: Node) => boolean): Promise<Node | undefined> => {
    let level = await levels.read(parent);
    for (let pages = 1; pages < MAX_PAGES && level.more !== undefined && !level.nodes.some(matches); pages += 1) {
      level = await levels.readMore(parent);
    }
    return level.nodes.find(matches);
  };
  const leadsThere = (node: Node): boolean =>
    (node.kind === 'repository' && node.repository === repository) ||
    (node.kind === 'folder' && repository.startsWith(`${node.path}/`));
  let node = await search(root, leadsThere);
  while (node?.kind === 'folder') node = await search(node, leadsThere);
  if (node === undefined || tag === undefined) return node;
  return await search(node, (row) => row.kind === 'tag' && row.tag === tag);
}
