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
/**
 * Bytes in a second, the wait for the first one included, from which one reader is enough: storage that gives each reader its
 * share gives less, and every part costs both ends time.
 */
const FAST = 64 * 1024 * 1024;

/** First byte, and the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A blob in a registry, as a whole or in parts. */
export interface PartSource {
  /** Bytes of the whole. */
  readonly size: number;
  /** Where to begin. */
  readonly start: number;
  /** Fails with UNSUPPORTED where the registry does not give just these bytes. */
  part(span: Span, options: CallOptions): AsyncIterable<Uint8Array>;
  whole(options: CallOptions): AsyncIterable<Uint8Array>;
  /** Whether no other large blob is being read beside it: several share the line, and each seems slow. */
  isAlone(): boolean;
}

/**
 * The bytes of a blob in their order. One part shows whether there are parts to be had, and how fast; while they come fast,
 * the next one is twice as large, and otherwise several are fetched at a time. Where the registry does not give parts, or
 * another blob is read beside this one by then, the rest comes in one stream.
 * @param now milliseconds, for the speed
 */
export async function* readInParts(
  source: PartSource,
  options: CallOptions,
  now: () => number = () => performance.now(),
): AsyncGenerator<Uint8Array> {
  let given = source.start;
  try {
    for await (const chunk of readParts(source, options, now)) {
      given += chunk.length;
      yield chunk;
    }
    return;
  } catch (error) {
    if (!isOciError(error, 'UNSUPPORTED')) throw error;
  }
  yield* skip(given, source.whole(options));
}

async function* readParts(source: PartSource, options: CallOptions, now: () => number): AsyncGenerator<Uint8Array> {
  const { size, part } = source;
  let { start } = source;
  for (let length = PART_SIZE; start < size; length *= 2) {
    const span = { start, end: Math.min(start + length, size) };
    const asked = now();
    yield* part(span, options);
    start = span.end;
    if (start < size && !source.isAlone()) return yield* readRest({ ...source, start }, options);
    const seconds = (now() - asked) / 1000;
    if (length < FAST * seconds) break;
  }
  yield* readSeveral({ ...source, start }, options);
}

/** Several parts at a time. */
async function* readSeveral({ size, start, part }: PartSource, options: CallOptions): AsyncGenerator<Uint8Array> {
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  const ahead: ReadAhead[] = [];
  let begun = start;
  const begin = (): void => {
    while (ahead.length < PARTS && begun < size) {
      const span = { start: begun, end: Math.min(begun + PART_SIZE, size) };
      ahead.push(new ReadAhead(part(span, { signal })));
      begun = span.end;
    }
  };
  try {
    begin();
    for (let current = ahead[0]; current !== undefined; current = ahead[0]) {
      yield* current;
      ahead.shift();
      begin();
    }
  } finally {
    left.abort(cancelled());
    await Promise.all(ahead.map(({ ended }) => ended));
  }
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
