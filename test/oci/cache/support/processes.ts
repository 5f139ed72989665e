import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, onTestFinished } from 'vitest';

/** A process that pulls through a cache. */
export interface Puller {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  /** What it has said so far. */
  readonly said: readonly string[];
  /** Exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface PullerOptions {
  readonly path: string;
  readonly host: string;
  readonly tags: readonly string[];
  /** Bytes; default no limit. */
  readonly maxSizeBytes?: number;
  /** KiB that a file may have, as on a disk that is full from there on. Default no limit. */
  readonly maxFileKiB?: number;
  /** Whether to be nobody, when we are somebody who may do everything. */
  readonly isNobody?: boolean;
}

/** So that a hundred processes do not compile the same hundred files. */
const compiled = mkdtempSync(join(tmpdir(), 'floe-oci-compiled-'));
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

/** Starts `pullThrough.ts`. It is killed at the end of the test if it still runs. */
export function startPuller(options: PullerOptions): Puller {
  const { path, host, tags, maxSizeBytes = Number.POSITIVE_INFINITY, maxFileKiB, isNobody = false } = options;
  const program = join(import.meta.dirname, 'pullThrough.ts');
  const command = [process.execPath, program, path, host, String(maxSizeBytes), ...tags];
  const limited =
    maxFileKiB === undefined ? command : ['bash', '-c', `ulimit -f ${maxFileKiB}; exec "$@"`, '-', ...command];
  const [file = '', ...args] = limited;
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, ...(isNobody && { BE_NOBODY: '1' }) },
  });
  const said: string[] = [];
  createInterface(child.stdout).on('line', (line) => said.push(line));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, said, ended };
}
