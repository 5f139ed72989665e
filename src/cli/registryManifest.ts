import { dirname } from 'node:path';
import { invalidDocument } from '../floe/jsonDocument.ts';
import { readRegistryFile } from '../floe/registryManifest.ts';
import type { RegistryConfig } from '../floe/schema/registryConfig.ts';
import { isOciError, parseRegistryReference, type RegistryReference } from '../oci/index.ts';
import { inputFile, readInput } from './files.ts';

/** The registry that a manifest.yaml names, and how it is to be reached. */
export interface RegistryManifest {
  readonly place: RegistryReference;
  readonly config: RegistryConfig;
  /** Where the file is: paths in it start there. */
  readonly folder: string;
  /** Nobody named the file: it lay in the working folder, where a cloned repository may have put it. */
  readonly isFoundByDefault: boolean;
}

const DEFAULT_NAME = 'manifest.yaml';
/** Bytes. More than the reader of the file takes, which counts characters. */
const MAX_SIZE = 4 * 1024 * 1024;

/**
 * The file of `--config`, else `manifest.yaml` in the working folder if there is one of ours.
 * @throws OciError FILE_NOT_FOUND, FILE_NOT_READABLE for a file that was named; INVALID_DOCUMENT
 */
export async function findRegistryManifest(
  name: string | undefined,
  cwd: string,
): Promise<RegistryManifest | undefined> {
  const file = name ?? DEFAULT_NAME;
  const input = inputFile(cwd, file);
  const bytes = await readInput(input, MAX_SIZE).catch((error: unknown) => {
    const isAbsent = isOciError(error, 'FILE_NOT_FOUND') || isOciError(error, 'FILE_NOT_READABLE');
    if (name === undefined && isAbsent) return undefined;
    throw error;
  });
  const config = bytes && readRegistryFile({ file, bytes })?.config;
  if (config !== undefined) {
    const place = parseRegistryReference(config.uri);
    return { place, config, folder: dirname(input.path), isFoundByDefault: name === undefined };
  }
  if (name === undefined) return undefined;
  throw invalidDocument(file, [
    { path: 'artifacts.registry', message: 'is missing: the file names no registry of floe' },
  ]);
}
