import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { reading } from '../files/fileErrors.ts';
import { REFERENCES } from './format.ts';
import { inSlices, lookAt } from './inSlices.ts';
import { ALGORITHMS } from './survey.ts';

/** Milliseconds for which what other processes write may go unnoticed: to look at every name each time would be dear. */
const MAX_AGE = 2000;

/**
 * How many bytes a cache holds. What we write we count; what others write we see when we look. A file of content never
 * changes its size and a record hardly does, so after the first time only names are read, and the sizes of new ones.
 */
export class Usage {
  readonly #folders: ReadonlyMap<string, Map<string, number>>;
  #total = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;

  /** @param root folder of the cache */
  constructor(root: string) {
    const folders = [...ALGORITHMS.map((algorithm) => join(root, 'blobs', algorithm)), join(root, REFERENCES)];
    this.#folders = new Map(folders.map((folder) => [folder, new Map()]));
  }

  /** As far as we know. @throws OciError FILE_NOT_READABLE */
  async bytes(): Promise<number> {
    return performance.now() < this.#measuredAt + MAX_AGE ? this.#total : this.measure();
  }

  /** Notes what we have written to a file, new or not. */
  add(size: number, path: string): void {
    this.#total += size;
    this.#folders.get(dirname(path))?.delete(basename(path));
  }

  /** As it is. @throws OciError FILE_NOT_READABLE */
  async measure(): Promise<number> {
    const measuredAt = performance.now();
    let total = 0;
    for (const [folder, known] of this.#folders) {
      const names = (await reading(folder, () => readdir(folder))) ?? [];
      await inSlices(names, (name) => {
        const size = known.get(name) ?? lookAt(join(folder, name))?.size ?? 0;
        known.set(name, size);
        total += size;
      });
      // Most of them have gone.
      if (known.size > 2 * names.length) known.clear();
    }
    this.#total = total;
    this.#measuredAt = measuredAt;
    return total;
  }
}
