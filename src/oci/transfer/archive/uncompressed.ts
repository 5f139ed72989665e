import { isOciError } from '../../errors.ts';
import { decompressorFor } from './decompress.ts';
import { invalidArchive } from './readTar.ts';
import { writeTo } from './writeTo.ts';

/** The longest magic number that we know. */
const MAGIC_LENGTH = 4;

/**
 * A stream that may be compressed by gzip or zstd, uncompressed. The source is read to its very end, also where the
 * compressed content ends before: only then has it been checked.
 * @param name what errors call the archive
 * @throws OciError INVALID_ARCHIVE, and what the source throws
 */
export async function* uncompressed(name: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  for (let size = 0; size < MAGIC_LENGTH; size += head.at(-1)?.length ?? 0) {
    const next = await iterator.next();
    if (next.done === true) break;
    head.push(next.value);
  }
  const whole = wholeOf(head, iterator);
  const magic = Buffer.concat(head).subarray(0, MAGIC_LENGTH).toString('hex');
  const stream = decompressorFor(magic);
  if (stream === undefined) return yield* whole;

  let isStopped = false;
  const feed = async (): Promise<void> => {
    for await (const chunk of whole) {
      if (isStopped) return;
      await writeTo(stream, chunk);
    }
    if (!stream.destroyed) stream.end();
  };
  const feeding = feed().catch((error: unknown) => {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  try {
    yield* stream;
    // What comes after the compressed content is taken by nobody any more.
    stream.destroy();
    await feeding;
  } catch (error) {
    if (isOciError(error)) throw error;
    throw invalidArchive(name, `it cannot be uncompressed (${error instanceof Error ? error.message : error})`, error);
  } finally {
    isStopped = true;
    stream.destroy();
    await feeding.catch(() => {});
  }
}

async function* wholeOf(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
