import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '../content/store.ts';
import { reading } from '../files/fileErrors.ts';
import { removeParts } from '../files/partialFile.ts';
import { sweepTemporaryFiles } from '../files/temporaryFile.ts';
import type { CacheFolder } from './cacheFolder.ts';
import { removeFiles } from './removeFiles.ts';
import { ALGORITHMS } from './survey.ts';

/** Removes everything, names before what they lead to. What others put meanwhile may stay. */
export async function clearCache(folder: CacheFolder, options: CallOptions = {}): Promise<void> {
  if (!(await folder.find())) return;
  await folder.listing.reset();
  const blobs = ALGORITHMS.map((algorithm) => join(folder.path, 'blobs', algorithm));
  for (const path of [folder.records.path, ...blobs]) {
    const names = (await reading(path, () => readdir(path))) ?? [];
    await removeFiles(
      path,
      names.map((name) => join(path, name)),
      options,
    );
  }
  await sweepTemporaryFiles(folder.path);
  await removeParts(folder.path);
}
