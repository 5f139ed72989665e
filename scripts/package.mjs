// Builds the extension and packs it as a VSIX: `npm run package`, or as a module for start and test.
// As a whole: Node 20, which may begin but not pack, has no `globSync`.
import fs, { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, root, runQuietly, say } from './lib/terminal.mjs';
import { setUp } from './setup.mjs';

/** Builds `dist/` as it is published. */
export async function build() {
  await runQuietly(process.execPath, ['esbuild.mjs', '--production']);
}

/**
 * Packs `dist/` into a VSIX. With SOURCE_DATE_EPOCH in the environment the same content gives the same bytes.
 *
 * @param {string} file where it goes; an existing one is replaced
 * @param {readonly string[]} options more for vsce
 */
export async function pack(file, options = []) {
  mkdirSync(path.dirname(file), { recursive: true });
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const out = ['--out', path.resolve(file)];
  const args = ['package', '--no-dependencies', '--allow-missing-repository', ...out, ...options];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'floe-oci-package-'));
  try {
    copyListed(folder);
    // Zip entries carry local time, so the zone has to be the same everywhere.
    await runQuietly(process.execPath, [vsce, ...args], { cwd: folder, env: { ...process.env, TZ: 'UTC' } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What `.vscodeignore` lets through, and itself. Where the editors of the tests are, too, vsce takes ten seconds to say no
 * to each of their files.
 *
 * @param {string} folder
 */
function copyListed(folder) {
  const rules = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
  const listed = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  for (const name of ['.vscodeignore', ...fs.globSync(listed, { cwd: root })]) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await setUp({ script: import.meta.url });
    const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const file = `${name}-${version}.vsix`;
    await build();
    await pack(path.join(root, file));
    say(`${file}  ${Math.ceil(statSync(path.join(root, file)).size / 1024)} KiB`);
  });
}
