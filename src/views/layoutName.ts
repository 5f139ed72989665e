import { parseRepositoryName, type RepositoryName } from '../oci/index.ts';

/** What an image layout that belongs to no store is called where everything has the name of a repository: as its folder, roughly. */
export function layoutName(folder: string): RepositoryName {
  const last = folder.split(/[/\\]/).findLast((part) => part !== '') ?? '';
  const name = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return parseRepositoryName(name === '' ? 'layout' : name);
}
