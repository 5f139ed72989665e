import type { CallOptions, ReadableStore } from '../../content/store.ts';
import { bytesOf } from '../../content/verify.ts';
import { OciError, throwIfAborted } from '../../errors.ts';
import { Annotation } from '../../spec/annotations.ts';
import type { Descriptor } from '../../spec/descriptor.ts';
import { isArchive } from './archiveAnnotation.ts';
import { ArchiveBudget } from './archiveLimits.ts';
import type { TarEntry, TarEntryType } from './readTar.ts';

/** An entry of a layer that is a tar archive. All of it is as the archive has it: anything. */
export interface LayerEntry {
  /** Without `.` and empty parts; it may be the name of several, of which the last counts. */
  readonly path: string;
  readonly type: TarEntryType;
  /** Bytes. */
  readonly size: number;
  /** Of links. */
  readonly target: string;
}

/** What a layer holds, as far as it was read. */
export interface LayerEntries {
  readonly entries: readonly LayerEntry[];
  /** Whether there are more than were asked for. */
  readonly isCut: boolean;
}

/** How much of a layer is listed. */
export interface ListLayerOptions extends CallOptions {
  /** Default 10,000: more is nothing that people read. */
  readonly maxEntries?: number;
}

/** How much of a file in a layer is read. */
export interface ReadLayerOptions extends CallOptions {
  /** Bytes. */
  readonly maxSize: number;
}

/** `…tar`, `…tar+gzip`, `…tar.gzip`, `…tar+zstd`, `…tar.gz`: of images, charts, and packed folders. */
const TAR = /[./]tar(?:[+.](?:gzip|gz|zstd))?$/;
/** Characters. The longest path that Linux takes. */
const MAX_PATH = 4_096;
/** Characters of all paths together; those of 10,000 files take a half. Whoever shows them holds them several times. */
const MAX_CHARACTERS = 1024 * 1024;

/** Whether a layer says that it is a tar archive. What is titled as JSON is not, whatever it says. */
export function isTarLayer(layer: Descriptor): boolean {
  const title = layer.annotations?.[Annotation.title] ?? '';
  return isArchive(layer) || (TAR.test(layer.mediaType) && !title.endsWith('.json'));
}

/**
 * What is in a layer that is a tar archive, compressed or not. All of it is read, for only then is it known to be what its
 * digest says; nothing is kept of the content.
 * @throws OciError INVALID_ARCHIVE, LIMIT_EXCEEDED, CANCELLED, and what the store throws
 */
export async function listLayer(
  store: ReadableStore,
  layer: Descriptor,
  { signal, maxEntries = 10_000 }: ListLayerOptions = {},
): Promise<LayerEntries> {
  const entries: LayerEntry[] = [];
  let isCut = false;
  let characters = 0;
  for await (const { name, type, size, target } of entriesOf(store, layer, signal)) {
    const entry = { path: pathOf(name), type, size, target: target.slice(0, MAX_PATH) };
    characters += entry.path.length + entry.target.length;
    isCut ||= entries.length >= maxEntries || characters > MAX_CHARACTERS;
    if (!isCut) entries.push(entry);
  }
  return { entries: entries.filter(({ path }) => path !== ''), isCut };
}

/**
 * The content of one file in such a layer; of several of its name, the last.
 * @throws OciError NOT_FOUND, LIMIT_EXCEEDED for a larger one, and what {@link listLayer} throws
 */
export async function readLayerFile(
  store: ReadableStore,
  layer: Descriptor,
  path: string,
  { signal, maxSize }: ReadLayerOptions,
): Promise<Uint8Array> {
  let found: Uint8Array | undefined;
  for await (const { name, type, size, content } of entriesOf(store, layer, signal)) {
    if (type !== 'file' || pathOf(name) !== path) continue;
    if (size > maxSize) {
      const what = `bytes of ${JSON.stringify(path)}`;
      throw new OciError('LIMIT_EXCEEDED', `more than ${maxSize} ${what}`, { what, limit: maxSize });
    }
    found = await bytesOf(content);
  }
  if (found !== undefined) return found;
  const what = `${path} in ${layer.digest}`;
  throw new OciError('NOT_FOUND', `no file ${what}`, { kind: 'blob', what });
}

async function* entriesOf(
  store: ReadableStore,
  layer: Descriptor,
  signal: AbortSignal | undefined,
): AsyncGenerator<TarEntry> {
  // Reading archives is loaded by whoever reads one.
  const [{ readTar }, { uncompressed }] = await Promise.all([import('./readTar.ts'), import('./uncompressed.ts')]);
  const call = signal ? { signal } : {};
  const budget = new ArchiveBudget();
  let reached = layer.digest as string;
  const measured = async function* (): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of uncompressed(layer.digest, store.read(layer, call))) {
      throwIfAborted(signal);
      size += chunk.length;
      budget.checkRatio(layer.size, size, reached);
      budget.takeBytes(chunk.length, reached);
      yield chunk;
    }
  };
  for await (const entry of readTar(layer.digest, measured())) {
    reached = entry.name;
    budget.takeEntry(entry.name);
    yield entry;
  }
}

function pathOf(name: string): string {
  const parts = name.slice(0, MAX_PATH).split('/');
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}
