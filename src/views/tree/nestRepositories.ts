import type { RepositoryName } from '../../oci/index.ts';
import type { FolderNode, PlaceNode, RepositoryNode } from './node.ts';

/**
 * Repositories as folders by the parts of their names, in lexical order. A repository that is the first part of others
 * is a row of its own besides their folder.
 */
export function nestRepositories(
  root: PlaceNode,
  repositories: Iterable<RepositoryName>,
): readonly (FolderNode | RepositoryNode)[] {
  return nest(root, '', [...new Set(repositories)].sort());
}

function nest(
  parent: PlaceNode | FolderNode,
  prefix: string,
  repositories: readonly RepositoryName[],
): readonly (FolderNode | RepositoryNode)[] {
  const { place } = parent;
  const byFirstPart = Map.groupBy(repositories, (name) => name.slice(prefix.length).split('/', 1)[0] ?? '');
  return [...byFirstPart].flatMap(([part, names]) => {
    const path = `${prefix}${part}`;
    const nodes: (FolderNode | RepositoryNode)[] = [];
    const own = names.find((name) => name === path);
    if (own !== undefined) nodes.push({ kind: 'repository', id: `${place.id}|${own}`, place, repository: own, parent });
    const inside = names.filter((name) => name !== path);
    if (inside.length > 0) {
      const folder: { -readonly [Key in keyof FolderNode]: FolderNode[Key] } = {
        kind: 'folder',
        id: `${place.id}|${path}/`,
        place,
        path,
        children: [],
        parent,
      };
      folder.children = nest(folder, `${path}/`, inside);
      nodes.push(folder);
    }
    return nodes;
  });
}
