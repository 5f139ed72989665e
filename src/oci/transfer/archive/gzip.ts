import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

/**
 * What a gzip file starts with, where it says nothing: no name, no time, an unknown system. Left to itself the library
 * writes which system it runs on.
 * https://www.rfc-editor.org/rfc/rfc1952#section-2.3
 */
const HEADER = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

/** Written out, so that another default some day changes no digest. */
const OPTIONS = { level: 6, memLevel: 8, windowBits: 15, strategy: 0, chunkSize: 256 * 1024 } as const;

/**
 * Compresses a stream; the same bytes, however they are cut into pieces, give the same result. What they give is up to
 * zlib's search for repetitions: it is the same from Node.js 20 to 24, and no promise of
 * theirs. The digest of the uncompressed archive, which goes with the layer, stays the same in any case.
 */
export async function* gzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = pipeline(Readable.from(bytes), createGzip(OPTIONS), () => {});
  let at = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      for (let i = 0; i < chunk.length && at + i < HEADER.length; i++) chunk[i] = HEADER[at + i] ?? 0;
      at += chunk.length;
      yield chunk;
    }
  } finally {
    stream.destroy();
  }
}
