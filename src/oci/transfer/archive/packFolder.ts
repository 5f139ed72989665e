import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { CallOptions } from '../../content/store.ts';
import { OciError } from '../../errors.ts';
import { readingExisting } from '../../files/fileErrors.ts';
import { contentOf, makeTemporaryFolder, publishFile, sweepTemporaryFiles } from '../../files/temporaryFile.ts';
import { Annotation } from '../../spec/annotations.ts';
import { createHasher } from '../../spec/digest.ts';
import { MediaType, parseMediaType } from '../../spec/mediaTypes.ts';
import { Names } from '../names.ts';
import { layerOfFile, type PackLayer } from '../packLayer.ts';
import { parseTitle } from '../safePath.ts';
import { ArchiveAnnotation } from './archiveAnnotation.ts';
import { ArchiveBudget } from './archiveLimits.ts';
import { gzipped } from './gzip.ts';
import { walkFolder } from './walkFolder.ts';

/** A folder as a layer. Its archive is a temporary file, which is gone once this is disposed of. */
export interface FolderLayer extends PackLayer, AsyncDisposable {}

/** What other clients give a folder of which nothing is said. */
export const FOLDER_MEDIA_TYPE = MediaType.imageLayerTarGzip;

/**
 * Makes a layer of a folder: a tar archive compressed by gzip, marked as oras marks it, so that both unpack it again. The
 * same names, contents and rights to execute give the same bytes whenever, wherever and by whomever it is packed. Symbolic
 * links stay links, and must not leave the folder.
 * @param title the folder's name in the artifact, with `/` between folders; default its own name
 * @throws OciError UNSAFE_PATH for names that could not be unpacked everywhere, INVALID_MEDIA_TYPE, FILE_NOT_FOUND,
 * FILE_NOT_READABLE, FILE_NOT_WRITABLE when there is no room for the temporary file, LIMIT_EXCEEDED for a folder of almost
 * nothing but repetition, CANCELLED
 */
export async function layerOfFolder(
  path: string,
  mediaType: string = FOLDER_MEDIA_TYPE,
  title: string = basename(resolve(path)),
  options: CallOptions = {},
): Promise<FolderLayer> {
  parseMediaType(mediaType);
  const root = parseTitle(title);
  if (!(await readingExisting(path, () => stat(path))).isDirectory()) {
    throw new OciError('FILE_NOT_READABLE', `${path} is no folder`, { path, reason: 'it is not a folder' });
  }
  await sweepTemporaryFiles(tmpdir()).catch(() => {});
  const folder = await makeTemporaryFolder(tmpdir());
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const file = join(folder, 'archive');
    const hasher = createHasher();
    let size = 0;
    const measured = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of bytes) {
        hasher.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    // Loaded by whoever packs a folder, not by all who could.
    const { writeTar } = await import('./writeTar.ts');
    const tar = measured(writeTar(walkFolder(path, root, { ...options, names: new Names() })));
    await publishFile(folder, file, contentOf(gzipped(tar)), { durable: false });
    const layer = await layerOfFile(file, mediaType, title, options);
    // What we would not unpack, we do not pack.
    new ArchiveBudget().checkRatio(layer.size, size, title);
    const annotations = {
      [Annotation.title]: title,
      [ArchiveAnnotation.contentDigest]: hasher.digest(),
      [ArchiveAnnotation.unpack]: 'true',
    };
    return { ...layer, annotations, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
