import {
  type Disposable,
  type Event,
  EventEmitter,
  FileSystemError,
  RelativePattern,
  Uri,
  type WorkspaceFolder,
  workspace,
} from 'vscode';
import type { RegistryDocument } from '../floe/registryManifest.ts';
import { parseRegistryReference, type RegistryReference } from '../oci/index.ts';

const NAME = 'manifest.yaml';
/** Bytes. More than the reader of the file takes, which counts characters. */
const MAX_SIZE = 4 * 1024 * 1024;

/** A manifest.yaml at the top of a workspace folder. */
interface ManifestFile {
  /** For people: `manifest.yaml`, with its folder where the workspace has several. */
  readonly name: string;
  readonly uri: Uri;
}

/** One that names a registry. */
export interface WorkspaceManifest extends ManifestFile, RegistryDocument {
  readonly place: RegistryReference;
  /** On this machine; undefined in a virtual workspace. Paths in the file start there. */
  readonly folder: string | undefined;
}

/** One that is floe's, and cannot be used. */
export interface BrokenManifest extends ManifestFile {
  readonly error: unknown;
}

/**
 * The files manifest.yaml of the workspace's folders, read again whenever they change. Whether anything may be done
 * because of them is for others to say.
 */
export class WorkspaceManifests implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: readonly Disposable[];
  #watchers: readonly Disposable[] = [];
  #found: readonly (WorkspaceManifest | BrokenManifest)[] = [];
  /** What was read last, so that one change is told once. */
  #known = '[]';
  /** Counts readings: of two that overlap, the later one is right. */
  #turn = 0;

  constructor() {
    this.#subscriptions = [
      workspace.onDidChangeWorkspaceFolders(() => void this.start()),
      // What is saved here is known at once, also where the system tells of no changes.
      workspace.onDidSaveTextDocument(({ uri }) => uri.path.endsWith(`/${NAME}`) && void this.#read()),
    ];
  }

  /** Something of {@link all} or {@link broken} is other than it was. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** In the order of the folders. */
  get all(): readonly WorkspaceManifest[] {
    return this.#found.filter((file) => 'config' in file);
  }

  get broken(): readonly BrokenManifest[] {
    return this.#found.filter((file) => 'error' in file);
  }

  /** Reads them, and watches them from then on. */
  async start(): Promise<void> {
    this.#watch();
    await this.#read();
  }

  dispose(): void {
    for (const subscription of [...this.#subscriptions, ...this.#watchers]) subscription.dispose();
    this.#changed.dispose();
  }

  #watch(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = (workspace.workspaceFolders ?? []).map((folder) => {
      const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, NAME));
      const read = () => void this.#read();
      watcher.onDidCreate(read);
      watcher.onDidChange(read);
      watcher.onDidDelete(read);
      return watcher;
    });
  }

  async #read(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const files = await Promise.all((workspace.workspaceFolders ?? []).map(readFile));
    const decoder = new TextDecoder();
    const known = JSON.stringify(files.map(({ name, uri, bytes }) => [name, uri.toString(), decoder.decode(bytes)]));
    const found = known === this.#known ? undefined : await Promise.all(files.map(readManifestIn));
    if (turn !== this.#turn || found === undefined) return;
    this.#known = known;
    this.#found = found.filter((file) => file !== undefined);
    this.#changed.fire();
  }
}

interface ReadFile extends ManifestFile {
  /** On this machine; undefined in a virtual workspace. */
  readonly folder: string | undefined;
  /** Undefined where there is no such file, and for one that is no text of anybody's. */
  readonly bytes: Uint8Array | undefined;
}

async function readFile(folder: WorkspaceFolder): Promise<ReadFile> {
  const uri = Uri.joinPath(folder.uri, NAME);
  const name = (workspace.workspaceFolders?.length ?? 0) > 1 ? `${folder.name}/${NAME}` : NAME;
  return { name, uri, folder: uri.scheme === 'file' ? folder.uri.fsPath : undefined, bytes: await readBytes(uri) };
}

async function readBytes(uri: Uri): Promise<Uint8Array | undefined> {
  try {
    if ((await workspace.fs.stat(uri)).size > MAX_SIZE) return undefined;
    return await workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof FileSystemError) return undefined;
    throw error;
  }
}

async function readManifestIn(file: ReadFile): Promise<WorkspaceManifest | BrokenManifest | undefined> {
  const { name, uri, folder, bytes } = file;
  if (bytes === undefined) return undefined;
  try {
    // Most workspaces have no such file, and need no YAML.
    const { readRegistryFile } = await import('../floe/registryManifest.ts');
    const document = readRegistryFile({ file: name, bytes });
    if (document === undefined) return undefined;
    return { name, uri, folder, place: parseRegistryReference(document.config.uri), ...document };
  } catch (error) {
    return { name, uri, error };
  }
}
