import { join } from 'node:path';
import type { LayoutIndex } from '../layout/layoutIndex.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import type { CacheFolder } from './cacheFolder.ts';
import { fileNameOf, nameOf } from './cacheKey.ts';
import { lookAt } from './inSlices.ts';
import { nameOfEntry, withNames } from './listing.ts';
import type { Survey } from './survey.ts';

/**
 * Makes `index.json` say what is there: processes that were killed, or did not get the lock in time, have not.
 * @throws OciError LOCKED, LOCK_LOST, FILE_NOT_WRITABLE, CANCELLED
 */
export async function relist(folder: CacheFolder, { entries, blobs }: Survey): Promise<void> {
  const found = new Map(
    entries
      .filter(({ record }) => blobs.has(record.descriptor.digest))
      .map(({ record }) => [nameOf(record), record.descriptor]),
  );
  // Others go on putting and removing, so that what is there is asked again under the lock.
  const isThere = (name: string): boolean => lookAt(join(folder.records.path, fileNameOf(name))) !== undefined;
  const change = (index: LayoutIndex): LayoutIndex => {
    const changes = new Map<string, ManifestDescriptor | undefined>();
    for (const [name, manifest] of found) if (isThere(name)) changes.set(name, manifest);
    for (const name of index.manifests.map(nameOfEntry)) {
      if (name !== undefined && !changes.has(name) && !isThere(name)) changes.set(name, undefined);
    }
    return withNames(index, changes);
  };
  await folder.listing.update(change);
}
