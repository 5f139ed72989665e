import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The folder of the checkout these scripts stand in. */
export const root = path.resolve(import.meta.dirname, '../..');

/** Where downloads and working files go; ignored by git, safe to delete. */
export const cache = path.join(root, '.cache');

/** An error whose message is all a person needs: entry points print it without a stack trace. */
export class PlainError extends Error {}

/** Prints one line about what is being done. @param {string} line */
export const say = (line) => console.log(line);

/**
 * Runs a program to its end and gives its exit code (128 when a signal ended it). Its output goes to this terminal.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 128));
  });
}

/**
 * Runs a program that is expected to succeed and to be quiet: its output is held back, and shown only when it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<string>} what it wrote to stdout
 * @throws {PlainError} naming the command, with the end of its output
 */
export function runQuietly(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let everything = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      everything += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      everything += text;
    });
    const command = `${path.basename(program)} ${args.join(' ')}`;
    child.once('error', (error) => reject(new PlainError(`Cannot run "${command}": ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new PlainError(`"${command}" failed (exit ${code}):\n${shorten(everything.trim())}`));
    });
  });
}

/** Both ends of a long output: npm says what is wrong first, compilers last. @param {string} text */
function shorten(text) {
  const half = 2000;
  return text.length <= 2 * half ? text : `${text.slice(0, half)}\n…\n${text.slice(-half)}`;
}

/**
 * Where a program is found on the PATH; undefined when it is not.
 *
 * @param {string} program
 * @returns {string | undefined}
 */
export function findProgram(program) {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {}
  }
  return undefined;
}

/**
 * Runs the body of an entry point: a PlainError ends the process with its sentence alone.
 *
 * @param {() => Promise<void>} body
 */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof PlainError ? `\nerror: ${error.message}` : error);
    process.exitCode = 1;
  }
}
