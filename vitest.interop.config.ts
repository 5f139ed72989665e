import { defineConfig } from 'vitest/config';

/** Other people's registries and clients; not part of `npm test`, because it builds them. */
export default defineConfig({
  define: { FLOE_OCI_VERSION: '"0.0.0-test"' },
  test: {
    include: ['test/interop/**/*.test.ts'],
    globalSetup: 'test/interop/support/globalSetup.ts',
    // Each starts registries and a process for every step.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
