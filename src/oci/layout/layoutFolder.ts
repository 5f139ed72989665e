import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions, Repository } from '../content/store.ts';
import { throwIfAborted } from '../errors.ts';
import { reading } from '../files/fileErrors.ts';
import { isRepositoryName, parseRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import { openLayoutStore } from './newLayout.ts';
import { MARKER, type OpenLayoutOptions } from './openLayout.ts';

/**
 * A folder of image layouts, one for each repository, nested by path: what a registry is to repositories, without a
 * server. `team/product` is the layout in the folder `team/product`; `team` may be a layout as well.
 */
export class LayoutFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /**
   * The repositories in lexical order. A folder is one when it has the marker file of a layout; symbolic links are not
   * followed. None when the folder does not exist.
   * @throws OciError FILE_NOT_READABLE, CANCELLED
   */
  async *repositories(options: CallOptions = {}): AsyncGenerator<RepositoryName> {
    yield* repositoriesBelow(this.root, '', options.signal);
  }

  /** @throws OciError as {@link openLayoutStore} does, and INVALID_REFERENCE when the name is none */
  open(repository: RepositoryName, options: OpenLayoutOptions = {}): Promise<Repository> {
    return openLayoutStore(this.pathOf(repository), options);
  }

  /** @throws OciError INVALID_REFERENCE when the name is none */
  pathOf(repository: RepositoryName): string {
    return join(this.root, ...parseRepositoryName(repository).split('/').map(folderNameOf));
  }
}

/**
 * Components that cannot be folders as they are: what a layout has itself (with the lock and what belongs to it), and the
 * names of devices on Windows. They get an underscore, with which no component starts.
 */
const RESERVED = /^(?:blobs|oci-layout|index\.json.*|(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?)$/;

function folderNameOf(component: string): string {
  return RESERVED.test(component) ? `_${component}` : component;
}

function componentOf(folderName: string): string | undefined {
  const component = folderName.startsWith('_') ? folderName.slice(1) : folderName;
  return folderNameOf(component) === folderName ? component : undefined;
}

async function* repositoriesBelow(
  folder: string,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<RepositoryName> {
  throwIfAborted(signal);
  const entries = (await reading(folder, () => readdir(folder, { withFileTypes: true }))) ?? [];
  // In lexical order, `a-b` is between `a` and `a/b`: a folder has one place for itself and one for what is below it.
  const places = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const component = componentOf(name);
      const repository = `${prefix}${component}`;
      if (component === undefined || !isRepositoryName(repository)) return [];
      const path = join(folder, name);
      return [
        { order: repository, path, repository },
        { order: `${repository}/`, path, repository: undefined },
      ];
    })
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  for (const { order, path, repository } of places) {
    if (repository === undefined) yield* repositoriesBelow(path, order, signal);
    else if ((await reading(path, () => lstat(join(path, MARKER))))?.isFile()) yield repository;
  }
}
