import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { cache, PlainError, runQuietly, say } from '../lib/terminal.mjs';
import type { PinnedPackage } from './releases.ts';

const packed = z.array(z.object({ filename: z.string(), integrity: z.string() })).check(z.length(1));

/**
 * Unpacks one npm package, without its dependencies and without running its scripts, and gives the folder.
 * `prepare` finishes the folder before it gets its final name, so that a half-made one is never taken for a whole.
 *
 * @throws {PlainError} when npm cannot deliver it or its bytes are not the pinned ones
 */
export async function fetchPackage(
  { name, version, integrity }: PinnedPackage,
  prepare: (folder: string) => Promise<void> = async () => {},
): Promise<string> {
  const folder = path.join(cache, `${name}-${version}`);
  if (await exists(folder)) return folder;
  say(`Setup: downloading ${name} ${version} from npm …`);
  const work = `${folder}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const [tarball] = packed.parse(
      JSON.parse(await runQuietly('npm', ['pack', `${name}@${version}`, '--json'], { cwd: work })),
    );
    if (tarball?.integrity !== integrity) {
      throw new PlainError(`npm delivered ${name}@${version} with integrity ${tarball?.integrity}, not ${integrity}.`);
    }
    await runQuietly('tar', ['-xzf', tarball.filename, '--strip-components=1'], { cwd: work });
    await rm(path.join(work, tarball.filename));
    await prepare(work);
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

async function exists(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined)) !== undefined;
}
