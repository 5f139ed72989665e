import type { Writable } from 'node:stream';
import { OciError, visible, visibleJson } from '../oci/index.ts';
import type { CliIo } from './io.ts';

/** Whoever read our output has stopped reading, as `head` does. Nothing is wrong. */
export class OutputClosed extends Error {}

/**
 * Results, on stdout. Every method returns once the text has left.
 * @throws OutputClosed when nobody reads any more; OciError FILE_NOT_WRITABLE, as when the disk is full
 */
export interface Output {
  /** One line; characters that a terminal would act on are made visible. */
  line(text: string): Promise<void>;
  /** Columns as wide as their widest cell, two spaces apart. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): Promise<void>;
  /** The one document of `--json`. */
  json(value: unknown): Promise<void>;
  /** Exact bytes; on a terminal, as text of which the terminal acts on nothing but line breaks and tabs. */
  bytes(content: Uint8Array): Promise<void>;
}

/** Writes results to stdout; it is done when a write has reached it. */
export function createOutput(stdout: CliIo['stdout']): Output {
  return {
    line: (text) => write(stdout, `${visible(text)}\n`),
    table: (head, rows) => write(stdout, formatTable([head, ...rows.map((row) => row.map(visible))])),
    json: (value) => write(stdout, `${visibleJson(value, 2)}\n`),
    bytes: (content) => write(stdout, stdout.isTTY ? visibleText(content) : content),
  };
}

/** Resolves when the stream has taken the text: whoever ends the process after it loses nothing. */
export function write(stream: Writable, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => {
      if (error) reject(failure(error));
      else resolve();
    });
  });
}

const CLOSED = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'];

function failure(error: Error): Error {
  const code = 'code' in error ? String(error.code) : '';
  if (CLOSED.includes(code)) return new OutputClosed('nobody reads the output', { cause: error });
  const details = { path: 'standard output', reason: error.message };
  return new OciError('FILE_NOT_WRITABLE', `cannot write the output: ${error.message}`, details, { cause: error });
}

function visibleText(content: Uint8Array): string {
  return new TextDecoder().decode(content).replace(/[^\n\t]+/g, visible);
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
