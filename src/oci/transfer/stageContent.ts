import { dirname } from 'node:path';
import { rereading } from '../content/reread.ts';
import { sourceIn, throughEach } from '../content/sources.ts';
import type { CallOptions, ReadableStore } from '../content/store.ts';
import { skip, verified } from '../content/verify.ts';
import { isOciError } from '../errors.ts';
import { resumedFile } from '../files/resumedFile.ts';
import { contentOf, type StagedFile, stageFile } from '../files/temporaryFile.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { encodedOf } from '../spec/digest.ts';
import { counted, type TransferListener } from './events.ts';

/** How content is fetched that gets its name later. */
export interface StageContentOptions extends CallOptions {
  readonly onEvent?: TransferListener | undefined;
  /** Permission bits; default: what the process gives new files. */
  readonly mode?: number | undefined;
  /** Where what has arrived stays, on the same file system; default: the folder of the target. */
  readonly folder?: string | undefined;
}

/**
 * Brings content, verified, beside the file that is to have it. Of large content that is cut short, what has arrived stays
 * there, and the next run goes on from it.
 * @throws OciError FILE_NOT_WRITABLE, CANCELLED, and what the store throws
 */
export function stageContent(
  store: Pick<ReadableStore, 'read' | 'readAfter' | 'mayReread'>,
  descriptor: Descriptor,
  target: string,
  { signal, onEvent, mode, folder = dirname(target) }: StageContentOptions,
): Promise<StagedFile> {
  const call = signal ? { signal } : {};
  const source = throughEach(sourceIn(store, descriptor, call), (stream, offset) =>
    counted(descriptor, stream, onEvent, offset),
  );
  const content = { encoded: encodedOf(descriptor.digest), size: descriptor.size };
  const stage = async (): Promise<StagedFile> => {
    const { size, content: open, stage } = await resumedFile(folder, content, source, isCutShort);
    // What can only be read from its beginning comes checked.
    const checked = source.after === undefined ? open() : skip(size, verified(descriptor, open()));
    return stageFile(target, contentOf(checked), { mode, folder, ...stage });
  };
  return rereading(store, stage, call);
}

/** Whether a later run may well get the rest. After anything else, nothing is to be left in somebody's folder. */
function isCutShort(error: unknown): boolean {
  return CUT_SHORT.some((code) => isOciError(error, code));
}

const CUT_SHORT = ['CANCELLED', 'REGISTRY_UNAVAILABLE', 'CIRCUIT_OPEN', 'UNAUTHORIZED'] as const;
