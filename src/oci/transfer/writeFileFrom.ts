import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { rereading } from '../content/reread.ts';
import type { CallOptions, ReadableStore } from '../content/store.ts';
import { throwIfAborted } from '../errors.ts';
import { notWritable, systemCodeOf, writing } from '../files/fileErrors.ts';
import { contentOf, stageFile, sweepTemporaryFiles } from '../files/temporaryFile.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { announced, counted, type TransferListener } from './events.ts';

export interface WriteFileOptions extends CallOptions {
  readonly onEvent?: TransferListener;
}

/**
 * Writes the exact bytes of one piece of content to a file, which is replaced at once when they are all there and right;
 * until then, and whatever fails, what was there stays. A link is followed and kept, and so are permissions.
 * @throws OciError FILE_NOT_WRITABLE, CANCELLED, and what the store throws
 */
export async function writeFileFrom(
  store: Pick<ReadableStore, 'read' | 'mayReread'>,
  descriptor: Descriptor,
  path: string,
  options: WriteFileOptions = {},
): Promise<void> {
  const { signal, onEvent } = options;
  throwIfAborted(signal);
  const place = await placeOf(path);
  // What a killed process left behind is nobody's any more; where it cannot be removed, it does not matter here.
  await sweepTemporaryFiles(dirname(place.path)).catch(() => {});
  await announced(descriptor, onEvent, async () => {
    const call = signal ? { signal } : {};
    const content = () => counted(descriptor, store.read(descriptor, call), onEvent);
    const { mode } = place;
    const staged = await rereading(store, () => stageFile(place.path, contentOf(content()), { mode }), call);
    if (signal?.aborted) await staged.discard();
    throwIfAborted(signal);
    await staged.publish();
    return 'written';
  });
}

/** Where to put a file so that what the user named then has it. Never over a device: renaming would replace `/dev/null`. */
async function placeOf(path: string): Promise<{ readonly path: string; readonly mode: number | undefined }> {
  const link = await orUndefined(path, () => lstat(path));
  if (link === undefined) return { path, mode: undefined };
  const real = link.isSymbolicLink() ? await orUndefined(path, () => realpath(path)) : path;
  if (real === undefined) throw notWritable(path, 'it is a link to nothing');
  const stats = await writing(path, () => stat(real));
  if (stats.isDirectory()) throw notWritable(path, 'it is a folder');
  if (!stats.isFile()) throw notWritable(path, 'it is not a regular file');
  return { path: real, mode: stats.mode & 0o777 };
}

/** What a look at the file gives; undefined when it is not there. */
function orUndefined<T>(path: string, look: () => Promise<T>): Promise<T | undefined> {
  return writing(path, () =>
    look().catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }),
  );
}
