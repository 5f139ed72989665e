import { dirname } from 'node:path';
import type { CallOptions, ReadableStore } from '../content/store.ts';
import { cancelled, throwIfAborted } from '../errors.ts';
import { filePlace } from '../files/filePlace.ts';
import { sweepParts } from '../files/partialFile.ts';
import { sweepTemporaryFiles } from '../files/temporaryFile.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { announced, type TransferListener } from './events.ts';
import { stageContent } from './stageContent.ts';

/** How content becomes one file. */
export interface WriteFileOptions extends CallOptions {
  readonly onEvent?: TransferListener;
}

/**
 * Writes the exact bytes of one piece of content to a file, which is replaced at once when they are all there and right;
 * until then, and whatever fails, what was there stays. A link is followed and kept, and so are permissions.
 * @throws OciError FILE_NOT_WRITABLE, CANCELLED, and what the store throws
 */
export async function writeFileFrom(
  store: Pick<ReadableStore, 'read' | 'readAfter' | 'mayReread'>,
  descriptor: Descriptor,
  path: string,
  options: WriteFileOptions = {},
): Promise<void> {
  const { signal, onEvent } = options;
  throwIfAborted(signal);
  const place = await filePlace(path);
  // What a killed process left behind is nobody's any more; where it cannot be removed, it does not matter here.
  await sweepTemporaryFiles(dirname(place.path)).catch(() => {});
  await sweepParts(dirname(place.path));
  await announced(descriptor, onEvent, async () => {
    const staged = await stageContent(store, descriptor, place.path, { ...options, mode: place.mode });
    if (signal?.aborted) await staged.discard(cancelled(signal.reason));
    throwIfAborted(signal);
    await staged.publish();
    return 'written';
  });
}
