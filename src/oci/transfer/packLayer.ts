import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CallOptions, ContentSource } from '../content/store.ts';
import { skip, verified } from '../content/verify.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import { readingExisting } from '../files/fileErrors.ts';
import { readPieces } from '../files/readPieces.ts';
import { giveBack } from '../lending.ts';
import { Annotation, type Annotations } from '../spec/annotations.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { createHasher, type Digest, type DigestAlgorithm } from '../spec/digest.ts';
import { parseMediaType } from '../spec/mediaTypes.ts';

/** Content that is to become a layer, or the config, of an artifact. */
export interface PackLayer {
  readonly mediaType: string;
  readonly annotations?: Annotations;
  /** Bytes. */
  readonly size: number;
  readonly digest: Digest;
  readonly open: ContentSource;
}

/**
 * Makes a layer of a file by hashing it; its bytes are read again when they are written, so nothing is held in memory.
 * A file that changes in between fails the write; one that shows a change is hashed again as it is read. `title` defaults to
 * the file's name.
 * @throws OciError INVALID_MEDIA_TYPE, FILE_NOT_FOUND, FILE_NOT_READABLE, CANCELLED
 */
export async function layerOfFile(
  path: string,
  mediaType: string,
  title: string = basename(path),
  options: CallOptions = {},
): Promise<PackLayer> {
  parseMediaType(mediaType);
  const version = versionOf(await statFile(path));
  const { digest, size } = await measureFile(path, options);
  const after = (offset: number): AsyncGenerator<Uint8Array> =>
    readUnchanged(path, { mediaType, digest, size }, version, offset);
  const open = Object.assign(() => after(0), { after, atRest: true } as const);
  return { mediaType, digest, size, annotations: { [Annotation.title]: title }, open };
}

/** Names the state of a file; a change within the same tick of the clock that keeps its size does not show. */
function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}

/** @param version what the file was when it was hashed */
async function* readUnchanged(
  path: string,
  descriptor: Descriptor,
  version: string,
  offset: number,
): AsyncGenerator<Uint8Array> {
  const stats = await statFile(path);
  if (versionOf(stats) === version) yield* readFileStream(path, stats, offset);
  else yield* skip(offset, verified(descriptor, readFileStream(path, stats)));
}

/** How the digest of a file is found. */
export interface MeasureOptions extends CallOptions {
  /** Default sha256. */
  readonly algorithm?: DigestAlgorithm;
}

/**
 * Digest and size of a file, by streaming it.
 * @throws OciError FILE_NOT_FOUND, FILE_NOT_READABLE, CANCELLED
 */
export async function measureFile(
  path: string,
  { signal, algorithm }: MeasureOptions = {},
): Promise<{ readonly digest: Digest; readonly size: number }> {
  throwIfAborted(signal);
  const hasher = createHasher(algorithm);
  let size = 0;
  for await (const chunk of readFileStream(path, await statFile(path))) {
    throwIfAborted(signal);
    hasher.update(chunk);
    size += chunk.length;
    giveBack(chunk);
  }
  return { digest: hasher.digest(), size };
}

async function statFile(path: string): Promise<Stats> {
  const stats = await readingExisting(path, () => stat(path));
  if (stats.isFile()) return stats;
  const reason = stats.isDirectory() ? 'it is a folder' : 'it is not a regular file';
  throw new OciError('FILE_NOT_READABLE', `cannot read ${path}: ${reason}`, { path, reason });
}

async function* readFileStream(path: string, { size }: Stats, offset = 0): AsyncGenerator<Uint8Array> {
  const file = await readingExisting(path, () => open(path));
  try {
    yield* readPieces(file, path, size, offset);
  } finally {
    await file.close();
  }
}
