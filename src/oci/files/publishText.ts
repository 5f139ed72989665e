import { dirname } from 'node:path';
import { publishFile } from './temporaryFile.ts';

/**
 * Puts a text in a file at once, over what was there.
 * @param mode permission bits; default: what the process gives new files
 * @throws OciError FILE_NOT_WRITABLE
 */
export async function publishText(path: string, text: string, mode?: number): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  await publishFile(dirname(path), path, (append) => append(bytes), { mode });
}
