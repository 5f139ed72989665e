import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import prettyBytes from 'pretty-bytes';

/** What is built: the folder that is published, and the package for editors. */
export interface Built {
  /** `dist/`. */
  readonly dist: string;
  readonly vsix: string;
}

/** What people download and what is loaded, as a table. */
export async function sizesOf({ dist, vsix }: Built): Promise<string> {
  const rows: readonly (readonly [string, number])[] = [
    ['VSIX', await sizeOf(vsix)],
    ['`dist/extension.js`, loaded when the extension activates', await sizeOf(path.join(dist, 'extension.js'))],
    ['`dist/cli.js`, loaded by every command', await sizeOf(path.join(dist, 'cli.js'))],
    ['all of `dist/`', await sizeOf(dist)],
  ];
  const lines = rows.map(([name, size]) => `| ${name} | ${prettyBytes(size, { binary: true })} |`);
  return ['## Sizes', '', '|  |  |', '| --- | ---: |', ...lines, ''].join('\n');
}

/** Bytes of a file, or of all files in a folder. */
export async function sizeOf(where: string): Promise<number> {
  const found = await stat(where);
  if (found.isFile()) return found.size;
  const entries = await readdir(where, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(path.join(parentPath, name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
