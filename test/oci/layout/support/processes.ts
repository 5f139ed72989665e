import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';

/** A process of ours that works on a layout and says on a line of stdout what it has done. */
export interface Worker {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  readonly lines: Interface;
  /** What it has said so far. */
  readonly said: readonly string[];
  /** Exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts a program of this folder. It is killed at the end of the test if it still runs. */
export function startWorker(program: string, ...args: readonly string[]): Worker {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  const lines = createInterface(child.stdout).on('line', (line) => said.push(line));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, lines, said, ended };
}
