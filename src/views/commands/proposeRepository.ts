import { isRepositoryName, type RepositoryName } from '../../oci/index.ts';
import type { Place } from '../places.ts';

/**
 * Where a product probably belongs: beside or in what is pinned of the registry, under the product's name. Undefined when
 * the name has no form that a repository can have.
 */
export function proposeRepository({ pinned }: Place, product: string): RepositoryName | undefined {
  const name = product
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const known = pinned.find((repository) => repository === name || repository.endsWith(`/${name}`));
  if (known !== undefined) return known;
  const [neighbour] = pinned;
  const folder = neighbour?.slice(0, neighbour.lastIndexOf('/') + 1) ?? '';
  const proposed = `${folder}${name}`;
  return isRepositoryName(proposed) ? proposed : undefined;
}
