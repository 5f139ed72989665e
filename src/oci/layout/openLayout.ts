import { lstat, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import { reading, writing } from '../files/fileErrors.ts';
import { makeFolder } from '../files/folder.ts';
import { publishFile } from '../files/temporaryFile.ts';
import { IndexFile } from './indexFile.ts';
import { invalidLayout } from './invalidLayout.ts';
import { EMPTY_INDEX, parseJson } from './layoutIndex.ts';
import { readRegularFile, statRegularFile } from './regularFile.ts';

/** The file that makes a folder an image layout. */
export const MARKER = 'oci-layout';

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file */
const VERSION = '1.0.0';
const schema = z.looseObject({ imageLayoutVersion: z.string() });

/** Bytes; the file says one version number, and may say more in members that we do not read. */
const MAX_SIZE = 64 * 1024;

/** How a layout is opened. */
export interface OpenLayoutOptions extends CallOptions {
  /** Make the folder a layout when it is none; default false. What is in it already stays. */
  readonly create?: boolean;
}

/**
 * Finds the layout at `path`, or makes one there.
 * @returns its folder, absolute and without symbolic links
 * @throws OciError NOT_FOUND (kind layout), INVALID_LAYOUT, FILE_NOT_READABLE; with `create` FILE_NOT_WRITABLE, LOCKED
 */
export async function openLayout(path: string, options: OpenLayoutOptions = {}): Promise<string> {
  const { create = false, signal } = options;
  throwIfAborted(signal);
  if (create) await makeFolder(path, { durable: true });
  const stats = await reading(path, () => stat(path));
  if (stats === undefined) throw notFound(path);
  if (!stats.isDirectory()) throw invalidLayout(path, 'is not a folder');
  const root = await writing(path, () => realpath(path));
  for (const folder of ['blobs', join('blobs', 'sha256'), join('blobs', 'sha512')]) {
    await refuseLink(join(root, folder));
  }
  const index = new IndexFile(root);
  const isMarked = await readMarker(root);
  const isIndexed = (await statRegularFile(index.path)) !== undefined;
  if (isMarked && isIndexed) return root;
  // Made last, the marker is never there without an index of ours: what it listed is lost, and a new one would hide that.
  if (isMarked) throw invalidLayout(index.path, 'is missing');
  if (!create) throw notFound(path);
  await initialise(root, index, options);
  return root;
}

/** The marker comes last: a folder that has it is complete. Any number of processes may do this at once. */
async function initialise(root: string, index: IndexFile, options: CallOptions): Promise<void> {
  const blobs = join(root, 'blobs', 'sha256');
  await makeFolder(blobs, { durable: true });
  await index.lock(async (write) => {
    if ((await statRegularFile(index.path)) === undefined) await write(EMPTY_INDEX);
    else await index.read(options);
    if (await readMarker(root)) return;
    const marker = Buffer.from(JSON.stringify({ imageLayoutVersion: VERSION }));
    await publishFile(root, join(root, MARKER), (append) => append(marker));
  }, options);
}

/** Whether there is a marker. @throws OciError INVALID_LAYOUT when it is not of our version */
async function readMarker(root: string): Promise<boolean> {
  const path = join(root, MARKER);
  const bytes = await readRegularFile(path, MAX_SIZE);
  if (bytes === undefined) return false;
  const { success, data } = schema.safeParse(parseJson(bytes, path));
  if (!success) throw invalidLayout(path, 'has no imageLayoutVersion');
  if (data.imageLayoutVersion === VERSION) return true;
  throw invalidLayout(
    path,
    `has imageLayoutVersion ${JSON.stringify(data.imageLayoutVersion)} where ${VERSION} is accepted`,
  );
}

async function refuseLink(folder: string): Promise<void> {
  const stats = await reading(folder, () => lstat(folder));
  if (stats !== undefined && !stats.isDirectory()) throw invalidLayout(folder, 'is not a folder of the layout');
}

function notFound(path: string): OciError<'NOT_FOUND'> {
  const what = `image layout ${path}`;
  return new OciError('NOT_FOUND', `there is no ${what}`, { kind: 'layout', what });
}
