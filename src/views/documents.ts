import { FileSystemError, type Uri } from 'vscode';
import { type Descriptor, edgesOf, isOciError, OciError, type OciErrorCode, readVerified } from '../oci/index.ts';
import { describeError, explain } from './describeError.ts';
import { type DocumentAddress, parseDocumentUri } from './documentUri.ts';
import { formatSize } from './format.ts';
import type { Documents } from './ociFileSystem.ts';
import type { Place, RepositoryReader } from './places.ts';
import { readManifest } from './readManifest.ts';

/** An editor holds a document in memory several times over. */
const MAX_DOCUMENT_SIZE = 64 * 1024 * 1024;

export interface DocumentsOptions {
  /**
   * The place of an address. A registry that is not connected is asked for first.
   * @throws OciError CANCELLED when the user does not want to connect
   */
  readonly placeFor: (place: DocumentAddress['place']) => Promise<Place>;
  readonly logError: (action: string, error: unknown) => void;
}

/** Reads documents, each time from where they are: the digest in the address is checked against what comes. */
export class StoreDocuments implements Documents {
  readonly #options: DocumentsOptions;

  constructor(options: DocumentsOptions) {
    this.#options = options;
  }

  async sizeOf(uri: Uri): Promise<number> {
    return await this.#translating(uri, async () => {
      const address = parseDocumentUri(uri);
      if (address.isIndented) return (await this.#read(address)).length;
      return (await descriptorOf(await this.#open(address), address)).size;
    });
  }

  async contentOf(uri: Uri): Promise<Uint8Array> {
    return await this.#translating(uri, () => this.#read(parseDocumentUri(uri)));
  }

  async #read(address: DocumentAddress): Promise<Uint8Array> {
    const store = await this.#open(address);
    const descriptor = await descriptorOf(store, address);
    if (descriptor.size > MAX_DOCUMENT_SIZE) throw tooLarge(descriptor);
    const { bytes } = await readVerified(store, descriptor, { maxSize: MAX_DOCUMENT_SIZE });
    return address.isIndented ? indented(bytes) : bytes;
  }

  async #open({ place, repository }: DocumentAddress): Promise<RepositoryReader> {
    return await (await this.#options.placeFor(place)).reader(repository);
  }

  async #translating<T>(uri: Uri, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      if (error instanceof FileSystemError) throw error;
      this.#options.logError(`Reading ${uri.toString()}`, error);
      throw fileSystemError(error);
    }
  }
}

/** JSON on lines of its own; what is none stays as it is. */
function indented(bytes: Uint8Array): Uint8Array {
  try {
    return new TextEncoder().encode(`${JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), undefined, 2)}\n`);
  } catch {
    return bytes;
  }
}

/** @throws OciError NOT_FOUND when the manifest does not name the content */
async function descriptorOf(store: RepositoryReader, { digest, manifest, tag }: DocumentAddress): Promise<Descriptor> {
  const parent = manifest ?? (await store.resolve(digest).catch(unlessNotFound)) ?? tag;
  if (typeof parent === 'object') return parent;
  const edges = parent === undefined ? [] : edgesOf((await readManifest(store, parent)).manifest);
  const edge = edges.find(({ descriptor }) => descriptor.digest === digest);
  if (edge !== undefined) return edge.descriptor;
  throw new OciError('NOT_FOUND', `nothing names ${digest}`, { kind: 'blob', what: `${digest} in ${store.name}` });
}

function unlessNotFound(error: unknown): undefined {
  if (isOciError(error, 'NOT_FOUND')) return undefined;
  throw error;
}

function tooLarge({ size }: Descriptor): FileSystemError {
  const limit = formatSize(MAX_DOCUMENT_SIZE);
  return FileSystemError.Unavailable(`This has ${formatSize(size)}, and an editor takes up to ${limit}: use Pull.`);
}

const NOT_THERE: readonly OciErrorCode[] = ['NOT_FOUND', 'INVALID_REFERENCE'];
const NOT_ALLOWED: readonly OciErrorCode[] = ['UNAUTHORIZED', 'DENIED'];

function fileSystemError(error: unknown): FileSystemError {
  const sentence = isOciError(error, 'CANCELLED') ? 'Not connected to this registry.' : explain(describeError(error));
  if (!isOciError(error)) return FileSystemError.Unavailable(sentence);
  if (NOT_THERE.includes(error.code)) return FileSystemError.FileNotFound(sentence);
  if (NOT_ALLOWED.includes(error.code)) return FileSystemError.NoPermissions(sentence);
  return FileSystemError.Unavailable(sentence);
}
