import { l10n } from 'vscode';
import { type CallOptions, LayoutFolder, type Reference, type RepositoryName, throwIfAborted } from '../oci/index.ts';
import type { OpenOptions, Place, ReaderOptions, RepositoryReader, RepositoryStore } from './places.ts';

/** The Local store: OCI image layouts in the extension's own storage, there without any configuration. */
export class LocalPlace implements Place {
  readonly kind = 'local';
  readonly id = 'local';
  readonly label = l10n.t('Local store');
  readonly pinned = [];
  readonly refused = undefined;
  readonly #layouts: LayoutFolder;

  /** @param root the folder; made on the first write */
  constructor(root: string) {
    this.#layouts = new LayoutFolder(root);
  }

  repositories(options: CallOptions = {}): AsyncIterable<RepositoryName> {
    return this.#layouts.repositories(options);
  }

  async ping({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal);
  }

  async account(): Promise<undefined> {
    return undefined;
  }

  async open(repository: RepositoryName, options: OpenOptions = {}): Promise<RepositoryStore> {
    return await this.#layouts.open(repository, options);
  }

  reader(repository: RepositoryName, { signal }: ReaderOptions = {}): Promise<RepositoryReader> {
    return this.open(repository, { ...(signal && { signal }) });
  }

  reference(repository: RepositoryName): Reference {
    return { kind: 'layout', path: this.#layouts.pathOf(repository) };
  }
}
