import { FileSystemError, l10n, type Uri } from 'vscode';
import {
  type Descriptor,
  edgesOf,
  isOciError,
  type Observer,
  OciError,
  type OciErrorCode,
  readVerified,
  silentLogger,
  silentTelemetry,
} from '../oci/index.ts';
import { describeError, explain } from './describeError.ts';
import { type DocumentAddress, parseDocumentUri } from './documentUri.ts';
import { EntryContents } from './entryContents.ts';
import { formatSize } from './format.ts';
import { LayerConsent } from './layerConsent.ts';
import type { Documents } from './ociFileSystem.ts';
import type { Place, RepositoryReader } from './places.ts';
import { readManifest } from './readManifest.ts';
import { observeAt } from './telemetry/observeAt.ts';

/** An editor holds a document in memory several times over. */
const MAX_DOCUMENT_SIZE = 64 * 1024 * 1024;

/** Where documents are read from, and who is told when one cannot be. */
export interface DocumentsOptions {
  /**
   * The place of an address. A registry that is not connected is asked for first.
   * @throws OciError CANCELLED when the user does not want to connect
   */
  readonly placeFor: (place: DocumentAddress['place']) => Promise<Place>;
  readonly logError: (action: string, error: unknown) => void;
  /** Told of what could not be read; the editor shows it by itself. Default: nobody is. */
  readonly onUnread?: (uri: Uri, error: unknown) => void;
  /** Which layers may be read whole for a file in them; default: small ones. */
  readonly consent?: LayerConsent;
  /** Told of what is read. Default: nobody looks. */
  readonly observer?: Observer | undefined;
}

const NOBODY: Observer = { telemetry: silentTelemetry, logger: silentLogger };

/** Reads documents, each time from where they are: the digest in the address is checked against what comes. */
export class StoreDocuments implements Documents {
  readonly #options: DocumentsOptions;
  readonly #entries: EntryContents;

  constructor(options: DocumentsOptions) {
    this.#options = options;
    this.#entries = new EntryContents(options.consent ?? new LayerConsent());
  }

  async sizeOf(uri: Uri): Promise<number> {
    return await this.#translating(uri, async () => {
      const address = parseDocumentUri(uri);
      if (address.isIndented || address.entry !== undefined) return (await this.#read(address)).length;
      const place = await this.#options.placeFor(address.place);
      return (await descriptorOf(await place.reader(address.repository), address)).size;
    });
  }

  async contentOf(uri: Uri): Promise<Uint8Array> {
    return await this.#translating(uri, () => this.#read(parseDocumentUri(uri)));
  }

  async #read(address: DocumentAddress): Promise<Uint8Array> {
    const { placeFor, observer = NOBODY } = this.#options;
    const place = await placeFor(address.place);
    const { repository, digest } = address;
    return await observeAt(observer, 'inspect', { place, repository, digest }, () => this.#readFrom(place, address));
  }

  async #readFrom(place: Place, address: DocumentAddress): Promise<Uint8Array> {
    const store = await place.reader(address.repository);
    const descriptor = await descriptorOf(store, address);
    if (address.entry !== undefined)
      return await this.#entries.read(store, descriptor, address.entry, MAX_DOCUMENT_SIZE);
    if (descriptor.size > MAX_DOCUMENT_SIZE) throw tooLarge(descriptor);
    const { bytes } = await readVerified(store, descriptor, { maxSize: MAX_DOCUMENT_SIZE });
    return address.isIndented ? indented(bytes) : bytes;
  }

  async #translating<T>(uri: Uri, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      if (error instanceof FileSystemError) throw error;
      this.#options.logError(`Reading ${uri.toString()}`, error);
      this.#options.onUnread?.(uri, error);
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
  throw new OciError('NOT_FOUND', `nothing names ${digest}`, {
    kind: 'blob',
    what: l10n.t('{0} in {1}', digest, store.name),
  });
}

function unlessNotFound(error: unknown): undefined {
  if (isOciError(error, 'NOT_FOUND')) return undefined;
  throw error;
}

function tooLarge({ size }: Descriptor): FileSystemError {
  const limit = formatSize(MAX_DOCUMENT_SIZE);
  return FileSystemError.Unavailable(
    l10n.t('This has {0}, and an editor takes up to {1}: use Pull.', formatSize(size), limit),
  );
}

const NOT_THERE: readonly OciErrorCode[] = ['NOT_FOUND', 'INVALID_REFERENCE'];
const NOT_ALLOWED: readonly OciErrorCode[] = ['UNAUTHORIZED', 'DENIED'];

function fileSystemError(error: unknown): FileSystemError {
  const sentence = isOciError(error, 'CANCELLED')
    ? l10n.t('Not connected to this registry.')
    : explain(describeError(error));
  if (!isOciError(error)) return FileSystemError.Unavailable(sentence);
  if (NOT_THERE.includes(error.code)) return FileSystemError.FileNotFound(sentence);
  if (NOT_ALLOWED.includes(error.code)) return FileSystemError.NoPermissions(sentence);
  return FileSystemError.Unavailable(sentence);
}
