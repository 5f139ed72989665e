import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { PlainError, root, say } from '../lib/terminal.mjs';

const document = 'samples/ticket-sales/target/compiled_artifacts.json';
/** Relative to the checkout, as a person would type it. */
const work = '.cache/main-job';
const store = `layout:${work}/artifacts`;
const pulled = `${work}/compiled_artifacts.json`;
const tag = 'v1.2.0';

/**
 * Pushes, lists, inspects and pulls the sample with the built command line, showing each command, what it prints and
 * how long it took.
 *
 * @throws {PlainError} when a command fails or the file that comes back differs
 */
export async function runMainJob(): Promise<void> {
  say('\nThe main job, on an image layout folder: no server, no configuration\n');
  await rm(path.join(root, work), { recursive: true, force: true });
  await floeOci('push', '-a', document, '-r', store, '-t', tag);
  await floeOci('list', store);
  await floeOci('inspect', `${store}:${tag}`);
  await floeOci('pull', '-r', store, '-t', tag, '-o', pulled);
  const [before, after] = await Promise.all([document, pulled].map((file) => readFile(path.join(root, file))));
  if (before === undefined || after === undefined || !before.equals(after)) {
    throw new PlainError(`${pulled} is not the same as ${document}.`);
  }
  say(`${pulled} is the same, byte for byte, as ${document} (${before.length} bytes).\n`);
}

async function floeOci(...args: string[]): Promise<void> {
  say(`$ floe-oci ${args.join(' ')}`);
  const began = performance.now();
  const child = spawn(process.execPath, ['dist/cli.js', ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new PlainError(`"floe-oci ${args[0]}" failed (exit ${code}).`);
  say(`  ${Math.round(performance.now() - began)} ms\n`);
}
