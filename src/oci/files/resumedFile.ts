import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { reading } from './fileErrors.ts';
import { claimPart, keepPart } from './partialFile.ts';
import { readPieces } from './readPieces.ts';
import type { StageOptions } from './temporaryFile.ts';

/** Bytes from which on content that did not arrive is not begun anew: less takes a few seconds at most. */
const RESUMED_FROM = 16 * 1024 * 1024;

/** Absent on Windows. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** Content that can be opened, and perhaps without its first bytes. */
interface Source {
  (): AsyncIterable<Uint8Array>;
  readonly after?: (offset: number) => AsyncIterable<Uint8Array>;
}

/** The content that a resumed file will have, when it is whole. */
export interface ResumedContent {
  /** The hexadecimal part of its digest. */
  readonly encoded: string;
  /** Bytes. */
  readonly size: number;
}

/** What there is already of content that is about to be written to a file. */
export interface Resumed {
  /** Bytes that are in the file. */
  readonly size: number;
  /** All of the content, these bytes first, for whoever checks it. */
  readonly content: () => AsyncIterable<Uint8Array>;
  /** The file to go on with, for `stageFile`. */
  readonly stage: Pick<StageOptions, 'part'>;
}

/**
 * Finds what an earlier run has left in a folder of large content, and leaves what comes of it now to a later one, when it
 * does not arrive whole. Small content, and a source that can only be opened at its beginning, begin anew each time.
 * @param isWorthKeeping whether what arrived before this failure is right so far, and may be left in the folder
 */
export async function resumedFile(
  folder: string,
  { encoded, size }: ResumedContent,
  source: Source,
  isWorthKeeping: (error: unknown) => boolean,
): Promise<Resumed> {
  const { after } = source;
  if (after === undefined || size < RESUMED_FROM) return { size: 0, content: source, stage: {} };
  const part = await claimPart(folder, encoded);
  const abandon = (error: unknown): Promise<void> =>
    isWorthKeeping(error) ? keepPart(part.path, encoded) : rm(part.path, { force: true }).catch(() => {});
  const stage = { part: { path: part.path, abandon } };
  if (part.size === 0) return { size: 0, content: source, stage };
  async function* joined(): AsyncGenerator<Uint8Array> {
    yield* readPart(part.path, part.size);
    if (part.size < size) yield* after?.(part.size) ?? [];
  }
  return { size: part.size, content: joined, stage };
}

async function* readPart(path: string, size: number): AsyncGenerator<Uint8Array> {
  const file = await reading(path, () => open(path, constants.O_RDONLY | NO_FOLLOW));
  try {
    if (file !== undefined) yield* readPieces(file, path, size);
  } finally {
    await file?.close();
  }
}
