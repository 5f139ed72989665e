import { constants } from 'node:fs';
import { access, rmdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writing } from './fileErrors.ts';
import { makeFolder } from './folder.ts';

/**
 * Checks that something can be put into a folder, which need not be there yet. What has to be made to find out is taken
 * away again.
 * @throws OciError FILE_NOT_WRITABLE naming the folder
 */
export async function checkFolder(path: string): Promise<void> {
  const first = await makeFolder(path);
  if (first === undefined) await writing(path, () => access(path, constants.W_OK | constants.X_OK));
  else await removeEmpty(resolve(path), first);
}

/** From the bottom up to the one that was made first. Somebody else may have found a use for them meanwhile. */
async function removeEmpty(path: string, first: string): Promise<void> {
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    const isRemoved = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}
