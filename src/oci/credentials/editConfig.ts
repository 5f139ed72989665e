import { invalidFile, parseJson, readSmallFile } from './credentialFile.ts';
import { replaceFile } from './replaceFile.ts';

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
  await replaceFile(file, `${JSON.stringify(edit({ ...config }), undefined, indent)}${end}`, { throughLink: true });
}
