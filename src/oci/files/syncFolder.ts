import { open } from 'node:fs/promises';
import { systemCodeOf } from './fileErrors.ts';

/** What platforms and file systems answer that cannot sync a folder; there, its entries are safe without. */
const NO_FOLDER_SYNC: readonly string[] = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'];

/** By folder: the sync that is under way, and the one that begins after it. */
const underWay = new Map<string, Promise<void>>();
const upNext = new Map<string, Promise<void>>();

/**
 * Makes the names that are in a folder by now survive a power cut, where the platform allows. Who asks while a sync is under
 * way, which may have missed a name, shares the next one with all others that ask meanwhile.
 * @throws what the system says
 */
export function syncFolder(path: string): Promise<void> {
  const next = upNext.get(path);
  if (next !== undefined) return next;
  const current = underWay.get(path);
  if (current === undefined) return begin(path);
  const after = current.then(
    () => begin(path),
    () => begin(path),
  );
  upNext.set(path, after);
  return after;
}

function begin(path: string): Promise<void> {
  upNext.delete(path);
  const sync = syncNow(path).finally(() => {
    if (underWay.get(path) === sync) underWay.delete(path);
  });
  underWay.set(path, sync);
  return sync;
}

async function syncNow(path: string): Promise<void> {
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
