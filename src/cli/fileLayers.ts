import { stat } from 'node:fs/promises';
import { basename, isAbsolute, resolve, sep } from 'node:path';
import { type LayerFile, layersOfFiles, type PackLayer, parseMediaType } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import { inputFile } from './files.ts';
import type { Session } from './session.ts';

/**
 * Files and folders named as `FILE[:MEDIATYPE]`, each as a layer titled with its name. Folders are packed into temporary
 * files, which go when the session is closed.
 * @throws CliError WRONG_USAGE for two of one title; OciError INVALID_MEDIA_TYPE, FILE_NOT_FOUND, FILE_NOT_READABLE,
 * UNSAFE_PATH and LIMIT_EXCEEDED for what could not be unpacked again
 */
export async function layersOf(session: Session, operands: readonly string[]): Promise<readonly PackLayer[]> {
  const { cwd } = session.io;
  const files = await Promise.all(operands.map((operand) => fileOf(cwd, operand)));
  refuseEqualTitles(operands, files);
  const { layers, [Symbol.asyncDispose]: dispose } = await layersOfFiles(files, session.call);
  session.whenClosed(async () => dispose());
  return layers;
}

async function fileOf(cwd: string, operand: string): Promise<Required<Pick<LayerFile, 'title'>> & LayerFile> {
  const { name, mediaType } = await splitOperand(cwd, operand);
  const { path } = inputFile(cwd, name);
  return { path, title: titleOf(cwd, name), ...(mediaType !== undefined && { mediaType: parseMediaType(mediaType) }) };
}

/** The last colon starts the media type, unless a file has the whole name, or it is the colon of a drive. */
async function splitOperand(
  cwd: string,
  operand: string,
): Promise<{ readonly name: string; readonly mediaType?: string }> {
  const colon = operand.lastIndexOf(':');
  const isDrive = colon === 1 && /^[a-z]:[\\/]/i.test(operand);
  const isWhole =
    colon < 0 || isDrive || (await stat(inputFile(cwd, operand).path).catch(() => undefined)) !== undefined;
  return isWhole ? { name: operand } : { name: operand.slice(0, colon), mediaType: operand.slice(colon + 1) };
}

/** A path below the working folder is kept, so that it is pulled to the same place; of any other, the name. */
function titleOf(cwd: string, name: string): string {
  const segments = name.split(sep).filter((segment) => segment !== '.' && segment !== '');
  const isBelow = !isAbsolute(name) && !segments.includes('..') && segments.length > 0;
  return isBelow ? segments.join('/') : basename(resolve(cwd, name));
}

/** Of two files with one title only one could be pulled. */
function refuseEqualTitles(names: readonly string[], files: readonly { readonly title: string }[]): void {
  const titles = files.map(({ title }) => title);
  const second = titles.findIndex((title, index) => titles.indexOf(title) < index);
  if (second < 0) return;
  throw wrongUsage(
    `"${names[second]}" is the second file that would be named "${titles[second]}".`,
    'Name files by paths below the current folder: these are kept.',
  );
}
