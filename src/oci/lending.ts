/**
 * Bytes that are read at once from a file or a connection: a system call, and everything that follows from a piece of
 * content, costs as much for few of them as for many.
 */
export const PIECE_SIZE = 1024 * 1024;

/** Pieces of memory that may lie ready; what comes back beyond that is left to the collector. */
const MAX_READY = 16;

const ready: ArrayBuffer[] = [];
const lent = new WeakSet<Uint8Array>();

/**
 * Memory for {@link PIECE_SIZE} bytes of content on its way from one place to another. That it is used again, by way of
 * {@link lend} and {@link giveBack}, saves the system from finding new memory for all of a large blob, and the collector
 * from looking for what has become free. Nobody has to give anything back.
 */
export function pieceOfMemory(): Buffer<ArrayBuffer> {
  const memory = ready.pop();
  return memory === undefined ? Buffer.allocUnsafeSlow(PIECE_SIZE) : Buffer.from(memory);
}

/**
 * Declares a chunk to be the only one in its piece of memory. Whoever passes such a chunk on gives it up, as with any stream;
 * so the last one that has it can say that nobody needs it any more.
 */
export function lend(chunk: Uint8Array): Uint8Array {
  lent.add(chunk);
  return chunk;
}

/** Says that nobody needs this chunk any more. Of one that was not lent, or is a part of one, nothing follows. */
export function giveBack(chunk: Uint8Array): void {
  const { buffer } = chunk;
  if (!lent.delete(chunk) || !(buffer instanceof ArrayBuffer) || buffer.byteLength !== PIECE_SIZE) return;
  if (ready.length < MAX_READY) ready.push(buffer);
}
