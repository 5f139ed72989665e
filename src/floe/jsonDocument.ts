import { isUtf8 } from 'node:buffer';
import { type DocumentProblem, OciError } from '../oci/index.ts';
import { formatJsonPath } from './jsonPath.ts';
import { type JsonPath, JsonSyntaxError, scanJson } from './jsonScanner.ts';

/** Bytes of a document, and what messages call it: a file name or a reference. */
export interface DocumentFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A JSON object with the way back to its text. */
export interface JsonDocument {
  readonly value: Readonly<Record<string, unknown>>;
  /** 1-based lines of the values at the paths; undefined where there is none. One walk, however many are asked for. */
  linesOf(paths: readonly JsonPath[]): readonly (number | undefined)[];
}

/** Bytes. floe documents are below 1 MB; beyond this a document is a mistake, and checking it would stall an editor. */
export const MAX_DOCUMENT_SIZE = 16 * 1024 * 1024;
/** The contract nests 6 levels, dbt profiles and data contracts a few more. */
export const MAX_DEPTH = 128;
/** More problems help nobody. */
export const MAX_PROBLEMS = 100;

/**
 * Reads a JSON object strictly: UTF-8 without byte order mark, every member name once. What is accepted here, every JSON
 * reader understands alike.
 *
 * @throws OciError INVALID_DOCUMENT
 */
export function parseJsonDocument({ file, bytes }: DocumentFile): JsonDocument {
  const text = decode(file, bytes);
  const repeated: DocumentProblem[] = [];
  try {
    scanJson(text, MAX_DEPTH, {
      onDuplicateName: (path, offset) => {
        if (repeated.length >= MAX_PROBLEMS) return;
        repeated.push({ path: formatJsonPath(path), message: 'is there twice', line: lineAt(text, offset) });
      },
    });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw invalidDocument(file, [{ path: '', message: error.message, line: lineAt(text, error.offset) }], error);
  }
  if (repeated.length > 0) throw invalidDocument(file, repeated);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidDocument(file, [{ path: '', message: 'is not a JSON object', line: 1 }]);
  }
  return { value: value as Record<string, unknown>, linesOf: (paths) => linesOf(text, paths) };
}

/** One error for all problems of a document; its message quotes the first. */
export function invalidDocument(
  file: string,
  problems: readonly DocumentProblem[],
  cause?: unknown,
): OciError<'INVALID_DOCUMENT'> {
  const first = problems[0];
  const place = first?.line === undefined ? file : `${file}:${first.line}`;
  const message = `${place}: ${first?.path || 'the document'} ${first?.message ?? 'is invalid'}`;
  return new OciError('INVALID_DOCUMENT', message, { file, problems }, { cause });
}

/** The end of a sentence about a document beyond {@link MAX_DOCUMENT_SIZE}. */
export const TOO_LARGE: string = `is larger than ${MAX_DOCUMENT_SIZE / 1024 / 1024} MiB, the most that is accepted`;

/** For who knows the size before the bytes. */
export function tooLargeDocument(file: string): OciError<'INVALID_DOCUMENT'> {
  return invalidDocument(file, [{ path: '', message: TOO_LARGE }]);
}

/** @throws OciError INVALID_DOCUMENT with the first line that is not UTF-8 */
export function checkUtf8({ file, bytes }: DocumentFile): void {
  if (isUtf8(bytes)) return;
  throw invalidDocument(file, [{ path: '', message: 'is not UTF-8', line: firstLineThatIsNotUtf8(bytes) }]);
}

function decode(file: string, bytes: Uint8Array): string {
  const fail = (message: string, line?: number): OciError<'INVALID_DOCUMENT'> =>
    invalidDocument(file, [{ path: '', message, ...(line === undefined ? {} : { line }) }]);
  if (bytes.length === 0) throw fail('is empty');
  if (bytes.length > MAX_DOCUMENT_SIZE) throw tooLargeDocument(file);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw fail('starts with a byte order mark; save it as UTF-8 without one', 1);
  }
  checkUtf8({ file, bytes });
  return new TextDecoder().decode(bytes);
}

/** A line feed byte is never part of a longer character, so that each line can be looked at alone. */
function firstLineThatIsNotUtf8(bytes: Uint8Array): number {
  for (let line = 1, start = 0; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

function linesOf(text: string, paths: readonly JsonPath[]): readonly (number | undefined)[] {
  const wanted = paths.map(formatJsonPath);
  const lines = new Map<string, number>();
  // Formatting every path of a large document takes longer than all the rest.
  const lastSteps = new Set(paths.map((path) => path.at(-1)));
  let line = 1;
  let counted = 0;
  const visit = (path: JsonPath, offset: number): void => {
    if (!lastSteps.has(path.at(-1))) return;
    line += countLineFeeds(text, counted, offset);
    counted = offset;
    lines.set(formatJsonPath(path), line);
  };
  scanJson(text, MAX_DEPTH, { onValue: visit });
  return wanted.map((path) => lines.get(path));
}

function lineAt(text: string, offset: number): number {
  return 1 + countLineFeeds(text, 0, offset);
}

function countLineFeeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
