import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { commonJsNames, keepProcessUntouched } from '../../scripts/build/bundling.mjs';

const SDK = /node_modules\/(@aws-sdk|@aws|@smithy|@azure|google-auth-library|gaxios|gcp-metadata)\//;

it.each(['cli/main.ts', 'extension.ts'])(
  '%s is loaded without the SDK of any cloud, and can load all',
  async (entry) => {
    const { metafile } = await build({
      entryPoints: { entry: resolve(import.meta.dirname, '../../src', entry) },
      outdir: 'nowhere',
      write: false,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      external: ['vscode'],
      banner: { js: commonJsNames },
      define: { FLOE_OCI_VERSION: '"0.0.0-test"' },
      plugins: [keepProcessUntouched],
      metafile: true,
    });
    const loaded = new Set<string>();
    const load = (output: string, kinds: readonly string[]): void => {
      if (loaded.has(output)) return;
      loaded.add(output);
      for (const { path, kind, external } of metafile.outputs[output]?.imports ?? []) {
        if (external !== true && kinds.includes(kind)) load(path, kinds);
      }
    };
    const inputs = (): readonly string[] =>
      [...loaded].flatMap((output) => Object.keys(metafile.outputs[output]?.inputs ?? {}));
    const start = Object.keys(metafile.outputs).find((output) => output.endsWith('nowhere/entry.js')) ?? '';
    load(start, ['import-statement']);
    expect(inputs().filter((input) => SDK.test(input))).toEqual([]);
    loaded.clear();
    load(start, ['import-statement', 'dynamic-import']);
    expect(inputs().filter((input) => SDK.test(input))).not.toEqual([]);
  },
);
