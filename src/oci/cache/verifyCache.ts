import { readFileSync } from 'node:fs';
import type { CallOptions } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import { isMissing } from '../files/fileErrors.ts';
import { sweepTemporaryFiles } from '../files/temporaryFile.ts';
import { algorithmOf, type Digest, digestOf } from '../spec/digest.ts';
import { MediaType } from '../spec/mediaTypes.ts';
import { CachedFile } from './cachedFile.ts';
import type { CacheFolder } from './cacheFolder.ts';
import { inSlices } from './inSlices.ts';
import { relist } from './relist.ts';
import { removeFiles } from './removeFiles.ts';
import type { SurveyedBlob } from './survey.ts';

/** What reading all of a cache has shown. */
export interface CacheVerification {
  /** Files of content that were read whole. */
  readonly checked: number;
  /** Their bytes. */
  readonly checkedBytes: number;
  /** What was wrong, and is removed. */
  readonly removed: readonly CorruptFile[];
}

/** A file of the cache that was not what its name says. */
export interface CorruptFile {
  readonly path: string;
  readonly reason: string;
}

/** Bytes up to which a file is read at once; of larger ones pieces. */
const SMALL = 256 * 1024;

/** Recomputes the digest of all content and reads all records; what is wrong is removed, so that it is fetched again. */
export async function verifyCache(folder: CacheFolder, options: CallOptions = {}): Promise<CacheVerification> {
  if (!(await folder.find())) return { checked: 0, checkedBytes: 0, removed: [] };
  const found = await folder.survey(options);
  const blobs = [...found.blobs.values()];
  const invalid = found.invalidRecords.map((path): CorruptFile => ({ path, reason: 'is no reference record' }));
  const corrupt = new Map<Digest, CorruptFile>();
  const note = ({ digest }: SurveyedBlob, reason: string | undefined): void => {
    if (reason !== undefined) corrupt.set(digest, { path: folder.blobs.pathOf(digest), reason });
  };
  const [small, large] = [blobs.filter(({ size }) => size <= SMALL), blobs.filter(({ size }) => size > SMALL)];
  await inSlices(small, (blob) => note(blob, problemOfSmall(folder.blobs.pathOf(blob.digest), blob)), options);
  for (const blob of large) note(blob, await problemOf(folder.blobs.pathOf(blob.digest), blob, options));
  const removed = [...invalid, ...corrupt.values()];
  await removeFiles(
    folder.path,
    removed.map(({ path }) => path),
  );
  await sweepTemporaryFiles(folder.path);
  await relist(folder, { ...found, blobs: new Map([...found.blobs].filter(([digest]) => !corrupt.has(digest))) });
  return { checked: blobs.length, checkedBytes: blobs.reduce((sum, { size }) => sum + size, 0), removed };
}

/** A file that has gone meanwhile is no problem. */
function problemOfSmall(path: string, { digest }: SurveyedBlob): string | undefined {
  try {
    const actual = digestOf(readFileSync(path), algorithmOf(digest));
    return actual === digest ? undefined : `its digest is ${actual}`;
  } catch (error) {
    return isMissing(error) ? undefined : `it cannot be read: ${error}`;
  }
}

async function problemOf(path: string, blob: SurveyedBlob, options: CallOptions): Promise<string | undefined> {
  try {
    const file = await CachedFile.open(path, { mediaType: MediaType.imageLayerTar, ...blob }, options);
    await file?.close();
    return undefined;
  } catch (error) {
    if (isOciError(error, 'DIGEST_MISMATCH') || isOciError(error, 'SIZE_MISMATCH')) return error.message;
    throw error;
  }
}
