import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { isOciError } from '../../errors.ts';
import { readingExisting, systemCodeOf } from '../../files/fileErrors.ts';
import { invalidArchive } from './readTar.ts';

/** Bytes in one piece of output; the default of 16 KiB spends more time between pieces than on them. */
const CHUNK_SIZE = 256 * 1024;

/** First bytes, and what undoes the compression that they announce. Media types of packed folders say anything. */
const COMPRESSIONS: readonly (readonly [magic: string, undo: () => Transform])[] = [
  ['1f8b', () => createGunzip({ chunkSize: CHUNK_SIZE })],
  ['28b52ffd', () => createZstdDecompress({ chunkSize: CHUNK_SIZE })],
];

/** Undoes the compression that the first bytes announce, in hexadecimal digits; undefined where they announce none. */
export function decompressorFor(magic: string): Transform | undefined {
  return COMPRESSIONS.find(([start]) => magic.startsWith(start))?.[1]();
}

/**
 * The content of a file that may be compressed by gzip or zstd, uncompressed.
 * @param name what errors call the archive
 * @throws OciError INVALID_ARCHIVE, FILE_NOT_READABLE
 */
export async function* decompressed(name: string, path: string): AsyncGenerator<Uint8Array> {
  const magic = await firstBytes(path);
  const undo = decompressorFor(magic);
  const file = createReadStream(path, { highWaterMark: CHUNK_SIZE });
  const stream = undo === undefined ? file : pipeline(file, undo, () => {});
  try {
    yield* stream;
  } catch (error) {
    if (isOciError(error)) throw error;
    // A system error has a code such as EIO; those of zlib start with Z_ or ERR_.
    if (/^E[A-Z]+$/.test(systemCodeOf(error) ?? '')) await readingExisting(path, () => Promise.reject(error));
    throw invalidArchive(name, `it cannot be uncompressed (${error instanceof Error ? error.message : error})`, error);
  } finally {
    file.destroy();
    stream.destroy();
  }
}

async function firstBytes(path: string): Promise<string> {
  const file = await readingExisting(path, () => open(path));
  try {
    const { buffer, bytesRead } = await readingExisting(path, () => file.read(Buffer.alloc(4), 0, 4, 0));
    return buffer.subarray(0, bytesRead).toString('hex');
  } finally {
    await file.close();
  }
}
