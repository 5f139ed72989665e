import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { notWritable, systemCodeOf, writing } from './fileErrors.ts';
import { syncFolder } from './syncFolder.ts';

/** How folders are made. */
export interface MakeFolderOptions {
  /** Permission bits of the folders that are made, before the umask; default 0o777. */
  readonly mode?: number;
  /** Whether the names of new folders are to survive a power cut; default false. */
  readonly durable?: boolean;
}

/**
 * How often the way down is begun anew because a folder on it has gone again: another process takes back folders that it
 * made in vain. A folder that is there and takes none, as `/proc`, looks the same, and is found out by this.
 */
const MAX_ATTEMPTS = 4;

/**
 * Makes a folder, and those above it that are not there. Like Node's recursive `mkdir`, but that one tries for ever below a
 * folder that answers ENOENT although it is there.
 * @returns the first one made; undefined when all are there already
 * @throws OciError FILE_NOT_WRITABLE naming the folder
 */
export async function makeFolder(path: string, options: MakeFolderOptions = {}): Promise<string | undefined> {
  let first: string | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      for (const folder of await missingOf(path)) {
        if (!(await make(folder, path, options))) continue;
        if (first === undefined || folder.length < first.length) first = folder;
      }
      return first;
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      if (attempt === MAX_ATTEMPTS) throw notWritable(path, 'no folder can be made there', { cause: error });
    }
  }
}

/** The folders on the way that are not there, from the top. */
async function missingOf(path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let folder = resolve(path); !(await isThere(folder, path)); folder = dirname(folder)) {
    missing.unshift(folder);
    if (dirname(folder) === folder) break;
  }
  return missing;
}

async function isThere(folder: string, path: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory() || refuse(folder, path);
  } catch (error) {
    // What is wrong further up is found there.
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return false;
    return writing(path, () => Promise.reject(error));
  }
}

/** @returns whether it was made; false: it is there by now. @throws ENOENT as the system says it */
async function make(folder: string, path: string, { mode, durable }: MakeFolderOptions): Promise<boolean> {
  try {
    await mkdir(folder, mode === undefined ? {} : { mode });
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT') throw error;
    if (code === 'EEXIST') return (await isThere(folder, path)) ? false : refuse(folder, path, error);
    return writing(path, () => Promise.reject(error));
  }
  if (durable) await writing(path, () => syncFolder(dirname(folder)));
  return true;
}

function refuse(inTheWay: string, path: string, cause?: unknown): never {
  throw notWritable(path, 'a file is where a folder is needed', { cause, inTheWay });
}
