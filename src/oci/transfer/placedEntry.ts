import { lstat, readlink, rename, rm } from 'node:fs/promises';
import { notWritable, writing } from '../files/fileErrors.ts';
import { algorithmOf, type Digest } from '../spec/digest.ts';
import type { StagedEntry } from './archive/stageArchive.ts';
import { measureFile } from './packLayer.ts';
import { unsafePath } from './safePath.ts';
import type { Place, TargetFolder } from './targetFolder.ts';

/** What is at a place already: nothing, what is to be there, or something else. */
export type PlaceState = 'absent' | 'same' | 'different';

/** @throws OciError FILE_NOT_WRITABLE for a folder in the place of a file, CANCELLED */
export async function fileStateOf(
  { path, existing }: Place,
  { digest, size }: { readonly digest: Digest; readonly size: number },
  signal: AbortSignal,
): Promise<PlaceState> {
  if (existing === undefined) return 'absent';
  if (existing.isDirectory()) throw notWritable(path, 'it is a folder');
  const isSame =
    existing.isFile() &&
    existing.size === size &&
    (await measureFile(path, { signal, algorithm: algorithmOf(digest) })).digest === digest;
  return isSame ? 'same' : 'different';
}

/** An entry of an archive with the place where it belongs. */
export interface PlacedEntry {
  readonly kind: StagedEntry['kind'];
  readonly path: string;
  readonly state: PlaceState;
  /** Puts it there at once, over what is there. Not for what is there already. */
  publish(): Promise<void>;
}

/**
 * Finds the place of an entry, and sees what is there.
 * @throws OciError UNSAFE_PATH, FILE_NOT_WRITABLE when the way is blocked, CANCELLED
 */
export async function placeEntry(entry: StagedEntry, target: TargetFolder, signal: AbortSignal): Promise<PlacedEntry> {
  const { kind, segments } = entry;
  const name = segments.join('/');
  if (entry.kind === 'folder') {
    const path = await target.placeFolder(name, segments);
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    return { kind, path, state: isThere ? 'same' : 'absent', publish: () => target.prepareFolder(path) };
  }
  const place = await target.place(name, segments);
  const { path } = place;
  const publish = async (): Promise<void> => {
    await target.prepare(path);
    await writing(path, () => rename(entry.staged, path));
  };
  if (entry.kind === 'file') return { kind, path, state: await fileStateOf(place, entry, signal), publish };
  // How far up it may go was counted in real folders.
  if (path !== target.pathOf(segments)) throw unsafePath(name, 'is a link below another one');
  return { kind, path, state: await linkStateOf(place, entry.target), publish };
}

async function linkStateOf({ path, existing }: Place, to: string): Promise<PlaceState> {
  if (existing === undefined) return 'absent';
  if (existing.isDirectory()) throw notWritable(path, 'it is a folder');
  return existing.isSymbolicLink() && (await writing(path, () => readlink(path))) === to ? 'same' : 'different';
}

/** Takes away what was published where nothing had been. */
export async function unpublish(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
