import type { CachedReference, RepositoryName } from '../../oci/index.ts';

/** A row of the Cache view. `id` is stable, so that a row stays selected and unfolded when it is read again. */
export type CacheNode = CachedRepositoryNode | CachedReferenceNode;

/** A repository of which something is cached. */
export interface CachedRepositoryNode {
  readonly row: 'repository';
  readonly id: string;
  readonly registry: string;
  readonly repository: RepositoryName;
  readonly references: readonly CachedReferenceNode[];
}

/** A tag or a digest that is cached. */
export interface CachedReferenceNode {
  readonly row: 'reference';
  readonly id: string;
  readonly reference: CachedReference;
}

/** By repository, in the order of their names; each in the order of its references. */
export function nestReferences(references: readonly CachedReference[]): readonly CachedRepositoryNode[] {
  const groups = Map.groupBy(references, ({ registry, repository }) => `${registry}/${repository}`);
  const inOrder = [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
  return inOrder.flatMap(([id, members]): readonly CachedRepositoryNode[] => {
    const [first] = members;
    if (first === undefined) return [];
    const { registry, repository } = first;
    const rows = members.map((reference): CachedReferenceNode => {
      return { row: 'reference', id: `${id}|${reference.tag ?? reference.digest}`, reference };
    });
    return [{ row: 'repository', id, registry, repository, references: rows }];
  });
}
