import type { FileHandle } from 'node:fs/promises';
import { lend, PIECE_SIZE, pieceOfMemory } from '../lending.ts';
import { reading } from './fileErrors.ts';

/**
 * The bytes of an open file from `offset` to its end, in large pieces, which are lent. The caller closes the file.
 * @param path for messages
 * @param size bytes that the file is expected to have: a small one takes one read, and one that has grown is read on
 * @throws OciError FILE_NOT_READABLE
 */
export async function* readPieces(
  file: FileHandle,
  path: string,
  size: number,
  offset = 0,
): AsyncGenerator<Uint8Array> {
  // One byte more, so that the end shows in the same read: of a file, less comes only there.
  const length = Math.max(1, Math.min(PIECE_SIZE, size - offset + 1));
  for (let position = offset; ; ) {
    const isPiece = length === PIECE_SIZE;
    const memory = isPiece ? pieceOfMemory() : Buffer.allocUnsafe(length);
    const read = await reading(path, () => file.read(memory, 0, length, position));
    if (read === undefined || read.bytesRead === 0) return;
    position += read.bytesRead;
    const bytes = memory.subarray(0, read.bytesRead);
    yield isPiece ? lend(bytes) : bytes;
    if (read.bytesRead < length) return;
  }
}
