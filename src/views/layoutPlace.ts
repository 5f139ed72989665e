import { Uri } from 'vscode';
import { type CallOptions, LayoutStore, type Reference, type RepositoryName, throwIfAborted } from '../oci/index.ts';
import { layoutName } from './layoutName.ts';
import type { OpenOptions, Place, ReaderOptions, RepositoryReader, RepositoryStore } from './places.ts';

/** Any image layout on this machine, as a place with one repository. It has no row in a tree. */
export class LayoutPlace implements Place {
  readonly kind = 'layout';
  readonly id: string;
  readonly label: string;
  readonly folder: string;
  readonly pinned: readonly RepositoryName[];
  readonly refused = undefined;
  readonly #path: string;

  /** @param path of its folder on the disk, absolute */
  constructor(path: string) {
    this.#path = path;
    this.folder = Uri.file(path).path;
    this.id = `layout:${path}`;
    this.label = path;
    this.pinned = [layoutName(path)];
  }

  async *repositories(options: CallOptions = {}): AsyncGenerator<RepositoryName> {
    throwIfAborted(options.signal);
    yield* this.pinned;
  }

  async ping({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal);
  }

  async account(): Promise<undefined> {
    return undefined;
  }

  async open(_repository: RepositoryName, options: OpenOptions = {}): Promise<RepositoryStore> {
    return await LayoutStore.open(this.#path, options);
  }

  reader(repository: RepositoryName, { signal }: ReaderOptions = {}): Promise<RepositoryReader> {
    return this.open(repository, signal ? { signal } : {});
  }

  reference(): Reference {
    return { kind: 'layout', path: this.#path };
  }
}
