import type { OnReadOpts, Socket } from 'node:net';
import { lend, PIECE_SIZE, pieceOfMemory } from '../../lending.ts';

/** Bytes from which on a read is passed on as it is, in memory that holds nothing else then. */
const LARGE = PIECE_SIZE / 2;

/** Lets sockets read much at once, where Node reads 64 KiB. What is little is copied, and the memory takes the next. */
export function largeReads(): OnReadOpts {
  let unused: Uint8Array | undefined;
  return {
    // Asked for right after each read, for the socket that has read.
    buffer: () => {
      const memory = unused ?? pieceOfMemory();
      unused = undefined;
      return memory;
    },
    callback(this: Socket, size, memory) {
      const bytes = memory.subarray(0, size);
      if (size > LARGE) return this.push(bytes);
      unused = memory;
      return this.push(Buffer.from(bytes));
    },
  };
}

/** Lends a body's share of a read, where that is so much of it that there is no other. */
export function lendIfLarge(chunk: Uint8Array): Uint8Array {
  return chunk.length > LARGE ? lend(chunk) : chunk;
}
