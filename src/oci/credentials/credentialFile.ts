import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import * as z from 'zod/mini';
import { type DocumentProblem, OciError } from '../errors.ts';

/** Docker's `config.json` or Podman's `auth.json`: what of it is about credentials. */
export interface CredentialFile {
  /** Not looked into before an entry is used, so that a mistake in one leaves the others usable. */
  readonly auths: Readonly<Record<string, unknown>>;
  readonly credHelpers: Readonly<Record<string, unknown>>;
  readonly credsStore: string | undefined;
}

/** Bytes. Real files have some kilobytes; a service account key in each of a hundred entries fits. */
const MAX_SIZE = 1024 * 1024;

/** Opening a pipe would wait for somebody to write to it. Windows has no such flag. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const entries = z.optional(z.nullable(z.record(z.string(), z.unknown())));
const fileSchema = z.object({ auths: entries, credHelpers: entries, credsStore: z.optional(z.nullable(z.string())) });

const ACCEPTED: Readonly<Record<string, string>> = {
  auths: 'must be an object with an entry for each registry',
  credHelpers: 'must be an object with a name for each registry',
  credsStore: 'must be a name',
};

/**
 * Reads a file of credentials; undefined when there is none.
 * @throws OciError INVALID_DOCUMENT naming the part, never its value; FILE_NOT_READABLE; LIMIT_EXCEEDED
 */
export async function readCredentialFile(path: string): Promise<CredentialFile | undefined> {
  const text = await readSmallFile(path);
  return text === undefined ? undefined : parseCredentialFile(text, path);
}

/**
 * Reads the text of such a file.
 * @param path of the file, or another name for where the text is from, for messages
 * @throws OciError INVALID_DOCUMENT naming the part, never its value
 */
export function parseCredentialFile(text: string, path: string): CredentialFile {
  // Docker makes an empty file where it only wants one to be there.
  const parsed = fileSchema.safeParse(text.trim() === '' ? {} : parseJson(text, path));
  if (!parsed.success) {
    const parts = new Set(parsed.error.issues.map(({ path: [part = ''] }) => String(part)));
    throw invalidFile(
      path,
      [...parts].map((part) => ({ path: part, message: ACCEPTED[part] ?? 'must be an object' })),
    );
  }
  const { auths, credHelpers, credsStore } = parsed.data;
  return { auths: auths ?? {}, credHelpers: credHelpers ?? {}, credsStore: credsStore || undefined };
}

/**
 * The JSON in a text that may hold secrets: the parser's own message quotes what it stumbled over, so it is not repeated.
 * @throws OciError INVALID_DOCUMENT with the line
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const line = / \(line (\d+) /.exec(error instanceof Error ? error.message : '')?.[1];
    throw invalidFile(file, [{ path: '', message: 'is not JSON', ...(line !== undefined && { line: Number(line) }) }]);
  }
}

/** The error for a credential file that is not what it should be, named by its first problem. */
export function invalidFile(file: string, problems: readonly DocumentProblem[]): OciError<'INVALID_DOCUMENT'> {
  const [first] = problems;
  const part = first === undefined || first.path === '' ? 'it' : first.path;
  return new OciError('INVALID_DOCUMENT', `${file}: ${part} ${first?.message ?? 'is not valid'}`, { file, problems });
}

/**
 * A small file as text; undefined when it is not there.
 * @throws OciError FILE_NOT_READABLE, LIMIT_EXCEEDED
 */
export async function readSmallFile(path: string): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, READ_AT_ONCE);
    const status = await file.stat();
    if (!status.isFile()) throw notReadable(path, 'it is not a file');
    if (status.size > MAX_SIZE) {
      const details = { what: `bytes of ${path}`, limit: MAX_SIZE };
      throw new OciError('LIMIT_EXCEEDED', `${path} is larger than ${MAX_SIZE} bytes`, details);
    }
    return await file.readFile('utf8');
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw notReadable(path, error.code === 'EACCES' ? 'you have no right to read it' : error.message, error);
  } finally {
    await file?.close();
  }
}

function notReadable(path: string, reason: string, cause?: unknown): OciError<'FILE_NOT_READABLE'> {
  return new OciError('FILE_NOT_READABLE', `cannot read ${path}: ${reason}`, { path, reason }, { cause });
}
