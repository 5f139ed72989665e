import { FileSystemError, FileType, Uri, workspace } from 'vscode';
import { compiledArtifactsLayer } from '../../floe/artifact.ts';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';
import {
  algorithmOf,
  type Descriptor,
  type Digest,
  type DocumentProblem,
  digestOf,
  type Observer,
  OciError,
  unpack,
} from '../../oci/index.ts';
import { diskPathOf } from '../diskPath.ts';
import type { FloeClients } from '../floeClients.ts';
import { nameOf } from '../places.ts';
import { readManifest } from '../readManifest.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import { writeBlob } from '../writeBlob.ts';
import type { Content } from './content.ts';
import { pulledProblems } from './pulledProblems.ts';

/** What a pull works with, whoever has asked for it. */
export interface PullToParts {
  readonly clients: FloeClients;
  /** Told of what is done. Default: nobody looks. */
  readonly observability?: Observer;
}

/** How files are written. */
export interface PullToOptions extends TransferCall {
  /** Replaces files that have other content. */
  readonly force: boolean;
}

/** What a pull has come to. */
export interface Pulled {
  /** Of the manifest. */
  readonly digest: Digest;
  readonly files: readonly { readonly uri: Uri; readonly digest: Digest; readonly size: number }[];
  /** What is wrong with a compiled document by floe's contract; of anything else nothing. */
  readonly problems: readonly DocumentProblem[];
}

/**
 * Pulls content to where it is to go, without a question: compiled artifacts into the file `target`, or below it where
 * it is a folder, anything else into the folder `target`.
 * @throws OciError FILE_EXISTS unless `force`; UNVERIFIED_SIGNATURE and MISSING_SBOM by the policy in force; what
 * `unpack` throws
 */
export async function pullTo(
  { clients, observability: observer }: PullToParts,
  content: Content,
  target: Uri,
  options: PullToOptions,
): Promise<Pulled> {
  if (observer === undefined) return await pullSilently(clients, content, target, options);
  return await observeAt(observer, 'pull', content.address, async (tell) => {
    const pulled = await pullSilently(clients, content, target, options);
    tell({ digest: pulled.digest });
    return pulled;
  });
}

async function pullSilently(
  clients: FloeClients,
  { address, name }: Content,
  target: Uri,
  { force, ...call }: PullToOptions,
): Promise<Pulled> {
  const store = await address.place.reader(address.repository, call);
  const { descriptor, manifest } = await readManifest(store, name, call);
  await clients.for(address).check?.(nameOf(address), descriptor, store, { signal: call.signal });
  const { digest } = descriptor;
  const document = compiledArtifactsLayer(manifest);
  if (document === undefined) {
    const { files } = await unpack(store, descriptor, diskPathOf(target, 'pull'), {
      ...call,
      force,
    });
    return { digest, files: files.map(({ path, ...file }) => ({ ...file, uri: Uri.file(path) })), problems: [] };
  }
  const file = (await isFolder(target)) ? Uri.joinPath(target, COMPILED_ARTIFACTS_TITLE) : target;
  if (!force) await refuseOther(file, document);
  await writeBlob(store, document, file, call);
  const files = [{ uri: file, digest: document.digest, size: document.size }];
  return { digest, files, problems: await pulledProblems(file) };
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
