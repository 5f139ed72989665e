import { defineConfig } from 'vitest/config';
import { newestEditor, oldestEditor } from './scripts/editor/releases.ts';

/** Every scenario runs in the oldest VS Code we support and in the newest we have tried, three windows at a time. */
export default defineConfig({
  test: {
    // Each keeps two thirds of a core busy: it waits for registries, processes and what VS Code puts off.
    maxWorkers: 3,
    projects: [newestEditor, oldestEditor].map((version) => ({
      test: {
        name: `VS Code ${version}`,
        include: ['test/e2e/**/*.test.ts'],
        // Files that a worker runs share its browser.
        isolate: false,
        globalSetup: 'test/e2e/support/globalSetup.ts',
        provide: { editorVersion: version },
        // A step waits at most 30 s, a test has several.
        testTimeout: 120_000,
        hookTimeout: 120_000,
      },
    })),
  },
});
