/**
 * Builds dist/: the extension, the command line and the library, with the chunks they load on first use; schemas/, for
 * editors; and NOTICE and a bill of materials for what of others is in it.
 *
 *     node esbuild.mjs [--production]
 *
 * `--production` minifies and leaves source maps out.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import {
  builtinsAtFirstUse,
  commonJsNames,
  keepProcessUntouched,
  leastOfUndici,
  leaveOutNames,
} from './scripts/build/bundling.mjs';
import { noticeOf } from './scripts/build/notice.mjs';
import { partsOf } from './scripts/build/parts.mjs';
import { sbomOf } from './scripts/build/sbom.mjs';
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
  { name: 'chunks/layoutWorker', entry: 'src/views/overview/layoutWorker.ts' },
  // The page of an overview, with its style beside it.
  { name: 'overview', entry: 'src/views/overview/page/page.ts', platform: 'browser', format: 'iife', target: 'es2023' },
  {
    name: 'cli-chunks/wholeProgram',
    entry: 'src/cli/wholeProgram.ts',
    ...whole,
    plugins: [...whole.plugins, builtinsAtFirstUse],
    chunkNames: 'cli-chunks/[name]-[hash]',
  },
  { name: 'cli', entry: 'src/cli/main.ts', plugins: [leaveRest, builtinsAtFirstUse] },
  // Whoever uses it has zod, which its types are made with.
  { name: 'index', entry: 'src/index.ts', ...whole, chunkNames: 'library-chunks/[name]-[hash]', external: ['zod'] },
  // All of the command line in one file, to be put into a pod as it is: modules in it run when they are asked for.
  {
    name: 'floe-oci',
    entry: 'src/cli/main.ts',
    ...whole,
    splitting: false,
    outExtension: { '.js': '.mjs' },
    banner: { js: `#!/usr/bin/env node\n${commonJsNames}` },
    plugins: [...whole.plugins, builtinsAtFirstUse],
  },
  // The registry of our tests, for the tests of others: imported, or a program.
  {
    name: 'test-registry',
    entry: 'test/support/registry/kit/main.ts',
    outExtension: { '.js': '.mjs' },
    banner: { js: '#!/usr/bin/env node' },
  },
];

const metafiles = [];

rmSync('dist', { recursive: true, force: true });
for (const { name, entry, ...options } of outputs) {
  const { metafile } = await build({ ...shared, ...options, entryPoints: { [name]: entry } });
  const files = Object.keys(metafile.outputs).filter((file) => file.endsWith('.js'));
  await Promise.all(files.map(leaveOutNames));
  metafiles.push(metafile);
  await writeFile(`dist/${name}.meta.json`, JSON.stringify(metafile));
  const [file] = Object.keys(metafile.outputs).filter((output) => output.startsWith(`dist/${name}.`));
  console.log(`${file} ${(metafile.outputs[file].bytes / 1024).toFixed(1)} KiB`);
}
await writeSchemas('schemas');
for (const program of ['floe-oci.mjs', 'test-registry.mjs']) await chmod(`dist/${program}`, 0o755);
if (production) {
  const compiler = 'node_modules/typescript/bin/tsc';
  execFileSync(process.execPath, [compiler, '-p', 'scripts/build/tsconfig.json']);
}

const parts = await partsOf(metafiles, '.');
await writeFile('NOTICE', await noticeOf(parts, '.'));
await writeFile('dist/floe-oci.cdx.json', await sbomOf(parts, '.'));
