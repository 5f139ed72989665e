import { isOciError } from '../../errors.ts';
import { parseTitle, unsafePath } from '../safePath.ts';

/** Characters. The longest path that Linux takes is as long, others take less. */
const MAX_NAME = 4096;
/** Folders in folders; the system calls that read a folder back do not take any number. */
const MAX_DEPTH = 128;

/**
 * The segments of an entry of the archive that stands for the folder `root`, below which all its entries are.
 * `name` as the archive has it: `./` before it means nothing, nor does a `/` after a folder's.
 * @throws OciError UNSAFE_PATH naming the entry
 */
export function parseEntryName(name: string, root: readonly string[], isFolder: boolean): readonly string[] {
  if (name.length > MAX_NAME) throw unsafePath(`${name.slice(0, 64)}…`, `is longer than ${MAX_NAME} characters`);
  const bare = name.replace(/^(?:\.\/+)+/, '');
  const segments = parseTitle(isFolder ? bare.replace(/\/+$/, '') : bare);
  if (segments.length > MAX_DEPTH) throw unsafePath(name, `is more than ${MAX_DEPTH} folders deep`);
  const isInside = root.every((segment, at) => segments[at] === segment);
  if (!isInside || (segments.length === root.length && !isFolder)) {
    throw unsafePath(name, `is not in the folder ${JSON.stringify(root.join('/'))} that the layer stands for`);
  }
  return segments;
}

/**
 * Checks where a symbolic link leads. It is relative and may go up only at its start, never above `root`: since no entry
 * lies below a link, going up then starts in a real folder, so that a chain of such links cannot leave `root` either.
 * @param segments those of the link itself
 * @throws OciError UNSAFE_PATH naming the link
 */
export function checkLinkTarget(target: string, segments: readonly string[], root: readonly string[]): void {
  const fail = (reason: string): never => {
    throw unsafePath(segments.join('/'), `is a link to ${JSON.stringify(target.slice(0, 256))}, which ${reason}`);
  };
  if (target === '' || target.length > MAX_NAME) fail('is no path');
  if (target.startsWith('/')) fail('is an absolute path');
  const steps = target.split('/').filter((step) => step !== '.' && step !== '');
  const down = steps.findIndex((step) => step !== '..');
  const ups = down < 0 ? steps.length : down;
  if (segments.length - 1 - ups < root.length) fail('leads out of the folder');
  const names = steps.slice(ups);
  if (names.length === 0) return;
  try {
    parseTitle(names.join('/'));
  } catch (error) {
    if (!isOciError(error, 'UNSAFE_PATH')) throw error;
    fail(error.details.reason);
  }
}
