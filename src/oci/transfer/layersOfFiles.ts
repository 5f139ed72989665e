import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { CallOptions } from '../content/store.ts';
import { OciError } from '../errors.ts';
import { FOLDER_MEDIA_TYPE, layerOfFolder } from './archive/packFolder.ts';
import { Names } from './names.ts';
import { layerOfFile, type PackLayer } from './packLayer.ts';
import { parseTitle } from './safePath.ts';

/** A file or folder that is to become a layer. */
export interface LayerFile {
  readonly path: string;
  /** What it is called in the artifact, with `/` between folders; default the last part of its path. */
  readonly title?: string;
  /** Default {@link FILE_MEDIA_TYPE} of a file, `FOLDER_MEDIA_TYPE` of a folder. */
  readonly mediaType?: string;
}

/** Layers in the order of their files. Archives of folders are temporary files, which are gone once this is disposed of. */
export interface FileLayers extends AsyncDisposable {
  readonly layers: readonly PackLayer[];
}

/** Of a file of which nothing is said. */
export const FILE_MEDIA_TYPE = 'application/octet-stream';

/**
 * Makes layers of files and folders; see `layerOfFile` and `layerOfFolder`.
 * @throws OciError INVALID_ARGUMENT for two of one title, of which only one could be pulled; UNSAFE_PATH for a title that could
 * not be pulled everywhere, before anything is read; what these two throw
 */
export async function layersOfFiles(files: readonly LayerFile[], options: CallOptions = {}): Promise<FileLayers> {
  const titled = files.map((file) => ({ ...file, title: file.title ?? basename(resolve(file.path)) }));
  refuseEqualTitles(titled);
  const entries = await Promise.all(titled.map(async (file) => ({ ...file, isFolder: await isFolder(file.path) })));
  refuseUnsafeTitles(entries);
  const layers: PackLayer[] = [];
  const folders: AsyncDisposable[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(folders.map((folder) => folder[Symbol.asyncDispose]()));
  };
  try {
    for (const { path, mediaType, title, isFolder } of entries) {
      if (isFolder) {
        const layer = await layerOfFolder(path, mediaType ?? FOLDER_MEDIA_TYPE, title, options);
        folders.push(layer);
        layers.push(layer);
      } else {
        layers.push(await layerOfFile(path, mediaType ?? FILE_MEDIA_TYPE, title, options));
      }
    }
    return { layers, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface Titled {
  readonly path: string;
  readonly title: string;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** Those that a pull refuses: what we would not write, we do not push. */
function refuseUnsafeTitles(entries: readonly (Titled & { readonly isFolder: boolean })[]): void {
  const names = new Names();
  for (const { path, title, isFolder } of entries) {
    const segments = parseTitle(title);
    if (isFolder) names.takeFolder(segments);
    else names.takeFile(segments, path);
  }
}

function refuseEqualTitles(files: readonly Titled[]): void {
  const titles = files.map(({ title }) => title);
  const second = titles.findIndex((title, index) => titles.indexOf(title) < index);
  if (second < 0) return;
  const value = titles[second] ?? '';
  throw new OciError('INVALID_ARGUMENT', `two files would be called ${value}`, {
    argument: 'a second file of this name',
    value,
    accepted: 'files of different names',
  });
}
