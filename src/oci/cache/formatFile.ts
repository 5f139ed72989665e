import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { OciError } from '../errors.ts';
import { reading } from '../files/fileErrors.ts';
import { makeFolder } from '../files/folder.ts';
import { isTemporaryName, publishFile } from '../files/temporaryFile.ts';
import { invalidLayout } from '../layout/invalidLayout.ts';
import { parseJson } from '../layout/layoutIndex.ts';
import { readRegularFile } from '../layout/regularFile.ts';
import { FORMAT_FILE, REFERENCES, VERSION } from './format.ts';

const schema = z.looseObject({ version: z.number() });

/** Bytes; the file says one number, and may say more in members that we do not read. */
const MAX_SIZE = 64 * 1024;

/** What systems and desktops put into a folder by themselves. */
const NOBODYS: ReadonlySet<string> = new Set(['lost+found', '.snapshot', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * Whether the folder is a cache. It is not when it, or its format file, does not exist.
 * @throws OciError UNSUPPORTED_VERSION for a newer format, INVALID_LAYOUT, FILE_NOT_READABLE
 */
export async function isCache(root: string): Promise<boolean> {
  const path = join(root, FORMAT_FILE);
  const bytes = await readRegularFile(path, MAX_SIZE);
  if (bytes === undefined) return false;
  const { success, data } = schema.safeParse(parseJson(bytes, path));
  if (!success) throw invalidLayout(path, 'has no version');
  if (data.version === VERSION) return true;
  throw new OciError('UNSUPPORTED_VERSION', `${root} is a cache of format ${data.version}; ${VERSION} is supported`, {
    file: path,
    version: String(data.version),
    supported: String(VERSION),
  });
}

/**
 * The same; false only of a folder that may become one, because nothing is in it.
 * @throws OciError FOREIGN_FOLDER naming what is in it, and what {@link isCache} throws
 */
export async function findCache(root: string): Promise<boolean> {
  const names = (await reading(root, () => readdir(root))) ?? [];
  // In this order: another process that is making the cache writes the format file before anything else.
  if (await isCache(root)) return true;
  const found = names.find((name) => !NOBODYS.has(name) && !isTemporaryName(name));
  if (found === undefined) return false;
  throw new OciError('FOREIGN_FOLDER', `${root} has ${found} in it and is no cache`, { path: root, found });
}

/**
 * Makes the folder a cache unless it is one. A folder that is made here is for its owner alone, since what is private in a
 * registry should not be public on a shared machine.
 * @throws OciError FILE_NOT_WRITABLE, and what {@link findCache} throws
 */
export async function makeCache(root: string): Promise<void> {
  await makeFolder(root, { mode: 0o700 });
  if (!(await findCache(root))) {
    const bytes = Buffer.from(JSON.stringify({ version: VERSION }));
    await publishFile(root, join(root, FORMAT_FILE), (append) => append(bytes));
  }
  await makeFolder(join(root, REFERENCES));
}
