import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { dist } from '../cli/support/binary.ts';

interface Output {
  readonly bytes: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}

let files: readonly Output[];

/** All files that VS Code loads before it calls `activate`. */
beforeAll(async () => {
  const { outputs } = JSON.parse(await readFile(join(dist, 'extension.meta.json'), 'utf8')) as {
    readonly outputs: Readonly<Record<string, Output>>;
  };
  // Grows while it is walked.
  const names = new Set(['dist/extension.js']);
  for (const name of names) {
    for (const { path, kind, external } of outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) names.add(path);
    }
  }
  files = [...names].flatMap((name) => outputs[name] ?? []);
});

it('activating loads at most 60 KiB, and few files', () => {
  expect(files.length).toBeGreaterThan(0);
  expect(files.length).toBeLessThanOrEqual(10);
  expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(60 * 1024);
});

it('activating loads nothing of the core, of floe but the names of tags, and no dependency', () => {
  const modules = files.flatMap(({ inputs }) => Object.keys(inputs));
  expect(modules).toContain('src/extension.ts');
  expect(modules.filter((module) => /^node_modules\/|^src\/(oci|cli)\//.test(module))).toEqual([]);
  expect(modules.filter((module) => module.startsWith('src/floe/'))).toEqual(['src/floe/tagPatterns.ts']);
});

it('activating opens no file, no connection and no process', () => {
  const builtins = files
    .flatMap(({ imports }) => imports.map(({ path }) => path))
    .filter((path) => /^node:/.test(path));
  expect(new Set(builtins)).toEqual(new Set(['node:path']));
});
