/**
 * Builds dist/: the extension, the command line, and the chunks both load on first use.
 *
 *     node esbuild.mjs [--production]
 *
 * `--production` minifies and leaves source maps out.
 */
import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { commonJsNames, keepProcessUntouched } from './scripts/build/bundling.mjs';

const production = process.argv.includes('--production');
const { version } = JSON.parse(await readFile('package.json', 'utf8'));

const shared = {
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  banner: { js: commonJsNames },
  define: { FLOE_OCI_VERSION: JSON.stringify(version) },
  plugins: [keepProcessUntouched],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** Each with chunks of its own, so that the extension is packed without the command line's. */
const outputs = [
  { name: 'extension', entry: 'src/extension.ts', chunks: 'chunks', external: ['vscode'] },
  { name: 'cli', entry: 'src/cli/main.ts', chunks: 'cli-chunks', external: [] },
];

rmSync('dist', { recursive: true, force: true });
for (const { name, entry, chunks, external } of outputs) {
  const { metafile } = await build({
    ...shared,
    entryPoints: { [name]: entry },
    chunkNames: `${chunks}/[name]-[hash]`,
    external,
  });
  await writeFile(`dist/${name}.meta.json`, JSON.stringify(metafile));
  console.log(`dist/${name}.js ${(metafile.outputs[`dist/${name}.js`].bytes / 1024).toFixed(1)} KiB`);
}
