import type { CallOptions } from '../content/store.ts';
import { sweepTemporaryFiles } from '../files/temporaryFile.ts';
import type { CacheFolder } from './cacheFolder.ts';
import { planRemoval } from './eviction.ts';
import type { ReferenceRecord } from './referenceRecord.ts';
import { relist } from './relist.ts';
import { removeFiles } from './removeFiles.ts';
import type { Space } from './space.ts';

/** What was removed. */
export interface CachePruning {
  /** References. */
  readonly removed: number;
  /** Bytes. */
  readonly freedBytes: number;
}

/** Milliseconds for which content that no reference leads to stays after its last use: a pull may still be at it. */
const ORPHAN_AGE = 60 * 60_000;

/** Removes what has expired, then what is over the limit, then orphans, and what dead processes left behind. */
export async function pruneCache(
  folder: CacheFolder,
  space: Space,
  isExpired: (record: ReferenceRecord) => boolean,
  now: number,
  options: CallOptions = {},
): Promise<CachePruning> {
  if (!(await folder.find())) return { removed: 0, freedBytes: 0 };
  const before = await folder.survey(options);
  const expired = before.entries.filter(({ record }) => isExpired(record));
  await folder.remove(planRemoval(before, expired));
  await removeFiles(folder.path, before.invalidRecords, options);
  const orphans = before.loose.filter(({ usedAt }) => usedAt <= now - ORPHAN_AGE);
  await folder.remove({ entries: [], blobs: orphans });
  await space.trim();
  await sweepTemporaryFiles(folder.path);
  const after = await folder.survey(options);
  await relist(folder, after);
  return {
    removed: Math.max(0, before.entries.length - after.entries.length),
    freedBytes: Math.max(0, before.totalSize - after.totalSize),
  };
}
