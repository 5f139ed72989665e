import { isAbsolute } from 'node:path';
import { l10n, Uri } from 'vscode';
import * as z from 'zod/mini';
import { type DocumentProblem, OciError } from '../../oci/index.ts';
import type { WrittenTask } from './taskProvider.ts';

/** A task that can be done. */
export interface TransferTask {
  readonly command: 'push' | 'pull';
  readonly reference: string;
  /** What is pushed, or where what is pulled goes. */
  readonly path: Uri;
}

const written = z.looseObject({
  command: z.enum(['push', 'pull']),
  reference: z.string().check(z.minLength(1)),
  path: z.string().check(z.minLength(1)),
});

/** @throws OciError INVALID_DOCUMENT naming what is missing or wrong in tasks.json */
export function readTask({ definition, folder }: WrittenTask): TransferTask {
  const { success, data, error } = written.safeParse(definition);
  if (!success) {
    throw broken(error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  }
  const { command, reference, path } = data;
  if (isAbsolute(path)) return { command, reference, path: Uri.file(path) };
  if (folder === undefined) {
    throw broken([
      { path: 'path', message: l10n.t('has to be absolute: the task belongs to no folder that it could start from') },
    ]);
  }
  return { command, reference, path: Uri.joinPath(folder.uri, path) };
}

function broken(problems: readonly DocumentProblem[]): OciError<'INVALID_DOCUMENT'> {
  const file = l10n.t('The task of type floe-oci');
  return new OciError('INVALID_DOCUMENT', 'the task of type floe-oci cannot be done', { file, problems });
}
