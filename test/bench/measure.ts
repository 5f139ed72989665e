import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../support/clients/index.ts';

/** What one run of a program took. */
export interface Sample {
  /** From before it is started until its output is closed. */
  readonly seconds: number;
  /** Of the processor, in the program and in the system for it. */
  readonly cpuSeconds: number;
  /** Largest resident memory of one of its processes, in bytes. */
  readonly peakBytes: number;
}

/** Lines to keep of what a failing program said. */
const SHOWN_LINES = 12;

/**
 * Runs a program to its end as users do, in a home of its own, and takes its time and memory from the operating system
 * (Debian's `time`).
 *
 * @throws Error with the program's own words when it fails
 */
export async function measure({ program, args, cwd }: Command): Promise<Sample> {
  // One for all runs: what a program keeps there, it has at home too.
  const home = join(tmpdir(), 'home');
  await mkdir(home, { recursive: true });
  const report = join(tmpdir(), 'time');
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    TMPDIR: tmpdir(),
    // oras and crane read Docker's file; there is none.
    DOCKER_CONFIG: home,
  };
  const began = performance.now();
  const child = spawn('time', ['--quiet', '--format', '%U %S %M', '--output', report, program, ...args], {
    cwd: cwd ?? home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) {
    const lines = said.trim().split('\n').slice(-SHOWN_LINES).join('\n');
    throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${lines}`);
  }
  const [user = 0, system = 0, kibibytes = 0] = (await readFile(report, 'utf8')).trim().split(' ').map(Number);
  return { seconds, cpuSeconds: user + system, peakBytes: kibibytes * 1024 };
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** Three digits of it: `1.23 s`, `456 ms`, `7.8 ms`. */
export function formatDuration(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
}
