import type { CallOptions } from '../content/store.ts';
import { skip } from '../content/verify.ts';
import { cancelled, isOciError } from '../errors.ts';
import { ReadAhead } from './readAhead.ts';

/** Bytes of a part: at 50 ms a round trip, four of them under way still fill a line of 2.5 Gbit/s. */
export const PART_SIZE = 4 * 1024 * 1024;
/** Parts under way or waiting for their turn, all held in memory. Storage that gives one reader little gives each so much. */
const PARTS = 4;
/** Bytes from which a blob is read in parts: below, it is over before several readers have got going. */
export const MIN_PARTED = 32 * 1024 * 1024;

/** First byte, and the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface PartSource {
  /** Bytes of the whole. */
  readonly size: number;
  /** Where to begin. */
  readonly start: number;
  /** Fails with UNSUPPORTED where the registry does not give just these bytes. */
  part(span: Span, options: CallOptions): AsyncIterable<Uint8Array>;
  whole(options: CallOptions): AsyncIterable<Uint8Array>;
}

/**
 * The bytes of a blob in their order, several parts being fetched at a time. Where the registry turns out not to give parts,
 * the rest comes in one stream.
 */
export async function* readInParts(
  { size, start, part, whole }: PartSource,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  const ahead: ReadAhead[] = [];
  let given = start;
  let begun = start;
  const begin = (): void => {
    const span = { start: begun, end: Math.min(begun + PART_SIZE, size) };
    ahead.push(new ReadAhead(part(span, { signal })));
    begun = span.end;
  };
  try {
    begin();
    for (let current = ahead[0]; current !== undefined; current = ahead[0]) {
      for await (const chunk of current) {
        given += chunk.length;
        // The first part has shown that there are others to be had.
        while (ahead.length < PARTS && begun < size) begin();
        yield chunk;
      }
      ahead.shift();
      if (ahead.length === 0 && begun < size) begin();
    }
    return;
  } catch (error) {
    if (!isOciError(error, 'UNSUPPORTED')) throw error;
  } finally {
    left.abort(cancelled());
    await Promise.all(ahead.map(({ ended }) => ended));
  }
  yield* skip(given, whole(options));
}

/** The same in one stream. */
export async function* readRest(
  { size, start, part, whole }: PartSource,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  try {
    yield* part({ start, end: size }, options);
  } catch (error) {
    if (!isOciError(error, 'UNSUPPORTED')) throw error;
    yield* skip(start, whole(options));
  }
}
