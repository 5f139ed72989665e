import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OciError } from '../errors.ts';
import { invalidFile, parseJson, readSmallFile } from './credentialFile.ts';

/** For the owner alone: the file may hold passwords. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** As Docker writes it. */
const DEFAULT_INDENT = '\t';

/**
 * Changes a JSON file of Docker's, making it and its folder where they are not there. Unknown parts stay, in their
 * order, and so does the indentation. The file is replaced at once, with mode 0600; a link to it stays a link.
 * @throws OciError INVALID_DOCUMENT, FILE_NOT_READABLE, LIMIT_EXCEEDED, FILE_NOT_WRITABLE
 */
export async function editConfig(
  file: string,
  edit: (config: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): Promise<void> {
  const text = (await readSmallFile(file)) ?? '';
  const config = text.trim() === '' ? {} : parseJson(text, file);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw invalidFile(file, [{ path: '', message: 'must be an object' }]);
  }
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? DEFAULT_INDENT;
  const end = text === '' || text.endsWith('\n') ? '\n' : '';
  await replaceFile(file, `${JSON.stringify(edit({ ...config }), undefined, indent)}${end}`);
}

async function replaceFile(file: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
    const target = await realpath(file).catch(() => file);
    const temporary = join(dirname(target), `.config-${randomUUID()}.tmp`);
    try {
      const handle = await open(temporary, 'wx', FILE_MODE);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const details = { path: file, reason };
    throw new OciError('FILE_NOT_WRITABLE', `cannot write ${file}: ${reason}`, details, { cause: error });
  }
}
