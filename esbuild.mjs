/**
 * Builds dist/: the extension, the command line, and the chunks both load on first use; and schemas/, for editors.
 *
 *     node esbuild.mjs [--production]
 *
 * `--production` minifies and leaves source maps out.
 */
import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import {
  builtinsAtFirstUse,
  commonJsNames,
  keepProcessUntouched,
  leastOfUndici,
  leaveOutNames,
} from './scripts/build/bundling.mjs';
import { writeSchemas } from './scripts/build/schemas.mjs';

const production = process.argv.includes('--production');
const { version } = JSON.parse(await readFile('package.json', 'utf8'));

const shared = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  // The second: undici's own name for a bundle, which has one HTTP parser instead of two.
  define: { FLOE_OCI_VERSION: JSON.stringify(version), esbuildDetection: '1' },
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** What is loaded in pieces, and may hold dependencies. */
const whole = { splitting: true, banner: { js: commonJsNames }, plugins: [keepProcessUntouched, leastOfUndici] };

/** The command line begins in one small file, which loads the rest when it has to: see src/cli/pullHit.ts. */
const CLI_REST = './cli-chunks/wholeProgram.js';
const leaveRest = {
  name: 'leave-rest',
  setup({ onResolve }) {
    onResolve({ filter: /\/wholeProgram\.ts$/ }, () => ({ path: CLI_REST, external: true }));
  },
};

/** Each with chunks of its own, so that the extension is packed without the command line's. */
const outputs = [
  { name: 'extension', entry: 'src/extension.ts', ...whole, chunkNames: 'chunks/[name]-[hash]', external: ['vscode'] },
  {
    name: 'cli-chunks/wholeProgram',
    entry: 'src/cli/wholeProgram.ts',
    ...whole,
    plugins: [...whole.plugins, builtinsAtFirstUse],
    chunkNames: 'cli-chunks/[name]-[hash]',
  },
  { name: 'cli', entry: 'src/cli/main.ts', plugins: [leaveRest, builtinsAtFirstUse] },
];

rmSync('dist', { recursive: true, force: true });
for (const { name, entry, ...options } of outputs) {
  const { metafile } = await build({ ...shared, ...options, entryPoints: { [name]: entry } });
  const files = Object.keys(metafile.outputs).filter((file) => file.endsWith('.js'));
  await Promise.all(files.map(leaveOutNames));
  await writeFile(`dist/${name}.meta.json`, JSON.stringify(metafile));
  console.log(`dist/${name}.js ${(metafile.outputs[`dist/${name}.js`].bytes / 1024).toFixed(1)} KiB`);
}
await writeSchemas('schemas');
