import { FileSystemError, FileType, Uri, workspace } from 'vscode';
import {
  algorithmOf,
  type Descriptor,
  type Digest,
  type DocumentProblem,
  digestOf,
  OciError,
  unpack,
} from '../../oci/index.ts';
import { diskPathOf } from '../diskPath.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import { writeBlob } from '../writeBlob.ts';
import type { FoundPull } from './findPull.ts';
import { pulledProblems } from './pulledProblems.ts';

/** How files are written. */
export interface PullOptions extends TransferCall {
  /** Replaces files that have other content. */
  readonly force: boolean;
}

/** What a pull has come to. */
export interface Pulled {
  /** Of the manifest. */
  readonly digest: Digest;
  readonly files: readonly { readonly uri: Uri; readonly digest: Digest; readonly size: number }[];
  /** Layers without a file name, which were left out. */
  readonly skipped: number;
  /** What is wrong with a compiled document by floe's contract; of anything else nothing. */
  readonly problems: readonly DocumentProblem[];
}

/**
 * Pulls what was found to where it is to go: one blob into the file `target`, or below it where it is a folder; the
 * files of an artifact into the folder `target`.
 * @throws OciError FILE_EXISTS unless `force`; what `unpack` throws
 */
export async function carryOutPull(found: FoundPull, target: Uri, { force, ...call }: PullOptions): Promise<Pulled> {
  const { address, digest } = found;
  const store = await address.place.reader(address.repository, call);
  if (found.kind === 'files') {
    const { files, skipped } = await unpack(store, found.manifest, diskPathOf(target, 'pull'), { ...call, force });
    const written = files.map(({ path, ...file }) => ({ ...file, uri: Uri.file(path) }));
    return { digest, files: written, skipped: skipped.length, problems: [] };
  }
  const { blob, name, isDocument } = found;
  const file = (await isFolder(target)) ? Uri.joinPath(target, name) : target;
  if (!force) await refuseOther(file, blob);
  await writeBlob(store, blob, file, call);
  const files = [{ uri: file, digest: blob.digest, size: blob.size }];
  return { digest, files, skipped: 0, problems: isDocument ? await pulledProblems(file) : [] };
}

async function isFolder(uri: Uri): Promise<boolean> {
  const type = (await statOf(uri))?.type ?? FileType.Unknown;
  return (type & FileType.Directory) !== 0;
}

/** @throws OciError FILE_EXISTS when the file is there with other content */
async function refuseOther(file: Uri, { digest, size }: Descriptor): Promise<void> {
  const stat = await statOf(file);
  if (stat === undefined) return;
  if (stat.size === size && digestOf(await workspace.fs.readFile(file), algorithmOf(digest)) === digest) return;
  const path = workspace.asRelativePath(file);
  throw new OciError('FILE_EXISTS', `${path} exists with other content`, { path });
}

async function statOf(uri: Uri) {
  try {
    return await workspace.fs.stat(uri);
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
