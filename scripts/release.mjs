// Builds once and puts what a release consists of into one folder: `node scripts/release.mjs FOLDER [--pre-release]`. With
// SOURCE_DATE_EPOCH in the environment, the same checkout gives the same bytes.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { main, PlainError, root, runQuietly, say } from './lib/terminal.mjs';
import { build, pack } from './package.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  const [folder, ...options] = process.argv.slice(2);
  if (folder === undefined || options.some((option) => option !== '--pre-release')) {
    throw new PlainError('Usage: node scripts/release.mjs FOLDER [--pre-release]');
  }
  await setUp({ script: import.meta.url });
  const to = path.resolve(folder);
  mkdirSync(to, { recursive: true });
  if (readdirSync(to).length > 0) throw new PlainError(`${folder} is not empty.`);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  await build();
  await pack(path.join(to, `floe-oci-${version}.vsix`), options);
  await runQuietly('npm', ['pack', '--ignore-scripts', '--pack-destination', to], { cwd: root });
  for (const file of ['dist/floe-oci.mjs', 'dist/floe-oci.cdx.json', 'NOTICE']) {
    copyFileSync(path.join(root, file), path.join(to, path.basename(file)));
  }
  const names = readdirSync(to).sort();
  const sums = names.map((name) => `${sha256(path.join(to, name))}  ${name}\n`);
  writeFileSync(path.join(to, 'SHA256SUMS'), sums.join(''));
  say(sums.join(''));
});

/** @param {string} file */
function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
