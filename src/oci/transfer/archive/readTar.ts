import { type Extract, extract } from 'tar-stream';
import { isOciError, OciError } from '../../errors.ts';
import { writeTo } from './writeTo.ts';

/** What an entry of a tar archive is; `other` are devices, FIFOs and what we do not know. */
export type TarEntryType = 'file' | 'folder' | 'link' | 'hard link' | 'device' | 'other';

/** One entry of a tar archive, as it says of itself: nothing in it is safe yet. */
export interface TarEntry {
  /** As the archive has it: anything. */
  readonly name: string;
  readonly type: TarEntryType;
  /** Permission bits with set-user-id, set-group-id and sticky. */
  readonly mode: number;
  /** Bytes, as the archive has it; of what is no file, 0. */
  readonly size: number;
  /** Of links; as the archive has it. */
  readonly target: string;
  /** Of a file. What of it is not read before the next entry is asked for, is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

const TYPES: Readonly<Record<string, TarEntryType>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'link',
  link: 'hard link',
  'character-device': 'device',
  'block-device': 'device',
  fifo: 'device',
};

/**
 * The entries of a tar archive (ustar, pax and GNU), in its order. The bytes are read to their very end, also what comes
 * after the archive's own.
 * @param name what errors call the archive
 * @throws OciError INVALID_ARCHIVE, and what the bytes throw
 */
export async function* readTar(name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const parser = extract();
  const feeding = feed(parser, bytes).catch((error: unknown) => {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const entry of parser) {
      yield entryOf(name, entry);
      entry.resume();
    }
  } catch (error) {
    if (isOciError(error)) throw error;
    throw invalidArchive(name, error instanceof Error ? error.message : String(error), error);
  } finally {
    parser.destroy();
    await feeding;
  }
}

/** The error for a layer that is no archive, or not one that is unpacked. */
export function invalidArchive(name: string, reason: string, cause?: unknown): OciError<'INVALID_ARCHIVE'> {
  return new OciError('INVALID_ARCHIVE', `${name} cannot be unpacked: ${reason}`, { name, reason }, { cause });
}

type Source = Extract extends AsyncIterable<infer Entry> ? Entry : never;

function entryOf(archive: string, entry: Source): TarEntry {
  // The type definitions promise what an archive may not have: a type that is known, a target for what is no link.
  const { name, type, mode, size, linkname, pax } = entry.header as Partial<typeof entry.header>;
  const isSparse = Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
  return {
    name: name ?? '',
    type: isSparse ? 'other' : (TYPES[type ?? ''] ?? 'other'),
    mode: mode ?? 0,
    size: size ?? 0,
    target: linkname ?? '',
    content: contentOf(archive, entry as AsyncIterable<unknown> as AsyncIterable<Uint8Array>),
  };
}

async function* contentOf(archive: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    if (isOciError(error)) throw error;
    throw invalidArchive(archive, 'it ends in the middle of a file', error);
  }
}

/** Writes as fast as entries are read, and stops when the parser does. */
async function feed(parser: Extract, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of bytes) {
    if (!(await writeTo(parser, chunk))) return;
  }
  parser.end(undefined);
}
