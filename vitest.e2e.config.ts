import { defineConfig } from 'vitest/config';
import { newestEditor, oldestEditor } from './scripts/editor/releases.ts';

/** Every scenario runs in the oldest VS Code we support and in the newest we have tried, two windows at a time. */
export default defineConfig({
  test: {
    // Each takes about one core, and a window that waits for its turn loses clicks.
    maxWorkers: 2,
    projects: [newestEditor, oldestEditor].map((version) => ({
      test: {
        name: `VS Code ${version}`,
        include: ['test/e2e/**/*.test.ts'],
        globalSetup: 'test/e2e/support/globalSetup.ts',
        provide: { editorVersion: version },
        // A step waits at most 30 s, a test has several.
        testTimeout: 120_000,
        hookTimeout: 120_000,
      },
    })),
  },
});
