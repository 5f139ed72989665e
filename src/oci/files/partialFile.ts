import { randomBytes } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HOST, isAlive } from './temporaryFile.ts';

/** `.floe-oci-<pid>-<host>-<random>.<hex digest>.part`: what it is the beginning of, and who is at it; 0 is nobody. */
const NAME = /^\.floe-oci-(0|[1-9][0-9]{0,9})-([0-9a-f]{8})-[0-9a-f]{16}\.([0-9a-f]{64,128})\.part$/;

/** Hours after which nobody will come back for the rest. */
const STALE_AFTER_HOURS = 24;

/** Bytes below which a beginning is not worth keeping: it is soon fetched again. */
const WORTH_KEEPING = 1024 * 1024;

/** The beginning of content that takes long to arrive. */
export interface PartialFile {
  /** A name that nobody else uses. */
  readonly path: string;
  /** Bytes that are there; 0: there is no file yet. */
  readonly size: number;
}

/**
 * Takes over what an earlier run has left of some content in a folder, if there is anything: two who want it never get the
 * same. Nothing is promised about the bytes. What has become stale is removed.
 * @param encoded the hexadecimal part of its digest
 */
export async function claimPart(folder: string, encoded: string): Promise<PartialFile> {
  const path = join(folder, partName(process.pid, encoded));
  const parts = await sweepParts(folder);
  const useful = parts.filter((part) => part.encoded === encoded && part.isFree);
  for (const { path: left, size } of useful.toSorted((a, b) => b.size - a.size)) {
    try {
      await rename(left, path);
      return { path, size };
    } catch {
      // Somebody else was faster, or it cannot be moved: then it is no use.
    }
  }
  return { path, size: 0 };
}

/** Leaves a beginning for a later run, if it is worth it. Never fails. */
export async function keepPart(path: string, encoded: string): Promise<void> {
  const size = await lstat(path).then(
    (stats) => stats.size,
    () => 0,
  );
  const kept = join(dirname(path), partName(0, encoded));
  await (size < WORTH_KEEPING ? rm(path, { force: true }) : rename(path, kept)).catch(() => {});
}

/**
 * Removes the beginnings in a folder that have become stale.
 * @returns the others
 */
export async function sweepParts(folder: string): Promise<readonly Part[]> {
  const parts = await partsIn(folder);
  const isUseless = ({ isFree, isStale }: Part): boolean => isFree && isStale;
  await removeAll(parts.filter(isUseless));
  return parts.filter((part) => !isUseless(part));
}

/** Removes all beginnings in a folder that nobody is at. */
export async function removeParts(folder: string): Promise<void> {
  await removeAll((await partsIn(folder)).filter(({ isFree }) => isFree));
}

/** One that is there. */
interface Part extends PartialFile {
  readonly encoded: string;
  readonly isFree: boolean;
  readonly isStale: boolean;
}

/** Whatever is wrong with the folder is found when content is written to it. */
async function partsIn(folder: string): Promise<readonly Part[]> {
  const names = await readdir(folder).catch(() => []);
  return (await Promise.all(names.map((name) => partNamed(folder, name)))).flat();
}

async function partNamed(folder: string, name: string): Promise<readonly Part[]> {
  const [, pid, host, encoded] = NAME.exec(name) ?? [];
  if (encoded === undefined) return [];
  const path = join(folder, name);
  const stats = await lstat(path).catch(() => undefined);
  // One that has other names is not ours alone to add to.
  if (!stats?.isFile() || stats.nlink !== 1) return [];
  const isStale = stats.mtimeMs < Date.now() - STALE_AFTER_HOURS * 3_600_000;
  const isFree = pid === '0' || (host === HOST ? !isAlive(Number(pid)) : isStale);
  return [{ path, size: stats.size, encoded, isFree, isStale }];
}

async function removeAll(parts: readonly Part[]): Promise<void> {
  await Promise.all(parts.map(({ path }) => rm(path, { force: true }).catch(() => {})));
}

function partName(pid: number, encoded: string): string {
  return `.floe-oci-${pid}-${HOST}-${randomBytes(8).toString('hex')}.${encoded}.part`;
}
