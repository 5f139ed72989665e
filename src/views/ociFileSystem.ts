import {
  type Disposable,
  EventEmitter,
  FilePermission,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  type Uri,
} from 'vscode';

/** Where the content of documents comes from. Both throw {@link FileSystemError}. */
export interface Documents {
  /** Bytes. */
  sizeOf(uri: Uri): Promise<number>;
  contentOf(uri: Uri): Promise<Uint8Array>;
}

/**
 * Content of registries and layouts as read-only files. Content is named by its digest and so never changes; there are
 * no folders, and none is ever offered as a workspace folder, because VS Code would apply settings and tasks found in it.
 */
export class OciFileSystem implements FileSystemProvider {
  readonly #documents: () => Promise<Documents>;
  readonly onDidChangeFile = new EventEmitter<never>().event;

  /** @param documents loads them on first use */
  constructor(documents: () => Promise<Documents>) {
    this.#documents = documents;
  }

  async stat(uri: Uri): Promise<FileStat> {
    const size = await (await this.#documents()).sizeOf(uri);
    return { type: FileType.File, ctime: 0, mtime: 0, size, permissions: FilePermission.Readonly };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    return await (await this.#documents()).contentOf(uri);
  }

  watch(): Disposable {
    return { dispose: () => {} };
  }

  readDirectory(uri: Uri): never {
    throw FileSystemError.FileNotFound(uri);
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }
}
