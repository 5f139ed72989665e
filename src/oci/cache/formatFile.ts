import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { OciError } from '../errors.ts';
import { invalidLayout, reading, writing } from '../layout/fileErrors.ts';
import { parseJson } from '../layout/layoutIndex.ts';
import { readRegularFile } from '../layout/regularFile.ts';
import { publishFile } from '../layout/temporaryFile.ts';

/** Says that a folder is a cache, and by which rules: what it holds may be removed to make room. */
export const FORMAT_FILE = 'floe-oci-cache.json';

/** The folder of reference records, beside what makes the folder an image layout. */
export const REFERENCES = 'references';

/** Goes up when older versions would misread or damage the folder. */
const VERSION = 1;
const schema = z.looseObject({ version: z.number() });

/** Bytes; the file says one number, and may say more in members that we do not read. */
const MAX_SIZE = 64 * 1024;

/** What a folder that is no cache would lose if we took it for one. */
const CONTENT: ReadonlySet<string> = new Set(['oci-layout', 'index.json', 'blobs', REFERENCES]);

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
 * Makes the folder a cache unless it is one. A folder that is made here is for its owner alone, since what is private in a
 * registry should not be public on a shared machine.
 * @throws OciError INVALID_LAYOUT when it holds somebody's image layout, FILE_NOT_WRITABLE, and what {@link isCache} throws
 */
export async function makeCache(root: string): Promise<void> {
  await writing(root, () => mkdir(root, { recursive: true, mode: 0o700 }));
  const names = (await reading(root, () => readdir(root))) ?? [];
  // In this order: another process that is making the cache writes the format file before anything else.
  if (!(await isCache(root))) {
    const content = names.find((name) => CONTENT.has(name));
    if (content !== undefined) throw invalidLayout(root, `has ${content} and is no cache; another folder is needed`);
    const bytes = Buffer.from(JSON.stringify({ version: VERSION }));
    await publishFile(root, join(root, FORMAT_FILE), (append) => append(bytes));
  }
  const references = join(root, REFERENCES);
  await writing(references, () => mkdir(references, { recursive: true }));
}
