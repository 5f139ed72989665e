import type { Stats } from 'node:fs';
import { lstat, realpath, rmdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { notWritable, systemCodeOf, writing } from '../files/fileErrors.ts';
import { makeFolder } from '../files/folder.ts';
import { unsafePath } from './safePath.ts';

/** Where a file goes, and what is there now. */
export interface Place {
  /** Through no link that could be followed elsewhere. */
  readonly path: string;
  /** What has the name now, links not followed. */
  readonly existing: Stats | undefined;
}

/** A folder that files are put into: never outside of it, and without a trace of folders made in vain. */
export class TargetFolder {
  readonly #root: string;
  readonly #made: { readonly first: string; readonly last: string }[] = [];

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * The folder may be a link, and need not exist yet.
   * @throws OciError FILE_NOT_WRITABLE when it is something else
   */
  static async open(path: string): Promise<TargetFolder> {
    const root = (await realPathOf(path)) ?? resolve(path);
    const stats = await statsOf(root);
    if (stats !== undefined && !stats.isDirectory()) throw notWritable(path, 'it is not a folder');
    return new TargetFolder(root);
  }

  /**
   * Where the file of these segments goes. Links on the way are followed while they stay in the folder.
   * @throws OciError UNSAFE_PATH naming the title when they leave it, FILE_NOT_WRITABLE when the way is blocked
   */
  async place(title: string, segments: readonly string[]): Promise<Place> {
    let folder = this.#root;
    for (const segment of segments.slice(0, -1)) {
      const next = join(folder, segment);
      const stats = await statsOf(next);
      if (stats?.isSymbolicLink()) {
        folder = await this.#follow(next, title);
      } else if (stats !== undefined && !stats.isDirectory()) {
        throw notWritable(next, 'a file is where a folder is needed', { inTheWay: next });
      } else {
        folder = next;
      }
    }
    const path = join(folder, segments.at(-1) ?? '');
    return { path, existing: await statsOf(path) };
  }

  /**
   * Where the folder of these segments is or would be. Links are followed as in {@link place}.
   * @throws OciError as {@link place} does
   */
  async placeFolder(title: string, segments: readonly string[]): Promise<string> {
    return dirname((await this.place(title, [...segments, 'any'])).path);
  }

  /** Where the folder of these segments is when nothing on the way is a link. */
  pathOf(segments: readonly string[]): string {
    return join(this.#root, ...segments);
  }

  /** The way from the folder to a place in it. */
  relativePathOf(path: string): string {
    return relative(this.#root, path);
  }

  /** Makes the folders that a file needs. */
  prepare(path: string): Promise<void> {
    return this.prepareFolder(dirname(path));
  }

  /** Makes a folder, and those that it needs. */
  async prepareFolder(last: string): Promise<void> {
    const first = await makeFolder(last);
    if (first !== undefined) this.#made.push({ first, last });
  }

  /** Removes the folders that {@link prepare} made and that are empty. */
  async undo(): Promise<void> {
    const folders = new Set<string>();
    for (const { first, last } of this.#made) {
      for (let folder = last; folder.length >= first.length; folder = dirname(folder)) folders.add(folder);
    }
    const deepestFirst = [...folders].sort((a, b) => b.length - a.length);
    for (const folder of deepestFirst) await rmdir(folder).catch(() => {});
  }

  async #follow(link: string, title: string): Promise<string> {
    const real = await realPathOf(link);
    if (real === undefined) throw unsafePath(title, `goes through ${link}, a link to nothing`);
    const isInside = real === this.#root || real.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep);
    if (!isInside) throw unsafePath(title, `goes through ${link}, a link that leads out of the folder`);
    if (!(await statsOf(real))?.isDirectory()) throw notWritable(link, 'a file is where a folder is needed');
    return real;
  }
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return writing(path, () => lstat(path).catch(undefinedWhenMissing));
}

async function realPathOf(path: string): Promise<string | undefined> {
  return writing(path, () => realpath(path).catch(undefinedWhenMissing));
}

function undefinedWhenMissing(error: unknown): undefined {
  if (systemCodeOf(error) !== 'ENOENT') throw error;
}
