import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const exclude = ['test/e2e/**', 'test/interop/**', 'test/bench/**'];
/** Those that replace modules: who has loaded such a module before keeps the real one, who does later gets the other. */
const replacing = globSync('test/**/*.test.ts', { cwd: import.meta.dirname, exclude }).filter((file) =>
  /^vi\.mock\(/m.test(readFileSync(new URL(file, import.meta.url), 'utf8')),
);

export default defineConfig({
  // There is no such package outside the editor.
  resolve: { alias: { vscode: new URL('./test/support/vscode.ts', import.meta.url).pathname } },
  define: { FLOE_OCI_VERSION: '"0.0.0-test"' },
  test: {
    projects: [
      // To start a process and to load what is tested took three times as long as the tests themselves.
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...replacing],
          isolate: false,
          setupFiles: 'test/support/leaveNoTrace.ts',
        },
      },
      { extends: true, test: { name: 'alone', include: replacing } },
    ],
    // Many wait for processes, timers and answers: with one a core, cores wait too.
    maxWorkers: '150%',
    testTimeout: 20_000,
    // What many tests share is made once: a build, a package.
    hookTimeout: 60_000,
    // `npm run coverage`: of what needs no editor, and each part for itself.
    coverage: {
      provider: 'v8',
      include: ['src/oci/**', 'src/floe/**'],
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'coverage',
      thresholds: Object.fromEntries(['src/oci/**', 'src/floe/**'].map((part) => [part, { lines: 90, branches: 90 }])),
    },
  },
});
