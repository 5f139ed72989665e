import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder that `npm run build` writes. */
export const dist = resolve(import.meta.dirname, '../../../dist');

export interface ProcessResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface BinaryOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The built file; default that of {@link dist}. */
  readonly file?: string;
}

/**
 * Runs the built command line as a process of its own, with no environment but the one given. Without FLOE_OCI_CACHE_DIR
 * there, it has a cache of its own, which goes with it.
 */
export async function runBinary(
  argv: readonly string[],
  { cwd, env = {}, file }: BinaryOptions,
): Promise<ProcessResult> {
  const ownCache = join(tmpdir(), `floe-oci-test-cache-${randomUUID()}`);
  const environment = { PATH: process.env['PATH'] ?? '', FLOE_OCI_CACHE_DIR: ownCache, ...env };
  try {
    return await runProgram(process.execPath, [file ?? builtFile(), ...argv], cwd, environment);
  } finally {
    await rm(ownCache, { recursive: true, force: true });
  }
}

/** Starts it without a cache, for tests that look at a process while it runs. */
export function startBinary(argv: readonly string[], cwd: string): ReturnType<typeof spawn> {
  return spawn(process.execPath, [builtFile(), ...argv, '--no-cache'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

export function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ProcessResult> {
  return new Promise((done, reject) => {
    execFile(program, args, { cwd, env: { ...env }, encoding: 'buffer' }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'string') return reject(error);
      done({ code: code ?? null, stdout, stderr: stderr.toString('utf8') });
    });
  });
}

export function builtFile(): string {
  const file = join(dist, 'cli.js');
  if (!existsSync(file)) throw new Error(`There is no ${file}: run "npm run build" first.`);
  return file;
}
