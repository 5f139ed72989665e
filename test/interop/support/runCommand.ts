import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Command } from '../../support/clients/index.ts';

/** Longer than any step takes: a client that tries again for ever ends here. */
const LIMIT_MS = 60_000;
/** More than any manifest or list that is printed. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs a client to its end, with a home of its own, and gives what it printed.
 *
 * @throws Error with the end of what it said
 */
export function runCommand({ program, args, cwd }: Command, home: string): Promise<Buffer> {
  const env = { PATH: process.env['PATH'], HOME: home, DOCKER_CONFIG: home };
  const options = { cwd: cwd ?? home, env, timeout: LIMIT_MS, maxBuffer: MAX_OUTPUT, encoding: 'buffer' } as const;
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      reject(new Error(lastLine(`${stdout}\n${stderr}`) || error.message));
    });
  });
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.findLast((line) => /error|fatal|failed/i.test(line)) ?? lines.at(-1) ?? '').trim();
}

/** A folder of this test's own, gone when the test ends. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'floe-oci-interop-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** One more folder in it. */
export function folderIn(parent: string, name: string): string {
  const path = join(parent, name);
  mkdirSync(path);
  return path;
}
