import { open } from 'node:fs/promises';
import { systemCodeOf } from './fileErrors.ts';

/** What platforms and file systems answer that cannot sync a folder; there, its entries are safe without. */
const NO_FOLDER_SYNC: readonly string[] = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'];

/** Makes the names that are in a folder by now survive a power cut, where the platform allows. @throws what the system says */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!NO_FOLDER_SYNC.includes(systemCodeOf(error) ?? '')) throw error;
  }
}

/**
 * The same for many who write into the same folders. Who asks while a sync is under way, which may have missed a name, shares
 * the next one with all others that ask meanwhile.
 */
export class FolderSyncs {
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #upNext = new Map<string, Promise<void>>();

  /** What {@link syncFolder} does. */
  sync(path: string): Promise<void> {
    const next = this.#upNext.get(path);
    if (next !== undefined) return next;
    const current = this.#underWay.get(path);
    if (current === undefined) return this.#begin(path);
    const begin = (): Promise<void> => this.#begin(path);
    const after = current.then(begin, begin);
    this.#upNext.set(path, after);
    return after;
  }

  #begin(path: string): Promise<void> {
    this.#upNext.delete(path);
    const sync = syncFolder(path).finally(() => {
      if (this.#underWay.get(path) === sync) this.#underWay.delete(path);
    });
    this.#underWay.set(path, sync);
    return sync;
  }
}
