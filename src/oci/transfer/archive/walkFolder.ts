import type { Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '../../content/store.ts';
import { OciError, throwIfAborted } from '../../errors.ts';
import { readingExisting } from '../../files/fileErrors.ts';
import { isTemporaryName } from '../../files/temporaryFile.ts';
import type { Names } from '../names.ts';
import { checkLinkTarget, parseEntryName } from './entryName.ts';

/** Something in a folder, by its name in the archive, which has `/` between folders. */
export type FolderEntry =
  | { readonly kind: 'folder'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly path: string }
  | { readonly kind: 'link'; readonly name: string; readonly target: string };

/** What the names in a folder have to get along with. */
export interface WalkOptions extends CallOptions {
  readonly names: Names;
}

/**
 * Everything in a folder but our own temporary files, the folder itself first, in an order that depends on the names
 * alone. What could not be unpacked
 * again, everywhere, is refused: whoever packs can mend it.
 * @param root segments of the folder's name in the archive
 * @throws OciError UNSAFE_PATH, FILE_NOT_FOUND, FILE_NOT_READABLE, CANCELLED
 */
export async function* walkFolder(
  path: string,
  root: readonly string[],
  options: WalkOptions,
  segments: readonly string[] = root,
): AsyncGenerator<FolderEntry> {
  throwIfAborted(options.signal);
  options.names.takeFolder(segments);
  yield { kind: 'folder', name: segments.join('/') };
  // By code unit: the order of a locale is another one elsewhere.
  const children = (await readingExisting(path, () => readdir(path))).sort();
  for (const child of children) {
    if (isTemporaryName(child)) continue;
    const below = [...segments, child];
    const childPath = join(path, child);
    const name = below.join('/');
    parseEntryName(name, root, true);
    const stats = await readingExisting(childPath, () => lstat(childPath));
    if (stats.isDirectory()) {
      yield* walkFolder(childPath, root, options, below);
      continue;
    }
    options.names.takeFile(below, name);
    yield await entryOf(childPath, below, root, stats);
  }
}

async function entryOf(
  path: string,
  segments: readonly string[],
  root: readonly string[],
  stats: Stats,
): Promise<FolderEntry> {
  const name = segments.join('/');
  if (stats.isFile()) return { kind: 'file', name, path };
  if (!stats.isSymbolicLink()) {
    const reason = 'is neither a file, a folder nor a link';
    throw new OciError('FILE_NOT_READABLE', `${path} ${reason}`, { path, reason });
  }
  const target = await readingExisting(path, () => readlink(path));
  checkLinkTarget(target, segments, root);
  return { kind: 'link', name, target };
}
