import { defineConfig } from 'vitest/config';

export default defineConfig({
  // There is no such package outside the editor.
  resolve: { alias: { vscode: new URL('./test/support/vscode.ts', import.meta.url).pathname } },
  define: { FLOE_OCI_VERSION: '"0.0.0-test"' },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/interop/**', 'test/bench/**'],
    // Many wait for processes, timers and answers: with one a core, cores wait too.
    maxWorkers: '150%',
    testTimeout: 20_000,
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
